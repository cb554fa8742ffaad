// Delivers what waits in the outbox: to each channel one message at a time, to all channels at once. The messages of a job keep their
// order; those of others pass one that could not be delivered.
//
// A message is marked as being sent, durably, before it is, and as sent after the far end has taken it. When the server dies in
// between, nobody knows whether it arrived: it is sent again, with the same key, by which the far end can tell.

import { setTimeout } from 'node:timers/promises'
import type { Outgoing } from '../../database/tables/notificationTable.ts'
import type { Tables } from '../../database/writer.ts'
import { nextAttempt } from '../../domain/backoff.ts'
import { jobPage, serverPage } from '../../domain/publicAddress.ts'
import { ChannelError, type OutgoingMessage } from '../../notify/channel.ts'
import type { Context } from '../context.ts'
import { linksOf } from './messageLinks.ts'
import { sendThrough } from './sendThrough.ts'

/** How long a far end may take, in milliseconds. */
const patienceMs = 15_000

const recordAgainMs = 1000

export interface Delivery {
  /** Begins to send whatever is ready, and does not wait for it: a far end that hangs keeps nobody else. */
  sendReady(): Promise<void>
  /** Sends whatever is ready, until nothing is. */
  sendAll(): Promise<void>
  /** Cuts short what is being sent; it is tried again by the next start. */
  stop(): Promise<void>
}

export function createDelivery(context: Context): Delivery {
  const { writer } = context.database
  const sending = new Set<Promise<void>>()
  const stopping = new AbortController()

  async function sendReady() {
    if (stopping.signal.aborted) return
    const now = context.clock()
    for (const { id } of writer.read(({ notifications }) => notifications.ready(now))) {
      const outgoing = await writer.write(({ notifications }) => notifications.claim(id))
      if (!outgoing) continue
      const work = send(outgoing)
        .catch((error) =>
          context.log.error(
            { err: error, notification: outgoing.id },
            'It is not known whether a message was delivered',
          ),
        )
        .finally(() => sending.delete(work))
      sending.add(work)
    }
  }

  async function send(outgoing: Outgoing) {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)])
    let answer: string
    try {
      const channel = writer.read(({ channels }) => channels.find(outgoing.channelId))
      if (!channel) return
      if (!channel.enabled) throw new ChannelError('The channel is switched off.', { permanent: true })
      answer = await sendThrough(context, channel, messageOf(context, outgoing), signal)
    } catch (error) {
      return postpone(outgoing, failureOf(error, outgoing))
    }
    await record(({ notifications }) => notifications.finish(outgoing.id, 'SENT', answer, context.clock()))
    context.counters.deliveries.inc({ outcome: 'sent' })
  }

  async function postpone(outgoing: Outgoing, error: ChannelError) {
    const attempts = outgoing.attempts + 1
    const now = context.clock()
    // A stop is no fault of the far end.
    const retryAt = stopping.signal.aborted
      ? now
      : error.permanent
        ? null
        : nextAttempt(attempts, now, error.retryAfterMs)
    await record(({ notifications }) =>
      retryAt
        ? notifications.postpone(outgoing.id, error.message, retryAt, error.retryAfterMs !== null)
        : notifications.finish(outgoing.id, 'DEAD', error.message, now),
    )
    context.counters.deliveries.inc({ outcome: retryAt ? 'postponed' : 'dead' })
    const about = { notification: outgoing.id, channel: outgoing.channelId, attempts, reason: error.message }
    if (retryAt) context.log.warn({ ...about, retryAt }, 'A message could not be delivered; it is tried again')
    else context.log.error(about, 'A message could not be delivered, and is given up')
  }

  /** A failure that nobody thought of must not keep a channel's other messages for ever. */
  function failureOf(thrown: unknown, { id }: Outgoing): ChannelError {
    if (thrown instanceof ChannelError) return thrown
    context.log.error({ err: thrown, notification: id }, 'A message could not be sent')
    return new ChannelError('The server failed to send it; its log says why.', { permanent: false })
  }

  /** Writes what became of a message, as soon as the database can be written: sent once more, it would arrive twice. */
  async function record(work: (tables: Tables) => void) {
    for (let tries = 1; ; tries++) {
      try {
        return await writer.write(work)
      } catch (error) {
        if (stopping.signal.aborted) throw error
        if (tries === 1)
          context.log.error(
            { err: error },
            'The result of a message could not be stored; it is tried again until it can',
          )
        await setTimeout(recordAgainMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  async function idle() {
    while (sending.size > 0) await Promise.all(sending)
  }

  async function sendAll() {
    while (
      !stopping.signal.aborted &&
      writer.read(({ notifications }) => notifications.ready(context.clock())).length > 0
    ) {
      await sendReady()
      await idle()
    }
  }

  return {
    sendReady,
    sendAll,
    stop: async () => {
      stopping.abort()
      await idle()
    },
  }
}

type Subject = OutgoingMessage['jobs'][number]

function pageOf(publicUrl: string | null, jobId: number | null, serverId: number | null): string | null {
  if (jobId !== null) return jobPage(publicUrl, jobId)
  return serverId === null ? publicUrl : serverPage(publicUrl, serverId)
}

function messageOf(context: Context, outgoing: Outgoing): OutgoingMessage {
  const { key, event, title, message, priority, tags, jobId, serverId, subject, createdAt } = outgoing
  const jobs = [subject as Subject | Subject[] | null]
    .flat()
    .flatMap((one) => (one ? [{ ...one, dueAt: one.dueAt && new Date(one.dueAt) }] : []))
  return {
    key,
    event,
    title,
    message,
    priority,
    tags,
    createdAt,
    link: pageOf(context.config.publicUrl, jobId, serverId),
    actions: linksOf(context, outgoing),
    job: jobs[0] ?? null,
    jobs,
  }
}
