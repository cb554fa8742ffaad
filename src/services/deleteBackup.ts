// Deletes a run.

import { DomainError } from '../domain/errors.ts'
import type { Context } from './context.ts'
import { removeBackups } from './removeBackups.ts'

/** @throws DomainError NOT_FOUND */
export async function deleteBackup({ database }: Context, id: number): Promise<void> {
  const found = await database.writer.write((tables) => removeBackups(tables, [id]))
  if (!found) throw new DomainError('NOT_FOUND', `There is no Backup:${id}.`)
}
