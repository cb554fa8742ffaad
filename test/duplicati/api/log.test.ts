// The log of a job, page by page, and what its rows say beside the reports of the same runs.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../../src/domain/report.ts'
import { type LogEnd, loggedRuns } from '../../../src/duplicati/api/log.ts'
import { withDuplicati } from '../../../src/duplicati/api/session.ts'
import { parseJson } from '../../../src/duplicati/json.ts'
import { readReport } from '../../../src/duplicati/readReport.ts'
import { type Emulator, password, startDuplicati } from '../../support/duplicati/emulator.ts'
import { addPreventedRun, addRow, addRun, emulatedJob } from '../../support/duplicati/jobs.ts'
import { generations, type LogRow, recordedLog } from '../../support/duplicati/recorded.ts'

const sender = { machine: { id: 'm', name: 'nas' }, job: { id: 'DB-2', name: 'By hand' } }
const whole = { known: null, since: null }
const firstRun = Date.parse('2026-11-01T00:00:00Z')
const hourMs = 3_600_000

async function read({ url }: Emulator, end: Partial<LogEnd> = {}, most = Number.POSITIVE_INFINITY) {
  const access = { url, credential: { password }, certificateFingerprint: null }
  return withDuplicati(access, async (duplicati) => {
    const runs = []
    const job = { id: '2', operationType: 'Backup' as const }
    for await (const run of loggedRuns(duplicati, job, sender, { ...whole, ...end })) {
      runs.push(run)
      if (runs.length === most) break
    }
    return runs
  })
}

async function startWith(log: LogRow[] | number) {
  const emulator = await startDuplicati('2.3.0.4')
  const job = emulatedJob('2', Array.isArray(log) ? { log } : {})
  if (!Array.isArray(log)) for (let run = 0; run < log; run += 1) addRun(job, new Date(firstRun + run * hourMs))
  emulator.jobs.push(job)
  return { emulator, job }
}

const pages = ({ requests }: Emulator) =>
  requests.flatMap(({ path }) => (path.includes('/log?') ? [path.replace(/.*\/log\?/, '')] : []))

function reportOf(document: unknown): Report {
  const result = readReport(document, { machine: null, maxLogLines: 100, text: () => '' })
  if ('ignored' in result) throw new Error(`${result.ignored} was ignored`)
  return result.report
}

describe('all of a log', () => {
  it.each([
    [0, ['pagesize=100']],
    [99, ['pagesize=100']],
    [100, ['pagesize=100', 'pagesize=100&offset=1']],
    [250, ['pagesize=100', 'pagesize=100&offset=151', 'pagesize=100&offset=51']],
  ])('of %d rows is read', async (count, asked) => {
    const { emulator } = await startWith(count)
    const ids = (await read(emulator)).map(({ rowId }) => rowId)
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => count - index))
    expect(pages(emulator)).toEqual(asked)
  })

  it.each(generations)('of a genuine %s is read', async (generation) => {
    const log = recordedLog(generation)
    const { emulator } = await startWith(log)
    const runs = await read(emulator)
    expect(runs.map(({ rowId }) => rowId)).toEqual(log.map(({ ID }) => ID))
    for (const { document } of runs) expect(reportOf(document)).toMatchObject(sender)
  })
})

/** Of a log with a run every hour. */
const row = (rowId: number) => ({ rowId, writtenAt: new Date(firstRun + (rowId - 1) * hourMs + 60_000) })

it('asks for no page that is not needed', async () => {
  const { emulator } = await startWith(250)
  await read(emulator, {}, 100)
  expect(pages(emulator)).toEqual(['pagesize=100'])
})

it.each<[string, Partial<LogEnd>, number[]]>([
  ['the rows that are known', { known: row(247) }, [250, 249, 248]],
  ['the rows if the newest is known', { known: row(250) }, []],
  ['a moment', { since: new Date(firstRun + 247 * hourMs) }, [250, 249, 248]],
])('ends at %s', async (_, end, ids) => {
  const { emulator } = await startWith(250)
  expect((await read(emulator, end)).map(({ rowId }) => rowId)).toEqual(ids)
  expect(pages(emulator)).toEqual(['pagesize=100'])
})

it('knows no row of a database that was made anew', async () => {
  const { emulator } = await startWith(3)
  expect((await read(emulator, { known: row(250) })).map(({ rowId }) => rowId)).toEqual([3, 2, 1])
  // It has a row of that number by now, of another run.
  const known = { ...row(2), writtenAt: new Date(firstRun - hourMs) }
  expect((await read(emulator, { known })).map(({ rowId }) => rowId)).toEqual([3, 2, 1])
})

it('leaves out what is no result', async () => {
  const { emulator, job } = await startWith(1)
  for (const message of ['Starting', '', '[1]', '{"MainOperation":"Backup"}', '{', null, {}, 5]) {
    addRow(job, new Date(firstRun + hourMs), message)
  }
  expect((await read(emulator)).map(({ rowId }) => rowId)).toEqual([1])
})

it('takes the later of two rows of one run, also over pages', async () => {
  const { emulator, job } = await startWith(0)
  const compact = { MainOperation: 'Compact' }
  for (const result of [compact, compact]) addRun(job, new Date(firstRun), result)
  for (let run = 0; run < 99; run += 1) addRun(job, new Date(firstRun + run * hourMs))
  const runs = await read(emulator)
  expect(runs.filter(({ operation }) => operation === 'Compact').map(({ rowId }) => rowId)).toEqual([2])
  expect(runs).toHaveLength(100)
})

it('does not ask for the log of a Sync job, which Duplicati cannot give', async () => {
  const emulator = await startDuplicati('next')
  emulator.jobs.push(emulatedJob('2', { operationType: 'Sync' }))
  const access = { url: emulator.url, credential: { password }, certificateFingerprint: null }
  await withDuplicati(access, async (duplicati) => {
    const runs = loggedRuns(duplicati, { id: '2', operationType: 'Sync' }, sender, whole)
    expect(await runs.next()).toEqual({ done: true, value: undefined })
  })
  expect(pages(emulator)).toEqual([])
})

it('tells that the job runs, or is gone', async () => {
  const { emulator } = await startWith(1)
  emulator.databaseLocked = true
  await expect(read(emulator)).rejects.toMatchObject({ kind: 'BUSY' })
  emulator.jobs.length = 0
  await expect(read(emulator)).rejects.toMatchObject({ kind: 'NOT_FOUND' })
})

it('does not turn in a circle', async () => {
  const { emulator, job } = await startWith(150)
  emulator.lie('/api/v1/backup/2/log', { status: 200, body: job.log.slice(0, 100) })
  await expect(read(emulator)).rejects.toMatchObject({ kind: 'BAD_ANSWER' })
})

it('reads a run that was prevented', async () => {
  const { emulator, job } = await startWith(0)
  addPreventedRun(job, new Date(firstRun), 'Warning')
  const [run] = await read(emulator)
  expect(reportOf(run?.document).run).toMatchObject({ prevented: true, status: 'WARNING' })
})

describe('what a run threw', () => {
  const tag = '2026-11-30 04:04:11 +00 - [Error-Duplicati.Library.Main.Controller-FailedOperation]:'

  it.each<[string, object, string | null]>([
    [
      'stands behind its last error',
      { Errors: ['first', `${tag} It failed\nType: why\n   at x`] },
      'Type: why\n   at x',
    ],
    ['is its last error', { Errors: [`${tag} It failed`] }, 'It failed'],
    ['is not told', { Errors: [] }, null],
    ['is not told beyond the first 20 errors', { Errors: [`${tag} One`], ErrorsActualLength: 21 }, null],
    ['is nothing if it did not fail', { Errors: [`${tag} One`], ParsedResult: 'Error' }, null],
  ])('%s', async (_, result, exception) => {
    const { emulator, job } = await startWith(0)
    addRun(job, new Date(firstRun), { ParsedResult: 'Fatal', ErrorsActualLength: 1, ...result })
    const [run] = await read(emulator)
    const { run: read_ } = reportOf(run?.document)
    expect(read_.exception).toBe(exception)
    expect(read_.status).toBe('ParsedResult' in result ? 'ERROR' : 'FATAL')
  })
})

describe('a row and the report of the same run agree:', () => {
  const folder = new URL('../../fixtures/genuine/', import.meta.url)
  const reports = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, document: parseJson(readFileSync(new URL(file, folder), 'utf8')) }))
  const rows = new Map(
    generations.flatMap(recordedLog).map((row) => {
      const { MainOperation, BeginTime } = JSON.parse(String(row.Message))
      return [`${MainOperation} ${BeginTime}`, row]
    }),
  )
  const pairs = reports.flatMap(({ file, document }) => {
    const { MainOperation, BeginTime } = (document as { Data: Record<string, string> }).Data
    const row = rows.get(`${MainOperation} ${BeginTime}`)
    return row ? [{ file, document, row }] : []
  })

  it('several pairs are known', () => {
    expect(pairs.map(({ file }) => file)).toEqual([
      '2.1.0.5-dry-run.json',
      'aborted.json',
      'next-release-aborted.json',
      'next-release-stopped.json',
      'next-release-success-no-machine-id.json',
      'script-after-exit-2.json',
      'script-before-exit-4.json',
    ])
  })

  it.each(pairs)('$file', async ({ file, document, row }) => {
    const { emulator } = await startWith([row])
    const [logged] = await read(emulator)
    const { run: told } = reportOf(document)
    const { run } = reportOf(logged?.document)
    const likeReport = {
      ...told,
      // Only reports have these.
      operatingSystem: null,
      operatingSystemDetail: null,
      installationType: null,
      updateChannel: null,
      destinationType: null,
      destinationHostSuffix: null,
      nextScheduledRun: null,
      // The row has information too, and of an exception not where it came from.
      availableVersions: run.availableVersions,
      failedFiles: run.failedFiles,
      exception: told.exception === null ? null : expect.any(String),
      // The script came after the row.
      ...(file === 'script-after-exit-2.json' && { status: 'SUCCESS', parsedResult: 'Success', warnings: 0 }),
      messages: run.messages,
    }
    expect(run).toEqual(likeReport)
    expect(run.messages).toBeLessThanOrEqual(told.messages)
    if (told.exception !== null) {
      const [stated = ''] = told.exception.split('\n')
      expect(stated).toContain(run.exception)
    }
  })
})
