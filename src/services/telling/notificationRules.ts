// Says what channels are told.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { badInput, DomainError } from '../../domain/errors.ts'
import { notificationEvents, type Repeat, type Rule, repeats } from '../../domain/messages/notification.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked, tag } from '../input.ts'

const ruleInput = z.object({
  tag: tag.nullable(),
  events: z.array(z.enum(notificationEvents, { error: 'must be an event of a job; setDigest sets a digest' })),
  repeat: z.enum(repeats),
})

/**
 * Says what a channel is told of a job, of the jobs of a tag or a server, or of everything, in place of what was said before.
 *
 * @returns the number of the rule
 * @throws DomainError BAD_USER_INPUT, NOT_FOUND
 */
export async function setNotificationRule(
  context: Context,
  { channelId, serverId, jobId, ...input }: Omit<Rule, 'events' | 'repeat'> & { events: unknown; repeat: unknown },
): Promise<number> {
  const [about, another] = Object.entries({ server: serverId, job: jobId, tag: input.tag }).filter(
    ([, one]) => one !== null,
  )
  if (about && another) {
    throw badInput('A rule applies to one of them', [
      { path: another[0], message: `must be left out if ${about[0]} is given` },
    ])
  }
  const given: Pick<Rule, 'tag' | 'events'> & { repeat: Repeat } = checked(ruleInput, input, 'The rule is not valid')
  const events = notificationEvents.filter((event) => given.events.includes(event))
  const { database, clock } = context
  const { id, ...change } = await database.writer.write(({ channels, jobs, servers }) => {
    if (!channels.find(channelId)) throw notFound(`Channel:${channelId}`)
    if (jobId !== null && jobs.serverOf(jobId) === undefined) throw notFound(`BackupJob:${jobId}`)
    if (serverId !== null && !servers.findEditable(serverId)) throw notFound(`Server:${serverId}`)
    const after = { channelId, serverId, jobId, tag: given.tag, events, repeat: given.repeat }
    const before = channels.rule(after) ?? null
    return { id: channels.setRule(after, clock()), before, after }
  })
  if (!isDeepStrictEqual(change.before, change.after)) {
    logChange(context, { action: 'setNotificationRule', target: `NotificationRule:${id}`, ...change })
    context.events.publish('changed', { kind: 'SETTINGS', type: 'NotificationRule', key: id })
  }
  return id
}

/** @throws DomainError NOT_FOUND */
export async function deleteNotificationRule(context: Context, id: number): Promise<void> {
  const before = await context.database.writer.write(({ channels }) => channels.removeRule(id))
  const target = `NotificationRule:${id}`
  if (!before) throw notFound(target)
  logChange(context, { action: 'deleteNotificationRule', target, before, after: null })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'NotificationRule', key: id })
}

function notFound(id: string) {
  return new DomainError('NOT_FOUND', `There is no ${id}.`)
}
