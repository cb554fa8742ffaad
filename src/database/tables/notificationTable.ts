// The statements of the outbox: what waits to be told, and what became of it.

import { randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { longestWaitMs } from '../../domain/backoff.ts'
import type { Message, MessageEvent } from '../../domain/messages/notification.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

export interface NewNotification extends Message {
  channelId: number
  /** Null: it is a digest. */
  serverId: number | null
  jobId: number | null
  backupId: number | null
  event: MessageEvent
  reminder: boolean
  /** What it is about, as it is now. */
  subject: object | null
}

/** A notification on its way. */
export interface Outgoing {
  id: number
  key: string
  channelId: number
  /** The job that it is about now: jobs can be merged while it waits. Null: it is a digest. */
  jobId: number | null
  event: MessageEvent
  title: string
  message: string
  priority: Message['priority']
  tags: string[]
  subject: unknown
  createdAt: Date
  /** How often it was tried before. */
  attempts: number
}

const outgoing = rowCodec<Outgoing>('Notification', {
  id: 'plain',
  key: 'plain',
  channelId: 'plain',
  jobId: 'plain',
  event: 'plain',
  title: 'plain',
  message: 'plain',
  priority: 'plain',
  tags: json(),
  subject: json(),
  createdAt: 'plain',
  attempts: 'plain',
})

export function notificationTable(database: Database) {
  // One that comes behind others of its job waits as long as they do.
  const insert = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO notifications (key, channel_id, server_id, job_id, backup_id, event, reminder, title, message, priority, tags,
      subject, created_at, status, next_attempt_at)
    VALUES (:key, :channelId, :serverId, :jobId, :backupId, :event, :reminder, :title, :message, :priority, :tags, :subject,
      :now, 'PENDING', coalesce((
        SELECT max(next_attempt_at) FROM notifications
        WHERE status = 'PENDING' AND channel_id = :channelId AND job_id = :jobId AND next_attempt_at > :now AND next_attempt_at <> created_at), :now))`)
  // Each channel is sent one message at a time. What never failed waits for nothing, and nothing waits for more than a day: a clock
  // that was ahead meant another one.
  const idle = `
    FROM channels c WHERE NOT EXISTS (SELECT 1 FROM notifications WHERE status = 'SENDING' AND channel_id = c.id)`
  const ready = database
    .prepare<[{ now: number }], Stored[]>(`
      SELECT ${outgoing.columnsOf('n')}
      FROM (
        SELECT (
          SELECT id FROM notifications WHERE status = 'PENDING' AND channel_id = c.id
            AND (next_attempt_at <= :now OR next_attempt_at > :now + ${longestWaitMs} OR next_attempt_at = created_at)
          ORDER BY next_attempt_at, id LIMIT 1) AS id ${idle}
      ) AS head JOIN notifications n ON n.id = head.id ORDER BY n.id`)
    .raw()
  const nextAttemptAt = database
    .prepare<[], number | null>(`
      SELECT min((SELECT min(next_attempt_at) FROM notifications WHERE status = 'PENDING' AND channel_id = c.id)) ${idle}`)
    .pluck()
  const claim = database.prepare<[number]>(
    "UPDATE notifications SET status = 'SENDING', attempts = attempts + 1 WHERE id = ? AND status = 'PENDING'",
  )
  const finish = database.prepare<[Record<string, number | string | null>]>(
    "UPDATE notifications SET status = :status, answer = :answer, ended_at = :now, next_attempt_at = NULL WHERE id = :id AND status = 'SENDING'",
  )
  const postpone = database.prepare<[Record<string, number | string | null>]>(
    "UPDATE notifications SET status = 'PENDING', answer = :answer, next_attempt_at = :at WHERE id = :id AND status = 'SENDING'",
  )
  const postponeOthers = database.prepare<[{ id: number; at: number; all: number }]>(`
    UPDATE notifications SET next_attempt_at = :at
    WHERE status = 'PENDING' AND next_attempt_at < :at AND channel_id = (SELECT channel_id FROM notifications WHERE id = :id)
      AND (:all OR job_id = (SELECT job_id FROM notifications WHERE id = :id))`)
  const requeue = database.prepare<[]>(
    "UPDATE notifications SET status = 'PENDING', next_attempt_at = created_at WHERE status = 'SENDING'",
  )
  const revive = database.prepare<[number, number]>(
    "UPDATE notifications SET status = 'PENDING', attempts = 0, next_attempt_at = ?, ended_at = NULL WHERE id = ? AND status = 'DEAD'",
  )
  const drop = database.prepare<[{ channelId: number; answer: string; now: number }]>(`
    UPDATE notifications SET status = 'DEAD', answer = :answer, ended_at = :now, next_attempt_at = NULL
    WHERE status = 'PENDING' AND channel_id = :channelId`)
  const removeEnded = database.prepare<[number, number]>(`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE created_at < ? AND status IN ('SENT', 'DEAD') LIMIT ?)`)

  // A message that was tried waits since it was written; one that was not, since its time came. Messages are tried for a little more
  // than a day: what was delivered in the last hour was written in the last three days.
  const stuckChannels = database
    .prepare<[{ since: number }], string>(`
      SELECT c.name FROM channels c
      WHERE EXISTS (
        SELECT 1 FROM notifications WHERE channel_id = c.id AND status IN ('PENDING', 'SENDING')
          AND (CASE attempts WHEN 0 THEN next_attempt_at ELSE created_at END) <= :since)
      AND NOT EXISTS (
        SELECT 1 FROM notifications WHERE created_at > :since - ${3 * longestWaitMs} AND status = 'SENT' AND channel_id = c.id
          AND ended_at > :since)
      ORDER BY c.id`)
    .pluck()

  const followRuns = database.prepare<[{ ids: string; jobId: number; serverId: number }]>(`
    UPDATE notifications SET job_id = :jobId, server_id = :serverId WHERE backup_id IN (SELECT value FROM json_each(:ids))`)
  const moveToJob = database.prepare<[{ from: number; into: number; serverId: number }]>(
    'UPDATE notifications SET server_id = :serverId, job_id = :into WHERE job_id = :from',
  )

  return {
    insert: ({ subject, tags, reminder, ...rest }: NewNotification, now: Date): number =>
      Number(
        insert.run({
          ...rest,
          reminder: Number(reminder),
          tags: JSON.stringify(tags),
          subject: JSON.stringify(subject),
          key: randomUUID(),
          now: now.getTime(),
        }).lastInsertRowid,
      ),
    /** Of each channel that is not at work the notification whose time came first. Those of one job are in their order. */
    ready: (now: Date): Outgoing[] => ready.all({ now: now.getTime() }).map(outgoing.read),
    /** When the next one can be tried; null if none waits. */
    nextAttemptAt: (): Date | null => {
      const at = nextAttemptAt.get() ?? null
      return at === null ? null : new Date(at)
    },
    /** Takes it to be sent; false if it does not wait any more. */
    claim: (id: number): boolean => claim.run(id).changes > 0,
    finish: (id: number, status: 'SENT' | 'DEAD', answer: string, now: Date) =>
      void finish.run({ id, status, answer, now: now.getTime() }),
    /**
     * Lets it wait, and with it the later ones of its job.
     *
     * @param whole whether the far end wants to be left alone: then all wait that wait for the channel
     */
    postpone: (id: number, answer: string, at: Date, whole: boolean) => {
      postpone.run({ id, answer, at: at.getTime() })
      postponeOthers.run({ id, at: at.getTime(), all: Number(whole) })
    },
    /** Lets those wait again that were being sent when the server died: whether they arrived, nobody knows. */
    requeue: (): number => requeue.run().changes,
    /** The names of the channels for which messages have waited since then, while none was delivered. */
    stuckChannels: (since: Date): string[] => stuckChannels.all({ since: since.getTime() }),
    /** Lets one wait again that was given up; false if it was not. */
    revive: (id: number, now: Date): boolean => revive.run(now.getTime(), id).changes > 0,
    /** Gives up what waits for a channel. */
    drop: (channelId: number, answer: string, now: Date) => void drop.run({ channelId, answer, now: now.getTime() }),
    /** Removes at most `limit` that were made before `olderThan`, and were sent or given up; how many it were. */
    removeEnded: (olderThan: Date, limit: number): number => removeEnded.run(olderThan.getTime(), limit).changes,
    /** Moves those that tell of these runs. */
    followRuns: (ids: number[], jobId: number, serverId: number) =>
      void followRuns.run({ ids: JSON.stringify(ids), jobId, serverId }),
    moveToJob: (from: number, into: number, serverId: number) => void moveToJob.run({ from, into, serverId }),
  }
}
