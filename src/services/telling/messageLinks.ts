// The links in a message: what they are, and what becomes of a job when somebody follows one.

import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import { troubleOf } from '../../domain/jobWatch.ts'
import {
  formatLink,
  hasLinks,
  type LinkAction,
  linkActions,
  linkLifeMs,
  linkSnoozeMs,
  type MessageLink,
  parseLink,
  signedText,
} from '../../domain/messages/messageLink.ts'
import type { MessageEvent } from '../../domain/messages/notification.ts'
import { linkAddress } from '../../domain/publicAddress.ts'
import type { OutgoingMessage } from '../../notify/channel.ts'
import type { Context } from '../context.ts'
import { acknowledging, snoozing } from '../jobs/attendJob.ts'
import { changeWatches, watchOf } from '../jobs/watchJobs.ts'

/** The links of a message; none where nobody said under which address people reach this server. */
export function linksOf(
  { config, secrets, log }: Context,
  { id, key, event }: { id: number; key: string; event: MessageEvent },
): OutgoingMessage['actions'] {
  const { publicUrl } = config
  if (publicUrl === null || !hasLinks(event)) return []
  try {
    return (Object.keys(linkActions) as LinkAction[]).map((action) => {
      const link = { notificationId: id, action }
      const signature = secrets.sign(signedText(link, key))
      const url = linkAddress(publicUrl, formatLink({ ...link, signature }))
      return { action, label: linkActions[action], url }
    })
  } catch (error) {
    // The message itself is more important.
    log.warn({ err: error, notification: id }, 'A message has no links to snooze and to acknowledge')
    return []
  }
}

/** What a link offers, and whether it can still be done. */
export interface LinkOffer {
  action: LinkAction
  /** The title of the message. */
  title: string
  /** The jobs that it would be done to, as `Photos on nas`; empty if there is nothing to do any more. */
  jobs: string[]
  state: 'OPEN' | 'DONE' | 'EXPIRED' | 'OVER'
}

/**
 * Changes nothing.
 *
 * @param text what stands in the address
 * @throws DomainError NOT_FOUND if it is no link of this server, or its message is gone
 */
export function readLink(context: Context, text: string): LinkOffer {
  return context.database.writer.read((tables) => offerOf(tables, context, text).offer)
}

/**
 * Does what the link offers, if it still can be done.
 *
 * @returns what was offered; done only if its state was OPEN
 * @throws DomainError NOT_FOUND as readLink; UNAVAILABLE if the database cannot be written now
 */
export async function followLink(context: Context, text: string): Promise<LinkOffer> {
  let found: LinkOffer | undefined
  const { action, notificationId } = linkIn(text)
  const caller = { ...context.caller, name: `a link in Notification:${notificationId}` }
  const change = action === 'acknowledge' ? acknowledging : snoozing(new Date(context.clock().getTime() + linkSnoozeMs))
  const select = (tables: Tables) => {
    const { offer, jobIds } = offerOf(tables, context, text)
    found = offer
    if (offer.state === 'OPEN') tables.notifications.noteLink(notificationId, action, context.clock())
    return offer.state === 'OPEN' ? jobIds : []
  }
  await changeWatches({ ...context, caller }, `${action}Job`, select, 'PAUSE', change)
  return found as LinkOffer
}

function offerOf(tables: Tables, { secrets, clock }: Context, text: string): { offer: LinkOffer; jobIds: number[] } {
  const link = linkIn(text)
  const { action, notificationId, signature } = link
  const message = tables.notifications.linked(notificationId)
  if (!message || !secrets.isSigned(signedText(link, message.key), signature)) throw unknownLink()
  const now = clock()
  const jobs = message.jobs.filter(({ jobId, event }) => {
    const watch = watchOf(tables, jobId)
    const trouble = troubleOf(watch, tables.jobs.memory(jobId))
    // Whoever was told of a failure does not know that the job is overdue by now.
    if (action === 'acknowledge') return trouble === event && watch.acknowledged !== event
    const until = now.getTime() + linkSnoozeMs
    return trouble !== null && (watch.snoozedUntil === null || watch.snoozedUntil.getTime() < until)
  })
  const isDone = (action === 'snooze' ? message.snoozedAt : message.acknowledgedAt) !== null
  const isExpired = now.getTime() - message.createdAt.getTime() > linkLifeMs
  const state = isDone ? 'DONE' : isExpired ? 'EXPIRED' : jobs.length === 0 ? 'OVER' : 'OPEN'
  const names = jobs.map(({ job, server }) => `${job} on ${server}`)
  return { offer: { action, title: message.title, jobs: names, state }, jobIds: jobs.map(({ jobId }) => jobId) }
}

function linkIn(text: string): MessageLink {
  const link = parseLink(text)
  if (!link) throw unknownLink()
  return link
}

function unknownLink() {
  return new DomainError('NOT_FOUND', 'This is no link of this server, or its message was removed.')
}
