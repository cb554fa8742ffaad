// The statements that read and write how jobs are watched, and that find those for which time has come.

import type { Database } from 'better-sqlite3'
import { type JobState, severityOf } from '../../domain/jobState.ts'
import type { JobWatch, Trouble } from '../../domain/jobWatch.ts'
import type { Absence } from '../../domain/schedule/absence.ts'
import { formatInterval, parseInterval } from '../../domain/schedule/interval.ts'
import type { LegacySchedule, ScheduleSource } from '../../domain/schedule/schedule.ts'

const columns = {
  paused: 'paused',
  latenessWatched: 'lateness_watched',
  schedule: 'schedule',
  legacySchedule: 'legacy_schedule',
  toleranceSeconds: 'tolerance_seconds',
  watchFrom: 'watch_from',
  scheduleSource: 'schedule_source',
  interval: 'interval',
  dueAt: 'due_at',
  overdueAt: 'overdue_at',
  state: 'state',
  stateSince: 'state_since',
  snoozedUntil: 'snoozed_until',
  acknowledged: 'acknowledged',
  acknowledgedAt: 'acknowledged_at',
  toldAt: 'told_at',
  remindedAt: 'reminded_at',
  openTrouble: 'open_trouble',
  troubleEnded: 'trouble_ended',
  failedToldAt: 'failed_told_at',
  failedRemindedAt: 'failed_reminded_at',
  failedReason: 'failed_reason',
  owedAt: 'owed_at',
  nextEventAt: 'next_event_at',
} satisfies Record<keyof JobWatch, string>

type Row = Record<keyof JobWatch, number | string | null>

export function jobWatchTable(database: Database) {
  const get = database.prepare<[number], Row>(
    `SELECT ${Object.entries(columns).map(([name, column]) => `${column} AS ${name}`)} FROM backup_jobs WHERE id = ?`,
  )
  const set = database.prepare<[Row & { id: number }]>(
    `UPDATE backup_jobs SET ${Object.entries(columns).map(([name, column]) => `${column} = :${name}`)} WHERE id = :id`,
  )
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
  const waitingDuring = database
    .prepare<[number, number], number>('SELECT id FROM backup_jobs WHERE due_at < ? AND overdue_at > ? ORDER BY id')
    .pluck()
  const unjudged = database.prepare<[], number>('SELECT id FROM backup_jobs WHERE state_since IS NULL').pluck()

  return {
    find: (jobId: number): JobWatch | undefined => {
      const row = get.get(jobId)
      return row && watchOf(row)
    },
    set: (jobId: number, watch: JobWatch) => {
      set.run({ ...rowOf(watch), id: jobId })
      const { changes } = setSeverity.run({ id: jobId, severity: severityOf(watch.state) })
      if (changes > 0) setServerSeverity.run({ id: jobId })
    },
    /** The jobs of which the next event lies before `now`, at most `limit`, the longest ago first. */
    due: (now: Date, limit: number): number[] => due.all(now.getTime(), limit),
    /** The next moment after which time alone changes something in any job. */
    nextEventAt: (): Date | null => date(nextEventAt.get() ?? null),
    postpone: (jobId: number, until: Date) => void postpone.run(until.getTime(), jobId),
    /** The jobs that were due, and not yet overdue, at some moment of the absence. */
    waitingDuring: ({ from, until }: Absence): number[] => waitingDuring.all(until.getTime(), from.getTime()),
    /** The jobs that no start has judged yet. */
    unjudged: (): number[] => unjudged.all(),
  }
}

function watchOf(row: Row): JobWatch {
  return {
    paused: row.paused === 1,
    latenessWatched: row.latenessWatched === 1,
    schedule: schedule(row.schedule),
    legacySchedule: schedule(row.legacySchedule),
    toleranceSeconds: row.toleranceSeconds as number | null,
    watchFrom: date(row.watchFrom),
    scheduleSource: row.scheduleSource as ScheduleSource | null,
    interval: row.interval === null ? null : parseInterval(row.interval as string),
    dueAt: date(row.dueAt),
    overdueAt: date(row.overdueAt),
    state: row.state as JobState,
    stateSince: date(row.stateSince),
    snoozedUntil: date(row.snoozedUntil),
    acknowledged: row.acknowledged as Trouble | null,
    acknowledgedAt: date(row.acknowledgedAt),
    toldAt: date(row.toldAt),
    remindedAt: date(row.remindedAt),
    openTrouble: row.openTrouble as JobWatch['openTrouble'],
    troubleEnded: row.troubleEnded === 1,
    failedToldAt: date(row.failedToldAt),
    failedRemindedAt: date(row.failedRemindedAt),
    failedReason: row.failedReason as string | null,
    owedAt: date(row.owedAt),
    nextEventAt: date(row.nextEventAt),
  }
}

function rowOf(watch: JobWatch): Row {
  const time = (value: Date | null) => value?.getTime() ?? null
  return {
    ...watch,
    paused: Number(watch.paused),
    latenessWatched: Number(watch.latenessWatched),
    schedule: watch.schedule && JSON.stringify(watch.schedule),
    legacySchedule: watch.legacySchedule && JSON.stringify(watch.legacySchedule),
    watchFrom: time(watch.watchFrom),
    interval: watch.interval && formatInterval(watch.interval),
    dueAt: time(watch.dueAt),
    overdueAt: time(watch.overdueAt),
    stateSince: time(watch.stateSince),
    snoozedUntil: time(watch.snoozedUntil),
    acknowledgedAt: time(watch.acknowledgedAt),
    toldAt: time(watch.toldAt),
    remindedAt: time(watch.remindedAt),
    troubleEnded: Number(watch.troubleEnded),
    failedToldAt: time(watch.failedToldAt),
    failedRemindedAt: time(watch.failedRemindedAt),
    owedAt: time(watch.owedAt),
    nextEventAt: time(watch.nextEventAt),
  }
}

function date(value: number | string | null): Date | null {
  return value === null ? null : new Date(Number(value))
}

function schedule(value: number | string | null): LegacySchedule | null {
  return value === null ? null : (JSON.parse(value as string) as LegacySchedule)
}
