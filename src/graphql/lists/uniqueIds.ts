// Lists of ids that a person gives: sets, and bounded.

import { badInput } from '../../domain/errors.ts'

const atMost = 100

/**
 * The ids, each once.
 *
 * @param path of the list within the arguments
 * @throws DomainError BAD_USER_INPUT if there are none, or more than 100
 */
export function uniqueIds(ids: readonly string[], path: string): string[] {
  const unique = [...new Set(ids)]
  if (unique.length > 0 && ids.length <= atMost) return unique
  throw badInput('The ids are not valid', [{ path, message: `must name 1 to ${atMost} ids` }])
}
