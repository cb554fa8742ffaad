// What stands for the placeholders of a template in one message.

import type { Remark } from '../remarks.ts'
import type { Int64 } from '../report.ts'
import { type RunStatus, statusNames } from '../runStatus.ts'
import type { Absence } from '../schedule/absence.ts'
import { formatInterval, type Interval } from '../schedule/interval.ts'
import { clockTime, formatElapsed, formatSize, formatTime, formatTolerance } from './humanFormats.ts'
import type { NotificationEvent } from './notification.ts'
import type { placeholders } from './template.ts'

export interface MessageFacts {
  event: NotificationEvent
  /** Whether a run is the news; where it is not, as while one is waited for, nothing is said of what was remarked of the last. */
  ofRun: boolean
  /** What is to be said beside what is remarked of the run. */
  remark: string | null
  server: { name: string; alias: string | null; notes: string | null; url: string | null }
  job: { name: string; alias: string | null }
  /** The run that is told of, or else the job's latest; null before the first. Sizes are bytes, null where unknown. */
  run: {
    status: RunStatus
    /** Its place in time. */
    at: Date
    durationSeconds: number | null
    examinedFiles: Int64
    sourceSize: Int64 | null
    uploadedSize: Int64
    storedSize: Int64 | null
    versions: number | null
    messages: number
    warnings: number
    errors: number
    /** Why it failed, in one line; null if it did not, or nothing tells. */
    reason: string | null
    remarks: Remark[]
    /** As many of its errors and warnings as a message should hold, the worst first. */
    logLines: string[]
  } | null
  /** The place in time of the job's latest run. */
  latestAt: Date | null
  dueAt: Date | null
  overdueAt: Date | null
  /** Null where no interval is known: Duplicati announces each run by itself. */
  interval: Interval | null
  toleranceSeconds: number
  /** What its Duplicati answered when it was asked; null if it was not. */
  finding: string | null
  /** When this server itself was away while the run was waited for; null if it was not. */
  away: Absence | null
  /** Another server or job of the same name that reported later: perhaps this one, under a new id. */
  successor: { id: string; latestAt: Date } | null
}

/** What is remarked, a sentence each: of the run where that is the news. */
export function remarksOf({ ofRun, remark, run }: MessageFacts): string[] {
  const ofIts = ofRun ? (run?.remarks ?? []).map(({ message }) => message) : []
  return remark === null ? ofIts : [remark, ...ofIts]
}

/** What is not known, as old releases wrote it. */
const unknown = 'N/A'

const eventNames: Record<NotificationEvent, string> = {
  OVERDUE: 'Overdue',
  FAILED: 'Failed',
  WARNING: 'Warning',
  SUCCESS: 'Success',
  RECOVERED: 'Recovered',
  UNUSUAL: 'Unusual',
}

/**
 * The value of every placeholder. Unknown moments and figures are `N/A`; notes and an address that nobody gave are empty.
 *
 * @param timeZone by whose clock times are written
 * @throws RangeError if there is no such time zone
 */
export function messageValues(facts: MessageFacts, now: Date, timeZone: string): Record<string, string> {
  const { event, server, job, run, latestAt, dueAt, overdueAt, interval, toleranceSeconds } = facts
  const time = (moment: Date | null | undefined) => (moment ? formatTime(moment, timeZone) : unknown)
  const elapsed = (moment: Date | null) => (moment ? formatElapsed(moment, now) : unknown)
  const size = (bytes: Int64 | null | undefined) => (bytes == null ? unknown : formatSize(bytes))
  const count = (number: Int64 | null | undefined) => (number == null ? unknown : String(number))
  return {
    event: eventNames[event],
    backup_name: job.name,
    backup_alias: job.alias ?? job.name,
    server_name: server.name,
    server_alias: server.alias ?? server.name,
    server_alias_and_name: server.alias === null ? server.name : `${server.alias} (${server.name})`,
    server_note: server.notes ?? '',
    server_url: server.url ?? '',
    machine_name: server.name,
    status: run ? statusNames[run.status] : unknown,
    backup_date: time(run?.at),
    duration: run?.durationSeconds == null ? unknown : clockTime(run.durationSeconds),
    file_count: count(run?.examinedFiles),
    file_size: size(run?.sourceSize),
    uploaded_size: size(run?.uploadedSize),
    storage_size: size(run?.storedSize),
    available_versions: count(run?.versions),
    messages_count: count(run?.messages),
    warnings_count: count(run?.warnings),
    errors_count: count(run?.errors),
    exception: run?.reason ?? '',
    remarks: remarksOf(facts).join('\n'),
    log_text: run?.logLines.join('\n') ?? '',
    last_backup_date: time(latestAt),
    last_elapsed: elapsed(latestAt),
    expected_date: time(dueAt),
    expected_elapsed: elapsed(dueAt),
    overdue_date: time(overdueAt),
    backup_interval: interval ? formatInterval(interval) : unknown,
    backup_interval_value: interval ? String(interval.count) : unknown,
    backup_interval_type: interval ? `${interval.unit.toLowerCase()}${interval.count === 1 ? '' : 's'}` : '',
    overdue_tolerance: formatTolerance(toleranceSeconds),
  } satisfies Record<keyof typeof placeholders, string>
}
