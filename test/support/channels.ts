// Makes channels and rules as the services do, beside a server that runs, and reads what became of messages.

import Database from 'better-sqlite3'
import { pino } from 'pino'
import { secretKey } from '../../src/database/file/secretKey.ts'
import { openWriter } from '../../src/database/writer.ts'
import { theServer } from '../../src/domain/access.ts'
import { type NotificationEvent, notificationEvents, type Repeat } from '../../src/domain/messages/notification.ts'
import { createEvents } from '../../src/events.ts'
import type { Context } from '../../src/services/context.ts'
import { createChannel, updateChannel } from '../../src/services/telling/channels.ts'
import { setNotificationRule } from '../../src/services/telling/notificationRules.ts'
import { retryNotification } from '../../src/services/telling/retryNotification.ts'

interface Wanted {
  events?: readonly NotificationEvent[]
  repeat?: Repeat
}

/** @returns the number of a channel that is told of every job */
export function makeChannel(file: string, kind: string, settings: object, wanted: Wanted = {}): Promise<number> {
  return withServices(file, async (context) => {
    const id = await createChannel(context, { name: kind }, { kind, values: settings, path: '' })
    const { events = notificationEvents, repeat = 'ONCE' } = wanted
    await setNotificationRule(context, { channelId: id, serverId: null, jobId: null, tag: null, events, repeat })
    return id
  })
}

export function switchChannel(file: string, id: number, enabled: boolean): Promise<void> {
  return withServices(file, (context) => updateChannel(context, id, { enabled }, null))
}

export function retry(file: string, notification: number): Promise<void> {
  return withServices(file, (context) => retryNotification(context, notification))
}

async function withServices<T>(file: string, work: (context: Context) => Promise<T>): Promise<T> {
  const writer = openWriter(file)
  try {
    const parts = {
      database: { writer },
      secrets: secretKey(file, null),
      clock: () => new Date('2026-08-01T12:00:00Z'),
      log: pino({ level: 'silent' }),
      caller: theServer,
      events: createEvents(0),
    }
    return await work(parts as unknown as Context)
  } finally {
    await writer.close()
  }
}

export interface OutboxRow {
  id: number
  key: string
  channelId: number
  job: string
  createdAt: number
  event: string
  status: string
  attempts: number
  nextAttemptAt: string | null
  answer: string | null
}

/** All messages there are, in their order; one about several jobs stands there once for each. */
export function outbox(file: string): OutboxRow[] {
  const database = new Database(file, { readonly: true })
  try {
    return database
      .prepare<[], OutboxRow>(`
        SELECT n.id, key, channel_id AS channelId, j.name AS job, m.created_at AS createdAt, m.event, status, attempts, answer,
          strftime('%Y-%m-%dT%H:%M:%SZ', next_attempt_at / 1000, 'unixepoch') AS nextAttemptAt
        FROM notifications n JOIN notification_jobs m ON m.notification_id = n.id JOIN backup_jobs j ON j.id = m.job_id
        ORDER BY n.id, m.rowid`)
      .all()
  } finally {
    database.close()
  }
}
