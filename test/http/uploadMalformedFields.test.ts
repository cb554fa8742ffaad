// Reports with fields that cannot be read: each is refused with the field's name and what would be right, and nothing is
// stored of it.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const integer = 'must be a 64-bit integer'
const small = 'must be a whole number from 0 to 2147483647'
const flag = 'must be true or false'
const time = 'must be a time like 2026-01-14T02:00:03.4418067Z'
const noTime = 'is not a time that exists'
const nextRun = 'must be a time like 20260115T020000Z'
const duration = 'must be a duration like 1.02:03:04.5678901'

/** A number as it stands in the JSON, with digits that JavaScript would lose. */
const literal = (digits: string) => ({ literal: digits })
const toJson = (body: unknown) => JSON.stringify(body).replace(/\{"literal":"(.*?)"\}/g, '$1')

async function refuses(body: unknown, issues: { path: string; message: string }[]) {
  const app = await startApp()
  const message = `This is not a report of Duplicati: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`
  expect(await app.post(toJson(body))).toEqual({
    status: 400,
    body: { status: 'error', error: { code: 'BAD_USER_INPUT', message, issues } },
  })
  const { data } = await app.graphql('{ servers { totalCount } backupJobs { totalCount } backups { totalCount } }')
  expect(data).toEqual({ servers: { totalCount: 0 }, backupJobs: { totalCount: 0 }, backups: { totalCount: 0 } })
}

describe('a field of Data is refused:', () => {
  it.each<[string, unknown, string]>([
    ['ExaminedFiles', 1.5, integer],
    ['ExaminedFiles', '1.0', integer],
    ['ExaminedFiles', '12 files', integer],
    ['ExaminedFiles', '0x10', integer],
    ['ExaminedFiles', '', integer],
    ['ExaminedFiles', true, integer],
    ['ExaminedFiles', [1], integer],
    ['SizeOfExaminedFiles', literal('9223372036854775808'), integer],
    ['SizeOfExaminedFiles', literal('-9223372036854775809'), integer],
    ['SizeOfExaminedFiles', '9223372036854775808', integer],
    ['SizeOfExaminedFiles', literal('1e16'), integer],
    ['SizeOfExaminedFiles', literal('1e400'), integer],
    ['SizeOfExaminedFiles', literal('9007199254740993.0'), integer],
    ['WarningsActualLength', -1, small],
    ['WarningsActualLength', 2 ** 31, small],
    ['WarningsActualLength', '2147483648', small],
    ['WarningsActualLength', 0.5, small],
    ['WarningsActualLength', literal('9007199254740993'), small],
    ['PartialBackup', 'yes', flag],
    ['PartialBackup', 2, flag],
    ['PartialBackup', '', flag],
    ['ParsedResult', { value: 'Success' }, 'must be text'],
    ['Version', ['2.2'], 'must be text'],
    ['BeginTime', 'yesterday', time],
    ['BeginTime', '', time],
    ['BeginTime', 1_785_463_200, time],
    ['BeginTime', '2026-07-31', time],
    ['BeginTime', '2026-07-31T02:00Z', time],
    ['BeginTime', '2026-07-31T02:00:00123Z', time],
    ['BeginTime', '2026-07-31T02:00:00.Z', time],
    ['BeginTime', '7/31/2026 2:00:00 AM', time],
    ['BeginTime', '2026-07-31T02:00:00 CEST', time],
    ['BeginTime', '2026-02-30T02:00:00Z', noTime],
    ['BeginTime', '2025-02-29T02:00:00+01:00', noTime],
    ['BeginTime', '2026-13-01T02:00:00Z', noTime],
    ['BeginTime', '2026-07-00T02:00:00Z', noTime],
    ['BeginTime', '2026-07-31T24:00:00Z', noTime],
    ['BeginTime', '2026-07-31T02:60:00Z', noTime],
    ['BeginTime', '2026-07-31T02:00:00+25:00', noTime],
    ['Duration', 'ten minutes', duration],
    ['Duration', '', duration],
    ['Duration', 600, duration],
    ['Duration', '10:00', duration],
    ['Duration', '1:00:00', duration],
    ['Duration', '00:10:00.', duration],
    ['Duration', '00:10:00.12345678', duration],
    ['Duration', '--00:10:00', duration],
    ['Duration', '100000000.00:00:00', duration],
    ['Duration', 'PT10M', duration],
  ])('%s %j', async (name, value, message) => {
    await refuses(report({ data: { [name]: value } }), [{ path: `Data.${name}`, message }])
  })
})

describe('the next scheduled run is refused:', () => {
  it.each<[unknown, string]>([
    ['tomorrow', nextRun],
    ['2026-08-02T02:00:00Z', nextRun],
    ['20260802T020000', nextRun],
    [20_260_802, nextRun],
    ['20260230T020000Z', noTime],
    ['20260802T240000Z', noTime],
  ])('%j', async (value, message) => {
    await refuses(report({ extra: { 'next-scheduled-run': value } }), [{ path: 'Extra.next-scheduled-run', message }])
  })
})

it('names everything that is wrong at once', async () => {
  const body = {
    ...report({
      data: {
        MainOperation: null,
        BeginTime: 'never',
        Duration: 'long',
        ExaminedFiles: 'many',
        ErrorsActualLength: -1,
        Interrupted: 'maybe',
        CompactResults: { DeletedFileCount: 'few' },
        DeleteResults: { DeletedSets: [{ Item2: 'then' }] },
        TestResults: { Verifications: [{ Key: {}, Value: [1] }] },
        RemoteSynchronizationResults: [{}, null],
      },
      backend: { LastBackupDate: '2026-02-30T00:00:00+01:00', BackupListCount: 1.5, ReportedQuotaError: 'no' },
    }),
    Extra: { 'machine-id': [], 'next-scheduled-run': 'soon' },
    LogLines: [1],
    Exception: {},
  }
  await refuses(body, [
    { path: 'Extra.machine-id', message: 'must be text' },
    { path: 'Extra.next-scheduled-run', message: nextRun },
    { path: 'Data.MainOperation', message: 'is missing' },
    { path: 'Data.BeginTime', message: time },
    { path: 'Data.Duration', message: duration },
    { path: 'Data.Interrupted', message: flag },
    { path: 'Data.ErrorsActualLength', message: small },
    { path: 'Data.ExaminedFiles', message: integer },
    { path: 'Data.BackendStatistics.LastBackupDate', message: noTime },
    { path: 'Data.BackendStatistics.BackupListCount', message: small },
    { path: 'Data.BackendStatistics.ReportedQuotaError', message: flag },
    { path: 'Data.CompactResults.DeletedFileCount', message: integer },
    { path: 'Data.DeleteResults.DeletedSets.0.Item2', message: time },
    { path: 'Data.TestResults.Verifications.0.Key', message: 'must be text' },
    { path: 'Data.TestResults.Verifications.0.Value.0', message: 'must be an object' },
    { path: 'Data.RemoteSynchronizationResults.1', message: 'must be an object' },
    { path: 'LogLines.0', message: 'must be text' },
    { path: 'Exception', message: 'must be text' },
  ])
})
