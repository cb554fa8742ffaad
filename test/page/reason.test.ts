// Why a job is in its state, and what is said where that is not known.

import { expect, it } from 'vitest'
import type { JobRowFragment } from '../../src/page/generated/graphql.ts'
import { firstLine, intervalWords, reason } from '../../src/page/words/reason.ts'
import { jobRow, latestBackup } from '../support/jobRow.ts'

/** A Monday, where the test runs. */
const now = new Date(2026, 10, 30, 12, 0)
const at = (day: number, hours: number) => new Date(2026, 10, day, hours).toISOString()
const why = (given: Partial<JobRowFragment>, logLine?: string) => reason(jobRow(given), now, logLine, 'en-GB')

const schedule = (interval: string) => ({ interval, timeZone: 'UTC' })

it.each<[Partial<JobRowFragment>, string]>([
  [{ schedule: schedule('1D'), interval: '1W' }, 'overdue since today 02:00, expected every day'],
  [{ interval: '12h' }, 'overdue since today 02:00, expected every 12 hours'],
  [{ dueAt: at(29, 2) }, 'overdue since today 02:00, expected yesterday 02:00'],
  [{}, 'overdue since today 02:00, expected earlier'],
  [{ overdueAt: null, stateSince: at(28, 5), interval: '1D' }, 'overdue since Saturday 05:00, expected every day'],
])('says since when a job is overdue, and what was expected: %j', (given, words) => {
  expect(why({ state: 'OVERDUE', overdueAt: at(30, 2), ...given })).toBe(words)
})

it('says when a late job was due, and when that becomes trouble', () => {
  expect(why({ state: 'LATE', dueAt: at(30, 11), overdueAt: at(30, 13) })).toBe(
    'due today 11:00, overdue from today 13:00',
  )
})

it.each<[string, Partial<NonNullable<JobRowFragment['latestBackup']>>, string | undefined, string]>([
  ['exception', { exception: 'System.IO.IOException: Disk full.\n  at Foo()', errors: 3 }, 'a line', 'Disk full'],
  ['log line', { errors: 3 }, 'The target folder is gone', 'The target folder is gone'],
  ['count', { errors: 3 }, undefined, '3 errors'],
  ['count of one', { errors: 1 }, undefined, '1 error'],
  ['remark', { remarks: [{ kind: 'PREVENTED', message: 'Nothing was examined.' }] }, undefined, 'Nothing was examined'],
  ['nothing', {}, undefined, 'the last run failed'],
  ['empty exception', { exception: ' \n', errors: 2 }, undefined, '2 errors'],
])('says of a failure what is known: %s', (_name, run, logLine, words) => {
  const given = { state: 'FAILED' as const, latestBackup: latestBackup({ status: 'FATAL', ...run }) }
  expect(why(given, logLine)).toBe(`${words}; it never succeeded`)
  expect(why({ ...given, lastSuccessAt: at(28, 2) }, logLine)).toBe(`${words}; last success Saturday 02:00`)
})

it('says that a run failed which is not there any more', () => {
  expect(why({ state: 'FAILED', latestBackup: null })).toBe('the last run failed; it never succeeded')
})

it.each<[Partial<NonNullable<JobRowFragment['latestBackup']>> | null, string | undefined, string]>([
  [{ remarks: [{ kind: 'STOPPED', message: 'Somebody stopped it.' }], warnings: 3 }, 'a line', 'Somebody stopped it.'],
  [{ warnings: 3 }, '2026-11-30 02:00:00 +00 - [Warning-X-Y]: Cannot read', 'Cannot read'],
  [{ warnings: 3 }, undefined, '3 warnings'],
  [{ warnings: 0 }, undefined, 'the last run ended with a warning'],
  [null, undefined, 'the last run ended with a warning'],
])('says what a job warns of: %j, %s', (run, logLine, words) => {
  expect(why({ state: 'WARNING', latestBackup: run && latestBackup({ status: 'WARNING', ...run }) }, logLine)).toBe(
    words,
  )
})

it('says little of what is no trouble', () => {
  expect((['NEW', 'PAUSED', 'OK'] as const).map((state) => why({ state }))).toEqual([
    'no run yet',
    'no run is expected',
    '',
  ])
})

it('speaks the language of times', () => {
  const job = jobRow({ state: 'OVERDUE', overdueAt: at(28, 2), interval: '1D' })
  expect(reason(job, now, undefined, 'de')).toBe('overdue since Samstag 02:00, expected every day')
})

it.each([
  ['1D', 'every day'],
  ['12h', 'every 12 hours'],
  ['1D12h', 'every 1 day 12 hours'],
  ['1M', 'every month'],
  ['30m', 'every 30 minutes'],
  ['odd', 'every odd'],
])('says the interval %s in words', (interval, words) => {
  expect(intervalWords(interval)).toBe(words)
})

it.each([
  ['Duplicati.Library.Interface.UserInformationException: No password', 'No password'],
  ['2026-11-30 02:00:00 +01 - [Error-Duplicati.Library.Main-Failed]: System.Exception: Gone', 'Gone'],
  ['Plain words: with a colon', 'Plain words: with a colon'],
  ['\r\n first \r\nsecond', 'first'],
  ['', ''],
])('takes the first line of %j', (text, line) => {
  expect(firstLine(text)).toBe(line)
})

it('says of a job that is well what is unusual, and of a warning what it is about', () => {
  const unusual = { kind: 'MANY_FILES_CHANGED' as const, message: 'Many files were changed.' }
  const failed = { kind: 'FILES_FAILED' as const, message: 'Two files could not be read.' }
  const now = new Date('2026-11-30T12:00:00Z')
  expect(reason(jobRow({ state: 'OK', latestBackup: latestBackup({ remarks: [unusual] }) }), now)).toBe(unusual.message)
  const warned = jobRow({
    state: 'WARNING',
    latestBackup: latestBackup({ status: 'WARNING', remarks: [unusual, failed] }),
  })
  expect(reason(warned, now)).toBe(failed.message)
  const logged = jobRow({ state: 'WARNING', latestBackup: latestBackup({ status: 'WARNING', remarks: [unusual] }) })
  expect(reason(logged, now, 'A line')).toBe('A line')
})
