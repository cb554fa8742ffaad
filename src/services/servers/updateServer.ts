// Changes what a person says of a server.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { changeable, checked, note, tagList, unmodified } from '../input.ts'

const changes = changeable({
  alias: note(200).exactOptional(),
  notes: note(10_000).exactOptional(),
  url: note(2000)
    .pipe(z.url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' }).nullable())
    .exactOptional(),
  tags: tagList.exactOptional(),
})

/**
 * Changes alias, notes, url and tags of a server. What is left out stays as it is, null clears.
 *
 * @param input `{ alias, notes, url, tags }`, not yet validated
 * @param ifUnmodifiedSince refuses if somebody changed the server after this moment
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT
 */
export async function updateServer(
  context: Context,
  id: number,
  input: unknown,
  ifUnmodifiedSince?: Date | null,
): Promise<void> {
  const { tags, ...given } = checked(changes, input, 'The server cannot be changed like this')
  const { database, events, clock } = context
  const change = await database.writer.write(({ servers, tags: { ofServers } }) => {
    const { updatedAt, ...before } = unmodified(servers.findEditable(id), `Server:${id}`, ifUnmodifiedSince)
    const after = { ...before, ...given }
    const tagging = tags && { before: { tags: ofServers.find(id) }, after: { tags } }
    if (isDeepStrictEqual([before, tagging?.before], [after, tagging?.after])) return null
    servers.update(id, after, clock())
    if (tags) ofServers.set(id, tags)
    return { before: { ...before, ...tagging?.before }, after: { ...after, ...tagging?.after } }
  })
  if (!change) return
  logChange(context, { action: 'updateServer', target: `Server:${id}`, ...change })
  events.publish('serverUpdated', { serverId: id })
}
