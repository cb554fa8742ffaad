// Why a job is in its state, in a line.

import type { JobRowFragment, RemarkKind } from '../generated/graphql.ts'
import { counted } from './sizes.ts'
import { moment } from './times.ts'

/**
 * The reason, such as `overdue since Monday 02:00, expected every day`. Of a job that is well, what is unusual; mostly nothing.
 *
 * @param logLine the first line of its latest run that is an error or a warning, if it was read
 */
export function reason(job: JobRowFragment, now: Date, logLine?: string, language?: string): string {
  const at = (time: string) => moment(new Date(time), now, language)
  switch (job.state) {
    case 'OVERDUE':
      return `overdue since ${at(job.overdueAt ?? job.stateSince)}, expected ${expectation(job, at)}`
    case 'LATE':
      return `due ${at(job.dueAt ?? job.stateSince)}, overdue from ${at(job.overdueAt ?? job.stateSince)}`
    case 'FAILED':
      return withLastSuccess(job, whatFailed(job, logLine), at)
    case 'WARNING':
      return whatWarns(job, logLine)
    case 'NEW':
      return 'no run yet'
    case 'PAUSED':
      return 'no run is expected'
    case 'OK':
      return job.latestBackup?.remarks.find(({ kind }) => unusual.includes(kind))?.message ?? ''
  }
}

/** When a run was expected: `every day` by a schedule, or the one moment that was announced. */
function expectation(job: JobRowFragment, at: (time: string) => string): string {
  const interval = job.schedule?.interval ?? job.interval
  if (interval) return intervalWords(interval)
  return job.dueAt ? at(job.dueAt) : 'earlier'
}

/** An interval as Duplicati writes it, such as `1D` or `12h`, in words. */
export function intervalWords(interval: string): string {
  const parts = [...interval.matchAll(/(\d+)([smhDWMY])/g)].map(([, size, unit]) => ({
    size: Number(size),
    unit: unitWords[unit as keyof typeof unitWords],
  }))
  const [first] = parts
  if (parts.length === 0 || !first) return `every ${interval}`
  if (parts.length === 1 && first.size === 1) return `every ${first.unit}`
  return `every ${parts.map(({ size, unit }) => counted(size, unit)).join(' ')}`
}

const unitWords = { s: 'second', m: 'minute', h: 'hour', D: 'day', W: 'week', M: 'month', Y: 'year' }

function whatFailed({ latestBackup }: JobRowFragment, logLine?: string): string {
  if (!latestBackup) return 'the last run failed'
  const exception = firstLine(latestBackup.exception ?? '')
  if (exception) return exception
  if (logLine) return firstLine(logLine)
  if (latestBackup.errors > 0) return counted(latestBackup.errors, 'error')
  const [remark] = latestBackup.remarks
  return remark?.message ?? 'the last run failed'
}

function withLastSuccess(job: JobRowFragment, what: string, at: (time: string) => string): string {
  const sentence = what.replace(/\.$/, '')
  if (!job.lastSuccessAt) return `${sentence}; it never succeeded`
  return `${sentence}; last success ${at(job.lastSuccessAt)}`
}

/** What is said of a run without making it worse than it was reported. */
const unusual: RemarkKind[] = ['MANY_FILES_CHANGED', 'TOOK_LONG', 'FEWER_VERSIONS', 'DESTINATION_FILLS_UP']

function whatWarns({ latestBackup }: JobRowFragment, logLine?: string): string {
  const remark = latestBackup?.remarks.find(({ kind }) => !unusual.includes(kind) && kind !== 'SENT_AS_TEXT')
  if (remark) return remark.message
  if (logLine) return firstLine(logLine)
  if (!latestBackup || latestBackup.warnings === 0) return 'the last run ended with a warning'
  return counted(latestBackup.warnings, 'warning')
}

/** The first line, without what .NET puts before a message, such as `System.IO.IOException: `, and what Duplicati puts before a log line. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split(/\s*\n/)
  return line
    .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d - \[[^\]]*\]: /, '')
    .replace(/^(?:[A-Za-z]+\.)+\w*Exception: /, '')
}
