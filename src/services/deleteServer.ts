// Deletes a server with its jobs and runs. It comes back, without them, when it reports again.

import { DomainError } from '../domain/errors.ts'
import type { Context } from './context.ts'
import { removeInSteps } from './removeBackups.ts'

/**
 * @returns how many runs it had
 * @throws DomainError NOT_FOUND
 */
export function deleteServer(context: Context, id: number): Promise<number> {
  return removeInSteps(
    context,
    ({ backups }, limit) => backups.ofServer(id, limit),
    ({ servers }) => {
      if (!servers.remove(id)) throw new DomainError('NOT_FOUND', `There is no Server:${id}.`)
    },
  )
}
