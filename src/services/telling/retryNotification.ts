// Gives a message another chance.

import { DomainError } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'

/**
 * Lets a message that was given up be tried again.
 *
 * @throws DomainError NOT_FOUND if there is none like that
 */
export async function retryNotification(context: Context, id: number): Promise<void> {
  const { database, clock } = context
  const revived = await database.writer.write(({ notifications }) => notifications.revive(id, clock()))
  if (!revived) throw new DomainError('NOT_FOUND', `There is no Notification:${id} that was given up.`)
  const change = { before: { status: 'DEAD' }, after: { status: 'PENDING' } }
  logChange(context, { action: 'retryNotification', target: `Notification:${id}`, ...change })
}
