// Deletes a run.

import { DomainError } from '../domain/errors.ts'
import type { Context } from './context.ts'
import { removeBackups } from './removeBackups.ts'

/**
 * @returns the number of its job
 * @throws DomainError NOT_FOUND
 */
export async function deleteBackup({ database }: Context, id: number): Promise<number> {
  const [jobId] = await database.writer.write((tables) => removeBackups(tables, [id]))
  if (jobId === undefined) throw new DomainError('NOT_FOUND', `There is no Backup:${id}.`)
  return jobId
}
