// How a run ended, from everything that its report says.

import { describe, expect, it } from 'vitest'
import { readReport } from '../../src/duplicati/readReport.ts'
import { report } from '../support/report.ts'

function statusOf(data: Record<string, unknown>, exception: unknown = null) {
  const read = readReport(report({ data, exception }), { machine: null, maxLogLines: 0, text: () => '' })
  return 'report' in read ? [read.report.run.status, read.report.run.parsedResult] : read
}

describe('the status of a run', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['Success', {}, 'SUCCESS'],
    ['Warning', {}, 'WARNING'],
    ['Error', {}, 'ERROR'],
    ['Fatal', {}, 'FATAL'],
    ['Unknown', {}, 'UNKNOWN'],
    ['Failed', {}, 'ERROR'],
    ['Partial', {}, 'UNKNOWN'],
    ['Success', { MessagesActualLength: 9 }, 'SUCCESS'],
    ['Success', { WarningsActualLength: 1 }, 'WARNING'],
    ['Success', { PartialBackup: true }, 'WARNING'],
    ['Success', { Interrupted: true }, 'WARNING'],
    ['Success', { FilesWithError: 1 }, 'ERROR'],
    ['Success', { FilesWithError: '4611686018427387904' }, 'ERROR'],
    ['Success', { ErrorsActualLength: 1 }, 'ERROR'],
    ['Success', { ErrorsActualLength: 1, WarningsActualLength: 1, PartialBackup: true }, 'ERROR'],
    ['Success', { Dryrun: true }, 'SUCCESS'],
    ['Unknown', { WarningsActualLength: 1 }, 'WARNING'],
    ['Unknown', { ErrorsActualLength: 1 }, 'ERROR'],
    ['Warning', { ErrorsActualLength: 1 }, 'ERROR'],
    ['Error', { WarningsActualLength: 1 }, 'ERROR'],
    ['Fatal', { ErrorsActualLength: 1, WarningsActualLength: 1 }, 'FATAL'],
  ])('that states %s with %j is %s', (parsedResult, data, status) => {
    expect(statusOf({ ParsedResult: parsedResult, ...data })).toEqual([status, parsedResult])
  })

  it.each<[string | null, string]>([
    ['Success', 'ERROR'],
    ['Warning', 'ERROR'],
    [null, 'ERROR'],
    ['Fatal', 'FATAL'],
  ])('that states %s beside an exception is %s', (parsedResult, status) => {
    expect(statusOf({ ParsedResult: parsedResult }, 'System.Exception: x')).toEqual([status, parsedResult])
  })

  it('is not taken from the parts of a run', () => {
    const parts = {
      TestResults: { ParsedResult: 'Fatal', ErrorsActualLength: 1 },
      BackendStatistics: { ParsedResult: 'Error', WarningsActualLength: 1 },
    }
    expect(statusOf(parts)).toEqual(['SUCCESS', 'Success'])
  })

  it('is fatal for an exception in the place of a result', () => {
    const read = readReport(
      { Data: { ClassName: 'System.Exception', Message: 'x' }, Extra: { 'machine-id': 'm', 'backup-id': 'b' } },
      { machine: null, maxLogLines: 0, text: () => '' },
    )
    expect(read).toMatchObject({
      report: { run: { status: 'FATAL', parsedResult: 'Fatal', exception: 'System.Exception: x' } },
    })
  })
})
