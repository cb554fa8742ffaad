// Takes in what Duplicati posts while a job runs. Whatever becomes of a post, the sender hears nothing of it; so it is counted.

import type { StatusPost } from '../../domain/running.ts'
import type { Context } from '../context.ts'
import { findOwner } from '../identity/identify.ts'
import type { Marks } from '../identity/proof.ts'

/**
 * Shows what a post tells, if its job is known. Nothing is written: no server and no job is made for it.
 *
 * @throws if the database cannot be read now
 */
export function takeStatus(
  { database, counters, running, caller }: Context,
  { post, ...marks }: Marks & { post: StatusPost },
): void {
  const owner = database.writer.read((tables) => findOwner(tables, marks))
  const isForbidden = owner !== null && caller.serverId !== null && caller.serverId !== owner.serverId
  const outcome = isForbidden ? 'refused' : owner ? 'taken' : 'unknown'
  counters.statusPosts.inc({ outcome })
  if (owner && !isForbidden) running.hear(owner, post)
}
