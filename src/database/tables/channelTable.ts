// The statements that write channels, and the rules of what they are told.

import type { Database } from 'better-sqlite3'
import type { FittingRule, Rule } from '../../domain/messages/notification.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

export interface StoredChannel {
  id: number
  kind: string
  name: string
  enabled: boolean
  /** What its kind wants to know, without the secrets. */
  settings: Record<string, unknown>
  /** Its secrets, each encrypted. */
  secrets: Record<string, string>
  updatedAt: Date
}

const channels = rowCodec<Omit<StoredChannel, 'secrets'> & { secrets: StoredChannel['secrets'] | null }>('Channel', {
  id: 'plain',
  kind: 'plain',
  name: 'plain',
  enabled: 'plain',
  settings: json(),
  secrets: json(),
  updatedAt: 'plain',
})

/** Whose jobs a rule is about. */
type RuleScope = Pick<Rule, 'serverId' | 'jobId' | 'tag'>

const rules = rowCodec<Rule>('NotificationRule', {
  channelId: 'plain',
  serverId: 'plain',
  jobId: 'plain',
  tag: 'plain',
  events: json(),
  repeat: 'plain',
})

export function channelTable(database: Database) {
  const get = database.prepare<[number], Stored[]>(`SELECT ${channels.columns} FROM channels WHERE id = ?`).raw()
  const insert = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO channels (kind, name, settings, created_at, updated_at) VALUES (:kind, :name, '{}', :now, :now)`)
  const update = database.prepare<[Record<string, number | string | null>]>(`
    UPDATE channels SET name = :name, enabled = :enabled, settings = :settings, secrets = :secrets, updated_at = :now
    WHERE id = :id`)
  const remove = database.prepare<[number]>('DELETE FROM channels WHERE id = ?')
  const rulesFor = database
    .prepare<[Record<string, number | string>], [way: FittingRule['way'], ...Stored[]]>(`
      WITH ways (way, scope) AS (
        VALUES ('JOB', :job), ('SERVER', :server), ('ALL', :all)
        UNION ALL SELECT 'JOB_TAG', 'Tag:' || tag FROM job_tags WHERE job_id = :jobId
        UNION ALL SELECT 'SERVER_TAG', 'Tag:' || tag FROM server_tags WHERE server_id = :serverId
      )
      SELECT w.way, ${rules.columnsOf('r')}
      FROM ways w JOIN notification_rules r ON r.scope = w.scope JOIN channels c ON c.id = r.channel_id
      WHERE c.enabled`)
    .raw()
  const setRule = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO notification_rules (channel_id, scope, server_id, job_id, tag, events, repeat, created_at, updated_at)
    VALUES (:channelId, :scope, :serverId, :jobId, :tag, :events, :repeat, :now, :now)
    ON CONFLICT (scope, channel_id) DO UPDATE SET events = excluded.events, repeat = excluded.repeat,
      updated_at = excluded.updated_at
    RETURNING id`)
  const rule = database
    .prepare<[string, number], Stored[]>(
      `SELECT ${rules.columns} FROM notification_rules WHERE scope = ? AND channel_id = ?`,
    )
    .raw()
  const removeRule = database
    .prepare<[number], Stored[]>(`DELETE FROM notification_rules WHERE id = ? RETURNING ${rules.columns}`)
    .raw()
  const moveJobRules = database.prepare<[{ from: number; into: number; scope: string }]>(
    'UPDATE OR IGNORE notification_rules SET job_id = :into, scope = :scope WHERE job_id = :from',
  )
  const copyJobRules = database.prepare<[{ from: number; into: number; scope: string; now: number }]>(`
    INSERT INTO notification_rules (channel_id, scope, server_id, job_id, events, repeat, created_at, updated_at)
    SELECT channel_id, :scope, NULL, :into, events, repeat, :now, :now FROM notification_rules WHERE job_id = :from`)
  const copyServerRules = database.prepare<[{ from: number; into: number; scope: string; now: number }]>(`
    INSERT INTO notification_rules (channel_id, scope, server_id, job_id, events, repeat, created_at, updated_at)
    SELECT channel_id, :scope, :into, NULL, events, repeat, :now, :now FROM notification_rules
    WHERE server_id = :from AND job_id IS NULL`)
  const moveServerRules = database.prepare<[{ from: number; into: number; scope: string }]>(
    'UPDATE OR IGNORE notification_rules SET server_id = :into, scope = :scope WHERE server_id = :from',
  )

  return {
    find: (id: number): StoredChannel | undefined => {
      const row = get.get(id)
      if (!row) return undefined
      const channel = channels.read(row)
      return { ...channel, secrets: channel.secrets ?? {} }
    },
    /** A channel without settings; secrets are encrypted for its number alone, so that it has to have one first. */
    insert: (kind: string, name: string, now: Date): number =>
      Number(insert.run({ kind, name, now: now.getTime() }).lastInsertRowid),
    update: ({ id, name, enabled, settings, secrets }: Omit<StoredChannel, 'kind' | 'updatedAt'>, now: Date) =>
      void update.run({
        id,
        name,
        enabled: Number(enabled),
        settings: JSON.stringify(settings),
        secrets: Object.keys(secrets).length === 0 ? null : JSON.stringify(secrets),
        now: now.getTime(),
      }),
    /** Removes it with its rules and its notifications. */
    remove: (id: number) => void remove.run(id),
    /** The rules of enabled channels that can be about the job. */
    rulesFor: (jobId: number, serverId: number): FittingRule[] =>
      rulesFor
        .all({ jobId, serverId, job: scopeOf({ jobId }), server: scopeOf({ serverId }), all: scopeOf({}) })
        .map(([way, ...cells]) => ({ ...rules.read(cells), way })),
    /** What was set for the channel and these jobs, and for no others. */
    rule: ({ channelId, ...whose }: RuleScope & { channelId: number }): Rule | undefined => {
      const row = rule.get(scopeOf(whose), channelId)
      return row && rules.read(row)
    },
    /** Sets what the channel is told of these jobs, in place of what was set before; the rule's number. */
    setRule: ({ channelId, serverId, jobId, tag, events, repeat }: Rule, now: Date): number =>
      (
        setRule.get({
          channelId,
          serverId,
          jobId,
          tag,
          scope: scopeOf({ serverId, jobId, tag }),
          events: JSON.stringify(events),
          repeat,
          now: now.getTime(),
        }) as { id: number }
      ).id,
    /** Removes it; undefined if there is none. */
    removeRule: (id: number): Rule | undefined => {
      const row = removeRule.get(id)
      return row && rules.read(row)
    },
    /** Gives a job the rules of another one, where it has none of that channel itself. */
    moveJobRules: (from: number, into: number) =>
      void moveJobRules.run({ from, into, scope: scopeOf({ jobId: into }) }),
    /** Gives a new job the rules of another one. */
    copyJobRules: (from: number, into: number, now: Date) =>
      void copyJobRules.run({ from, into, scope: scopeOf({ jobId: into }), now: now.getTime() }),
    /** Gives a new server the rules of another one. */
    copyServerRules: (from: number, into: number, now: Date) =>
      void copyServerRules.run({ from, into, scope: scopeOf({ serverId: into }), now: now.getTime() }),
    moveServerRules: (from: number, into: number) =>
      void moveServerRules.run({ from, into, scope: scopeOf({ serverId: into }) }),
  }
}

function scopeOf({ serverId, jobId, tag }: Partial<RuleScope>): string {
  if (typeof jobId === 'number') return `BackupJob:${jobId}`
  if (typeof tag === 'string') return `Tag:${tag}`
  return typeof serverId === 'number' ? `Server:${serverId}` : 'ALL'
}
