// The statements that write from where on something is unusual, and that find the jobs without a success for too long.

import type { Database } from 'better-sqlite3'
import type { FittingLimit, UnusualKind } from '../../domain/unusual/limits.ts'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

/** Of one job, of the jobs of a tag, or, with neither, of all. */
export interface UnusualRule {
  kind: UnusualKind
  jobId: number | null
  tag: string | null
  /** Null: never. */
  threshold: number | null
}

export interface Unsuccessful {
  jobId: number
  days: number
  lastSuccessAt: Date | null
}

const rules = rowCodec<UnusualRule>('UnusualRule', {
  kind: 'plain',
  jobId: 'plain',
  tag: 'plain',
  threshold: 'plain',
})

const dayMs = 24 * 60 * 60 * 1000

export function unusualRuleTable(database: Database) {
  const fitting = database.prepare<[{ job: string; jobId: number; serverId: number }], FittingLimit>(`
    WITH ways (way, scope) AS (
      VALUES ('JOB', :job), ('ALL', 'ALL')
      UNION ALL SELECT 'JOB_TAG', 'Tag:' || tag FROM job_tags WHERE job_id = :jobId
      UNION ALL SELECT 'SERVER_TAG', 'Tag:' || tag FROM server_tags WHERE server_id = :serverId
    )
    SELECT w.way, r.kind, r.threshold FROM ways w JOIN unusual_rules r ON r.scope = w.scope`)
  const find = database
    .prepare<[string, string], Stored[]>(`SELECT ${rules.columns} FROM unusual_rules WHERE scope = ? AND kind = ?`)
    .raw()
  const set = database
    .prepare<[Record<string, number | string | null>], number>(`
      INSERT INTO unusual_rules (scope, kind, job_id, tag, threshold, created_at, updated_at)
      VALUES (:scope, :kind, :jobId, :tag, :threshold, :now, :now)
      ON CONFLICT (scope, kind) DO UPDATE SET threshold = excluded.threshold, updated_at = excluded.updated_at
      RETURNING id`)
    .pluck()
  const remove = database
    .prepare<[number], Stored[]>(`DELETE FROM unusual_rules WHERE id = ? RETURNING ${rules.columns}`)
    .raw()
  const move = database.prepare<[{ from: number; into: number; scope: string }]>(
    'UPDATE OR IGNORE unusual_rules SET job_id = :into, scope = :scope WHERE job_id = :from',
  )
  const copy = database.prepare<[{ from: number; into: number; scope: string; now: number }]>(`
    INSERT INTO unusual_rules (scope, kind, job_id, threshold, created_at, updated_at)
    SELECT :scope, kind, :into, threshold, :now, :now FROM unusual_rules WHERE job_id = :from`)
  const leastDays = database
    .prepare<[], number | null>("SELECT min(threshold) FROM unusual_rules WHERE kind = 'NO_SUCCESS'")
    .pluck()
  // What few days exclude already costs no look at the rules.
  const unsuccessful = database.prepare<
    [{ leastMs: number; now: number; limit: number }],
    { jobId: number; days: number; lastSuccessAt: number | null }
  >(`
    WITH waiting AS (
      SELECT id, server_id, last_success_at, max(coalesce(last_success_at, created_at), coalesce(watch_from, 0)) AS since
      FROM backup_jobs
      WHERE NOT paused AND coalesce(snoozed_until, 0) < :now
        AND coalesce(no_success_told_at, -1) < coalesce(last_success_at, 0)
    ), limited AS (
      SELECT id, last_success_at, since, (
        SELECT threshold FROM (
          SELECT 1 AS closeness, threshold FROM unusual_rules
            WHERE scope = 'BackupJob:' || w.id AND kind = 'NO_SUCCESS'
          UNION ALL SELECT 2, r.threshold FROM job_tags t JOIN unusual_rules r ON r.scope = 'Tag:' || t.tag
            WHERE t.job_id = w.id AND r.kind = 'NO_SUCCESS'
          UNION ALL SELECT 3, r.threshold FROM server_tags t JOIN unusual_rules r ON r.scope = 'Tag:' || t.tag
            WHERE t.server_id = w.server_id AND r.kind = 'NO_SUCCESS'
          UNION ALL SELECT 4, threshold FROM unusual_rules WHERE scope = 'ALL' AND kind = 'NO_SUCCESS'
        ) ORDER BY closeness, threshold IS NULL, threshold LIMIT 1
      ) AS days
      FROM waiting w WHERE since < :now - :leastMs
    )
    SELECT id AS jobId, days, last_success_at AS lastSuccessAt FROM limited
    WHERE since + days * ${dayMs} < :now ORDER BY id LIMIT :limit`)
  const told = database.prepare<[number, number]>('UPDATE backup_jobs SET no_success_told_at = ? WHERE id = ?')

  return {
    /** The rules that can be about the job. */
    fitting: (jobId: number, serverId: number): FittingLimit[] =>
      fitting.all({ job: scopeOf({ jobId, tag: null }), jobId, serverId }),
    /** What was set for the same, and for nothing else. */
    find: ({ kind, ...whose }: Omit<UnusualRule, 'threshold'>): UnusualRule | undefined => {
      const row = find.get(scopeOf(whose), kind)
      return row && rules.read(row)
    },
    /** Sets it in place of what was set before; the rule's number. */
    set: ({ kind, jobId, tag, threshold }: UnusualRule, now: Date): number =>
      set.get({ scope: scopeOf({ jobId, tag }), kind, jobId, tag, threshold, now: now.getTime() }) as number,
    /** Removes it; undefined if there is none. */
    remove: (id: number): UnusualRule | undefined => {
      const row = remove.get(id)
      return row && rules.read(row)
    },
    /** Gives a job the rules of another one, where it has none of that kind itself. */
    moveJobRules: (from: number, into: number) =>
      void move.run({ from, into, scope: scopeOf({ jobId: into, tag: null }) }),
    /** Gives a new job the rules of another one. */
    copyJobRules: (from: number, into: number, now: Date) =>
      void copy.run({ from, into, scope: scopeOf({ jobId: into, tag: null }), now: now.getTime() }),
    /** Jobs that had no success for more days than their rule allows, of which that is to be told; none is paused or snoozed. */
    unsuccessful: (now: Date, limit: number): Unsuccessful[] => {
      const days = leastDays.get() ?? null
      if (days === null) return []
      return unsuccessful
        .all({ leastMs: days * dayMs, now: now.getTime(), limit })
        .map(({ lastSuccessAt, ...job }) => ({
          ...job,
          lastSuccessAt: lastSuccessAt === null ? null : new Date(lastSuccessAt),
        }))
    },
    /** Notes that it was told. */
    tellUnsuccessful: (jobId: number, now: Date) => void told.run(now.getTime(), jobId),
  }
}

function scopeOf({ jobId, tag }: Pick<UnusualRule, 'jobId' | 'tag'>): string {
  if (jobId !== null) return `BackupJob:${jobId}`
  return tag === null ? 'ALL' : `Tag:${tag}`
}
