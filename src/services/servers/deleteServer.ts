// Deletes a server with its jobs and runs. It comes back, without them, when it reports again.

import { DomainError } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { removeInSteps } from '../runs/removeBackups.ts'

/**
 * Tokens that are bound to the server go with it.
 *
 * @returns how many runs it had
 * @throws DomainError NOT_FOUND
 */
export async function deleteServer(context: Context, id: number): Promise<number> {
  let before = {}
  const deletedBackups = await removeInSteps(context, {
    next: ({ backups }, limit) => backups.ofServer(id, limit),
    owner: ({ servers }) => {
      const removed = servers.remove(id)
      if (!removed) throw new DomainError('NOT_FOUND', `There is no Server:${id}.`)
      before = removed
    },
  })
  const target = `Server:${id}`
  logChange(context, { action: 'deleteServer', target, before: { ...before, backups: deletedBackups }, after: null })
  context.events.publish('changed', { kind: 'REMOVED', type: 'Server', key: id })
  return deletedBackups
}
