// The statements of the outbox: what waits to be told, and what became of it. Long because what keeps the messages of a job in their order
// is better read in one place.

import { randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { longestWaitMs } from '../../domain/backoff.ts'
import {
  gatheringMs,
  groupMessage,
  isToldTogether,
  type Member,
  maxTogether,
  worstEvent,
} from '../../domain/messages/groupMessage.ts'
import type { LinkAction } from '../../domain/messages/messageLink.ts'
import {
  type Message,
  type MessageEvent,
  type NotificationEvent,
  priorities,
} from '../../domain/messages/notification.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

/** A message about a job. */
export interface NewNotification extends Message {
  channelId: number
  serverId: number
  jobId: number
  backupId: number | null
  event: NotificationEvent
  reminder: boolean
  /** What it is about, as it is now. */
  subject: object
  /** How people call the server. */
  serverName: string
  /** Since when it waits to be told already, as while Duplicati was asked; null: since now. */
  waitedSince: Date | null
}

/** A message that waits for more jobs of its server. */
interface Gathering {
  id: number
  event: MessageEvent
  title: string
  message: string
  priority: Message['priority']
  tags: string
  subject: string
}

/** A notification on its way. */
export interface Outgoing {
  id: number
  key: string
  channelId: number
  /** The job that it is about now: jobs can be merged while it waits. Null: it is about several, or a digest. */
  jobId: number | null
  serverId: number | null
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

/** What links in a message are about. */
interface LinkedMessage {
  key: string
  title: string
  createdAt: Date
  /** When somebody did it by a link; null: nobody yet. */
  snoozedAt: number | null
  acknowledgedAt: number | null
  jobs: { jobId: number; event: MessageEvent; job: string; server: string }[]
}

/** As many as a template may have. */
const maxTags = 10

const outgoing = rowCodec<Outgoing>('Notification', {
  id: 'plain',
  key: 'plain',
  channelId: 'plain',
  jobId: 'plain',
  serverId: 'plain',
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
  const insert = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO notifications (key, channel_id, server_id, job_id, backup_id, event, reminder, title, message, priority, tags,
      subject, created_at, status, next_attempt_at, gathers_until)
    VALUES (:key, :channelId, :serverId, :jobId, :backupId, :event, :reminder, :title, :message, :priority, :tags, :subject,
      :now, 'PENDING', :at, :gathersUntil)`)
  const addMember = database.prepare<[Record<string, number | string | null>]>(`
    INSERT OR REPLACE INTO notification_jobs (notification_id, job_id, event, backup_id, title, message, created_at)
    VALUES (:id, :jobId, :event, :backupId, :title, :message, :now)`)
  /** Whether a message is about the job. */
  const isAbout = (job: string) =>
    `EXISTS (SELECT 1 FROM notification_jobs m WHERE m.notification_id = notifications.id AND m.job_id ${job})`
  const unsent = database
    .prepare<[{ channelId: number; jobId: number }], number>(`
      SELECT count(*) FROM notifications WHERE status IN ('PENDING', 'SENDING') AND channel_id = :channelId AND ${isAbout('= :jobId')}`)
    .pluck()
  // Not before what is ready already: it may be on its way. And what the far end asked to be left alone for goes on.
  const complete = database.prepare<[{ channelId: number; jobId: number; now: number }]>(`
    UPDATE notifications SET gathers_until = NULL,
      next_attempt_at = CASE next_attempt_at WHEN gathers_until THEN :now ELSE next_attempt_at END
    WHERE status = 'PENDING' AND channel_id = :channelId AND gathers_until IS NOT NULL AND ${isAbout('= :jobId')}`)
  // One that comes behind others of its job waits as long as they do.
  const behind = database
    .prepare<[{ channelId: number; jobId: number; now: number }], number | null>(`
      SELECT max(next_attempt_at) FROM notifications
      WHERE status = 'PENDING' AND channel_id = :channelId AND next_attempt_at > :now AND next_attempt_at <> created_at
        AND ${isAbout('= :jobId')}`)
    .pluck()
  const hasOthers = database
    .prepare<[{ serverId: number; jobId: number }], number>(
      'SELECT EXISTS (SELECT 1 FROM backup_jobs WHERE server_id = :serverId AND id <> :jobId AND NOT paused)',
    )
    .pluck()
  const gathering = database.prepare<[Record<string, number>], Gathering>(`
    SELECT id, event, title, message, priority, tags, subject FROM notifications
    WHERE status = 'PENDING' AND channel_id = :channelId AND server_id = :serverId AND reminder = :reminder AND attempts = 0
      AND gathers_until > :now AND created_at <= :now
      AND (SELECT count(*) FROM notification_jobs WHERE notification_id = notifications.id) < ${maxTogether}
    ORDER BY id DESC LIMIT 1`)
  const members = database.prepare<[number], { event: MessageEvent; title: string | null; message: string | null }>(
    'SELECT event, title, message FROM notification_jobs WHERE notification_id = ? ORDER BY created_at, rowid',
  )
  const keepOwnWords = database.prepare<[{ id: number; title: string; message: string }]>(
    'UPDATE notification_jobs SET title = :title, message = :message WHERE notification_id = :id AND title IS NULL',
  )
  const regroup = database.prepare<[Record<string, number | string>]>(`
    UPDATE notifications SET job_id = NULL, backup_id = NULL, event = :event, title = :title, message = :message, priority = :priority,
      tags = :tags, subject = :subject WHERE id = :id`)
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
            AND (next_attempt_at <= :now OR next_attempt_at > :now + ${longestWaitMs} OR next_attempt_at = created_at
              OR (gathers_until > :now + ${gatheringMs} AND attempts = 0))
          ORDER BY next_attempt_at, id LIMIT 1) AS id ${idle}
      ) AS head JOIN notifications n ON n.id = head.id ORDER BY n.id`)
    .raw()
  const nextAttemptAt = database
    .prepare<[], number | null>(`
      SELECT min((SELECT min(next_attempt_at) FROM notifications WHERE status = 'PENDING' AND channel_id = c.id)) ${idle}`)
    .pluck()
  const claim = database
    .prepare<[number], Stored[]>(`
      UPDATE notifications SET status = 'SENDING', attempts = attempts + 1, gathers_until = NULL WHERE id = ? AND status = 'PENDING'
      RETURNING ${outgoing.columns}`)
    .raw()
  const finish = database.prepare<[Record<string, number | string | null>]>(
    "UPDATE notifications SET status = :status, answer = :answer, ended_at = :now, next_attempt_at = NULL WHERE id = :id AND status = 'SENDING'",
  )
  const postpone = database.prepare<[Record<string, number | string | null>]>(
    "UPDATE notifications SET status = 'PENDING', answer = :answer, next_attempt_at = :at WHERE id = :id AND status = 'SENDING'",
  )
  const postponeOthers = database.prepare<[{ id: number; at: number; all: number }]>(`
    UPDATE notifications SET next_attempt_at = :at
    WHERE status = 'PENDING' AND next_attempt_at < :at AND channel_id = (SELECT channel_id FROM notifications WHERE id = :id)
      AND (:all OR ${isAbout('IN (SELECT job_id FROM notification_jobs WHERE notification_id = :id)')})`)
  const requeue = database.prepare<[]>(
    "UPDATE notifications SET status = 'PENDING', next_attempt_at = created_at WHERE status = 'SENDING'",
  )
  const revive = database.prepare<[number, number]>(
    "UPDATE notifications SET status = 'PENDING', attempts = 0, next_attempt_at = ?, ended_at = NULL WHERE id = ? AND status = 'DEAD'",
  )
  const drop = database.prepare<[{ channelId: number; answer: string; now: number }]>(`
    UPDATE notifications SET status = 'DEAD', answer = :answer, ended_at = :now, next_attempt_at = NULL
    WHERE status = 'PENDING' AND channel_id = :channelId`)
  const linked = database.prepare<[number], Omit<LinkedMessage, 'jobs' | 'createdAt'> & { createdAt: number }>(`
    SELECT key, title, created_at AS createdAt, snoozed_at AS snoozedAt, acknowledged_at AS acknowledgedAt
    FROM notifications WHERE id = ?`)
  const linkedJobs = database.prepare<[number], LinkedMessage['jobs'][number]>(`
    SELECT m.job_id AS jobId, m.event, coalesce(j.alias, j.name) AS job, coalesce(s.alias, s.name) AS server
    FROM notification_jobs m JOIN backup_jobs j ON j.id = m.job_id JOIN servers s ON s.id = j.server_id
    WHERE m.notification_id = ? ORDER BY m.created_at, m.rowid`)
  const noteLink = {
    snooze: database.prepare<[number, number]>('UPDATE notifications SET snoozed_at = ? WHERE id = ?'),
    acknowledge: database.prepare<[number, number]>('UPDATE notifications SET acknowledged_at = ? WHERE id = ?'),
  }
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
  const memberFollows = database.prepare<[{ ids: string; jobId: number }]>(
    'UPDATE OR REPLACE notification_jobs SET job_id = :jobId WHERE backup_id IN (SELECT value FROM json_each(:ids))',
  )
  const moveToJob = database.prepare<[{ from: number; into: number; serverId: number }]>(
    'UPDATE notifications SET server_id = :serverId, job_id = :into WHERE job_id = :from',
  )
  // One about several goes along to the server of the one that was moved last.
  const moveGroups = database.prepare<[{ from: number; serverId: number }]>(`
    UPDATE notifications SET server_id = :serverId
    WHERE job_id IS NULL AND id IN (SELECT notification_id FROM notification_jobs WHERE job_id = :from)`)
  const moveMember = database.prepare<[{ from: number; into: number }]>(
    'UPDATE OR REPLACE notification_jobs SET job_id = :into WHERE job_id = :from',
  )

  function store(
    row: Record<string, number | string | null>,
    { tags, subject }: { tags: string[]; subject: object | null },
  ) {
    const texts = { tags: JSON.stringify(tags), subject: JSON.stringify(subject) }
    return Number(insert.run({ ...row, ...texts, key: randomUUID() }).lastInsertRowid)
  }

  /** Makes one message of it and the one that gathers. */
  function join(into: Gathering, notification: NewNotification, now: Date) {
    const { jobId, event, backupId, title, message, priority, tags, subject, serverName } = notification
    keepOwnWords.run({ id: into.id, title: into.title, message: into.message })
    addMember.run({ id: into.id, jobId, event, backupId, title, message, now: now.getTime() })
    const all = members.all(into.id) as Member[]
    const worst = Math.max(...[into.priority, priority].map((one) => priorities.indexOf(one)))
    regroup.run({
      id: into.id,
      ...groupMessage(serverName, all),
      event: worstEvent(all.map((member) => member.event)),
      priority: priorities[worst] as string,
      tags: JSON.stringify([...new Set([...(JSON.parse(into.tags) as string[]), ...tags])].slice(0, maxTags)),
      subject: JSON.stringify([JSON.parse(into.subject), subject].flat()),
    })
    return into.id
  }

  return {
    /**
     * Writes a message about a job; its number. A trouble waits up to a minute for others of its server, and joins one that waits. What
     * is written later about a job of those ends the waiting: the messages about a job keep their order.
     */
    insert: (notification: NewNotification, now: Date): number => {
      const { subject, tags, serverName, waitedSince, ...rest } = notification
      const { channelId, serverId, jobId, event, backupId } = rest
      const at = now.getTime()
      const reminder = Number(rest.reminder)
      const isFirst = unsent.get({ channelId, jobId }) === 0
      if (!isFirst) complete.run({ channelId, jobId, now: at })
      const until = (waitedSince?.getTime() ?? at) + gatheringMs
      const gathers = until > at && isFirst && isToldTogether(event) && hasOthers.get({ serverId, jobId }) === 1
      const open = gathers ? gathering.get({ channelId, serverId, reminder, now: at }) : undefined
      if (open) return join(open, notification, now)
      const gathersUntil = gathers ? until : null
      const next = gathersUntil ?? (isFirst ? at : (behind.get({ channelId, jobId, now: at }) ?? at))
      const id = store({ ...rest, reminder, now: at, at: next, gathersUntil }, { tags, subject })
      addMember.run({ id, jobId, event, backupId, title: null, message: null, now: at })
      return id
    },
    /** Writes a message about all jobs together; its number. */
    insertDigest: (channelId: number, { tags, ...message }: Message, now: Date): number => {
      const nothing = { serverId: null, jobId: null, backupId: null, reminder: 0, gathersUntil: null }
      const at = now.getTime()
      return store({ ...message, ...nothing, channelId, event: 'DIGEST', now: at, at }, { tags, subject: null })
    },
    /** Of each channel that is not at work the notification whose time came first. Those of one job are in their order. */
    ready: (now: Date): Outgoing[] => ready.all({ now: now.getTime() }).map(outgoing.read),
    /** When the next one can be tried; null if none waits. */
    nextAttemptAt: (): Date | null => {
      const at = nextAttemptAt.get() ?? null
      return at === null ? null : new Date(at)
    },
    /** Takes it to be sent, as it is by then: it may have been joined. Undefined if it does not wait any more. */
    claim: (id: number): Outgoing | undefined => {
      const row = claim.get(id)
      // The tries before this one.
      return row && { ...outgoing.read(row), attempts: outgoing.read(row).attempts - 1 }
    },
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
    /** What a link in the message is about; undefined if there is no such message. */
    linked: (id: number): LinkedMessage | undefined => {
      const row = linked.get(id)
      return row && { ...row, createdAt: new Date(row.createdAt), jobs: linkedJobs.all(id) }
    },
    /** Notes that somebody did by a link what the message offers. */
    noteLink: (id: number, action: LinkAction, now: Date) => void noteLink[action].run(now.getTime(), id),
    /** Gives up what waits for a channel. */
    drop: (channelId: number, answer: string, now: Date) => void drop.run({ channelId, answer, now: now.getTime() }),
    /** Removes at most `limit` that were made before `olderThan`, and were sent or given up; how many it were. */
    removeEnded: (olderThan: Date, limit: number): number => removeEnded.run(olderThan.getTime(), limit).changes,
    /** Moves those that tell of these runs. */
    followRuns: (ids: number[], jobId: number, serverId: number) => {
      followRuns.run({ ids: JSON.stringify(ids), jobId, serverId })
      memberFollows.run({ ids: JSON.stringify(ids), jobId })
    },
    moveToJob: (from: number, into: number, serverId: number) => {
      moveToJob.run({ from, into, serverId })
      moveGroups.run({ from, serverId })
      moveMember.run({ from, into })
    },
  }
}
