// Changes what a person says of a server.

import { z } from 'zod'
import { badInput, DomainError } from '../domain/errors.ts'
import type { Context } from './context.ts'

/** Blank is the same as cleared. */
const note = (max: number) =>
  z
    .string('must be text or null')
    .max(max, `must not exceed ${max} characters`)
    .transform((value) => value.trim() || null)
    .nullable()

const changes = z.strictObject(
  {
    alias: note(200).exactOptional(),
    notes: note(10_000).exactOptional(),
    url: note(2000)
      .pipe(z.url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' }).nullable())
      .exactOptional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? 'cannot be changed; only alias, notes and url can' : 'must be a JSON object',
  },
)

/**
 * Changes alias, notes and url of a server. What is left out stays as it is, null clears.
 *
 * @param input `{ alias, notes, url }`, not yet validated
 * @param ifUnmodifiedSince refuses if somebody changed the server after this moment
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT
 */
export async function updateServer(
  { database, clock }: Context,
  id: number,
  input: unknown,
  ifUnmodifiedSince: Date | null = null,
): Promise<void> {
  const result = changes.safeParse(input)
  if (!result.success) {
    throw badInput(
      'The server cannot be changed like this',
      result.error.issues.flatMap((issue) => {
        const paths = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')]
        return paths.map((path) => ({ path, message: issue.message }))
      }),
    )
  }
  await database.writer.write(({ servers }) => {
    const before = servers.findEditable(id)
    if (!before) throw new DomainError('NOT_FOUND', `There is no Server:${id}.`)
    if (ifUnmodifiedSince && before.updatedAt > ifUnmodifiedSince) {
      throw new DomainError('CONFLICT', `Server:${id} was changed at ${before.updatedAt.toISOString()}; read it again.`)
    }
    const { updatedAt, ...current } = before
    const after = { ...current, ...result.data }
    const changed = current.alias !== after.alias || current.notes !== after.notes || current.url !== after.url
    if (changed) servers.update(id, after, clock())
  })
}
