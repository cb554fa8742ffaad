// The statements that read and write how jobs are watched, and that find those for which time has come.

import type { Database } from 'better-sqlite3'
import { severityOf } from '../../domain/jobState.ts'
import type { JobWatch } from '../../domain/jobWatch.ts'
import type { Absence } from '../../domain/schedule/absence.ts'
import { formatInterval, parseInterval } from '../../domain/schedule/interval.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

const watches = rowCodec<JobWatch>('BackupJob', {
  paused: 'plain',
  latenessWatched: 'plain',
  schedule: json(),
  legacySchedule: json(),
  askedSchedule: json(),
  askedAt: 'plain',
  heldFor: 'plain',
  heldAt: 'plain',
  heldUntil: 'plain',
  runningSince: 'plain',
  finding: 'plain',
  toleranceSeconds: 'plain',
  watchFrom: 'plain',
  scheduleSource: 'plain',
  interval: { read: parseInterval, write: formatInterval },
  dueAt: 'plain',
  overdueAt: 'plain',
  missDueAt: 'plain',
  state: 'plain',
  stateSince: 'plain',
  snoozedUntil: 'plain',
  acknowledged: 'plain',
  acknowledgedAt: 'plain',
  toldAt: 'plain',
  remindedAt: 'plain',
  openTrouble: 'plain',
  troubleEnded: 'plain',
  failedToldAt: 'plain',
  failedRemindedAt: 'plain',
  failedReason: 'plain',
  owedAt: 'plain',
  nextEventAt: 'plain',
})

export function jobWatchTable(database: Database) {
  const get = database.prepare<[number], Stored[]>(`SELECT ${watches.columns} FROM backup_jobs WHERE id = ?`).raw()
  const set = database.prepare<Stored[]>(`UPDATE backup_jobs SET ${watches.assignments} WHERE id = ?`)
  const setSeverity = database.prepare<[{ id: number; severity: number }]>(
    'UPDATE backup_jobs SET severity = :severity WHERE id = :id AND severity <> :severity',
  )
  const setServerSeverity = database.prepare<[{ id: number }]>(`
    UPDATE servers SET severity = (SELECT max(severity) FROM backup_jobs WHERE server_id = servers.id)
    WHERE id = (SELECT server_id FROM backup_jobs WHERE id = :id)`)
  const due = database
    .prepare<[number, number], number>(
      'SELECT id FROM backup_jobs WHERE next_event_at < ? ORDER BY next_event_at LIMIT ?',
    )
    .pluck()
  const nextEventAt = database.prepare<[], number | null>('SELECT min(next_event_at) FROM backup_jobs').pluck()
  const postpone = database.prepare<[number, number]>('UPDATE backup_jobs SET next_event_at = ? WHERE id = ?')
  const heldOf = database
    .prepare<[number], number>(
      "SELECT id FROM backup_jobs WHERE server_id = ? AND held_for = due_at AND state <> 'OVERDUE' AND NOT paused ORDER BY id",
    )
    .pluck()
  const waitingDuring = database
    .prepare<[number, number], number>('SELECT id FROM backup_jobs WHERE due_at < ? AND overdue_at > ? ORDER BY id')
    .pluck()
  const missableBefore = database
    .prepare<[number], number>('SELECT id FROM backup_jobs WHERE miss_due_at < ? ORDER BY id')
    .pluck()
  const unjudged = database.prepare<[], number>('SELECT id FROM backup_jobs WHERE state_since IS NULL').pluck()

  return {
    find: (jobId: number): JobWatch | undefined => {
      const row = get.get(jobId)
      return row && watches.read(row)
    },
    set: (jobId: number, watch: JobWatch) => {
      set.run(...watches.write(watch), jobId)
      const { changes } = setSeverity.run({ id: jobId, severity: severityOf(watch.state) })
      if (changes > 0) setServerSeverity.run({ id: jobId })
    },
    /** The jobs of the server that are held back from being overdue, because its Duplicati is asked. */
    heldOf: (serverId: number): number[] => heldOf.all(serverId),
    /** The jobs of which the next event lies before `now`, at most `limit`, the longest ago first. */
    due: (now: Date, limit: number): number[] => due.all(now.getTime(), limit),
    /** The next moment after which time alone changes something in any job. */
    nextEventAt: (): Date | null => {
      const at = nextEventAt.get() ?? null
      return at === null ? null : new Date(at)
    },
    postpone: (jobId: number, until: Date) => void postpone.run(until.getTime(), jobId),
    /** The jobs that were due, and not yet overdue, at some moment of the absence. */
    waitingDuring: ({ from, until }: Absence): number[] => waitingDuring.all(until.getTime(), from.getTime()),
    /** The jobs of which a due time before then is waited for. */
    missableBefore: (until: Date): number[] => missableBefore.all(until.getTime()),
    /** The jobs that no start has judged yet. */
    unjudged: (): number[] => unjudged.all(),
  }
}
