// Changes what a person says of a job.

import type { Context } from './context.ts'
import { checked, note, remarks, unmodified } from './remarks.ts'

const changes = remarks({ alias: note(200).exactOptional(), notes: note(10_000).exactOptional() })

/**
 * Changes alias and notes of a job. What is left out stays as it is, null clears.
 *
 * @param input `{ alias, notes }`, not yet validated
 * @param ifUnmodifiedSince refuses if somebody changed the job after this moment
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT
 */
export async function updateBackupJob(
  { database, clock }: Context,
  id: number,
  input: unknown,
  ifUnmodifiedSince?: Date | null,
): Promise<void> {
  const given = checked(changes, input, 'The job cannot be changed like this')
  await database.writer.write(({ jobs }) => {
    const { updatedAt, ...before } = unmodified(jobs.findEditable(id), `BackupJob:${id}`, ifUnmodifiedSince)
    const after = { ...before, ...given }
    if (before.alias !== after.alias || before.notes !== after.notes) jobs.update(id, after, clock())
  })
}
