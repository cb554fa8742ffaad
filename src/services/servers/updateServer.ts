// Changes what a person says of a server.

import { z } from 'zod'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { changeable, checked, note, unmodified } from '../input.ts'

const changes = changeable({
  alias: note(200).exactOptional(),
  notes: note(10_000).exactOptional(),
  url: note(2000)
    .pipe(z.url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' }).nullable())
    .exactOptional(),
})

/**
 * Changes alias, notes and url of a server. What is left out stays as it is, null clears.
 *
 * @param input `{ alias, notes, url }`, not yet validated
 * @param ifUnmodifiedSince refuses if somebody changed the server after this moment
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT
 */
export async function updateServer(
  context: Context,
  id: number,
  input: unknown,
  ifUnmodifiedSince?: Date | null,
): Promise<void> {
  const given = checked(changes, input, 'The server cannot be changed like this')
  const { database, events, clock } = context
  const change = await database.writer.write(({ servers }) => {
    const { updatedAt, ...before } = unmodified(servers.findEditable(id), `Server:${id}`, ifUnmodifiedSince)
    const after = { ...before, ...given }
    if (before.alias === after.alias && before.notes === after.notes && before.url === after.url) return null
    servers.update(id, after, clock())
    return { before, after }
  })
  if (!change) return
  logChange(context, { action: 'updateServer', target: `Server:${id}`, ...change })
  events.publish('serverUpdated', { serverId: id })
}
