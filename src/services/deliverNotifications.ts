// Delivers what waits in the outbox: to each channel its messages in their order, one at a time, to all channels at once.
//
// A message is marked as being sent, durably, before it is, and as sent after the far end has taken it. When the server dies in
// between, nobody knows whether it arrived: it is sent again, with the same key, by which the far end can tell.

import type { Outgoing } from '../database/notificationTable.ts'
import { nextAttempt } from '../domain/backoff.ts'
import { ChannelError, type OutgoingMessage } from '../notify/channel.ts'
import type { Context } from './context.ts'
import { sendThrough } from './sendThrough.ts'

/** How long a far end may take, in milliseconds. */
const patienceMs = 15_000

export interface Delivery {
  /** Begins to send whatever is ready, and does not wait for it: a far end that hangs keeps nobody else. */
  begin(): Promise<void>
  /** Sends whatever is ready, until nothing is. */
  drain(): Promise<void>
  /** Cuts short what is being sent; it is tried again by the next start. */
  stop(): Promise<void>
}

export function createDelivery(context: Context): Delivery {
  const { writer } = context.database
  const sending = new Set<Promise<void>>()
  const stopping = new AbortController()

  async function begin() {
    if (stopping.signal.aborted) return
    const now = context.clock()
    for (const outgoing of writer.read(({ notifications }) => notifications.ready(now))) {
      if (!(await writer.write(({ notifications }) => notifications.claim(outgoing.id)))) continue
      const work = send(outgoing)
        .catch((error) =>
          context.log.error({ err: error, notification: outgoing.id }, 'What became of it is not known'),
        )
        .finally(() => sending.delete(work))
      sending.add(work)
    }
  }

  async function send(outgoing: Outgoing) {
    const attempts = outgoing.attempts + 1
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)])
    try {
      const channel = writer.read(({ channels }) => channels.find(outgoing.channelId))
      if (!channel) return
      const answer = await sendThrough(context, channel, messageOf(outgoing), signal)
      await writer.write(({ notifications }) => notifications.finish(outgoing.id, 'SENT', answer, context.clock()))
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
      const now = context.clock()
      // A stop is no fault of the far end.
      const retryAt = stopping.signal.aborted
        ? now
        : error.permanent
          ? null
          : nextAttempt(attempts, now, error.retryAfterMs)
      await writer.write(({ notifications }) =>
        retryAt
          ? notifications.postpone(outgoing.id, error.message, retryAt)
          : notifications.finish(outgoing.id, 'DEAD', error.message, now),
      )
      const about = { notification: outgoing.id, channel: outgoing.channelId, attempts, reason: error.message }
      if (retryAt) context.log.warn({ ...about, retryAt }, 'A message could not be delivered; it is tried again')
      else context.log.error(about, 'A message could not be delivered, and is given up')
    }
  }

  async function idle() {
    while (sending.size > 0) await Promise.all(sending)
  }

  async function drain() {
    while (writer.read(({ notifications }) => notifications.ready(context.clock())).length > 0) {
      await begin()
      await idle()
    }
  }

  return {
    begin,
    drain,
    stop: async () => {
      stopping.abort()
      await idle()
    },
  }
}

function messageOf({ key, event, title, message, priority, tags, subject, createdAt }: Outgoing): OutgoingMessage {
  const job = subject as OutgoingMessage['job']
  return {
    key,
    event,
    title,
    message,
    priority,
    tags,
    createdAt,
    job: job && { ...job, dueAt: job.dueAt && new Date(job.dueAt) },
  }
}
