// The search in lists of what has a name and an alias.

import { badInput } from '../../domain/errors.ts'

/** SQLite matches no pattern of more than 50,000 bytes. No name is nearly as long. */
const maxLength = 1000

/**
 * What has the text in its name or alias, as it is; everything if it is left out or empty.
 *
 * @throws DomainError BAD_USER_INPUT if it is longer than 1,000 characters
 */
export function nameContains(text: string | null | undefined) {
  if (!text) return {}
  if (text.length > maxLength) {
    const message = `must have at most 1,000 characters, not ${text.length.toLocaleString('en')}`
    throw badInput('The search is too long', [{ path: 'filter.search', message }])
  }
  return { OR: [{ name: { contains: text } }, { alias: { contains: text } }] }
}
