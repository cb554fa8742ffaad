// Odd bodies that are taken: the whole answer to each, and what is stored of it. One table, a line or two for each.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

/** A number as it stands in the JSON, with digits that JavaScript would lose. */
const literal = (digits: string) => ({ literal: digits })
const toJson = (body: unknown) => JSON.stringify(body).replace(/\{"literal":"(.*?)"\}/g, '$1')

/** Posts a report to an empty app, and compares `fields` of the stored run, in GraphQL, with `expected`. */
async function takes(body: unknown, fields: string, expected: unknown, path = '/api/upload') {
  const app = await startApp()
  expect(await app.rest('POST', path, typeof body === 'string' ? body : toJson(body))).toEqual({
    status: 200,
    body: { success: true, backup: { id: 1 }, duplicate: false },
  })
  expect(await app.graphql(`{ node(id: "Backup:1") { ... on Backup { ${fields} } } }`)).toEqual({
    data: { node: expected },
  })
}

describe('a figure is read:', () => {
  it.each<[unknown, number | string]>([
    ['1000', 1000],
    [' 1000 ', 1000],
    ['-7', -7],
    [-7, -7],
    [null, 0],
    [literal('1.0'), 1],
    [literal('1e3'), 1000],
    [literal('-0'), 0],
    [literal('9007199254740991'), 9_007_199_254_740_991],
    [literal('9007199254740993'), '9007199254740993'],
    ['9007199254740993', '9007199254740993'],
    [literal('9223372036854775807'), '9223372036854775807'],
    [literal('-9223372036854775808'), '-9223372036854775808'],
  ])('%j', async (value, expected) => {
    const body = report({ data: { ExaminedFiles: value }, backend: { BytesUploaded: value } })
    await takes(body, 'examinedFiles uploadedSize', { examinedFiles: expected, uploadedSize: expected })
  })

  it.each<[unknown, number]>([
    ['2147483647', 2 ** 31 - 1],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [' 3 ', 3],
    [null, 0],
  ])('a count of warnings %j', async (value, warnings) => {
    await takes(report({ data: { WarningsActualLength: value } }), 'warnings', { warnings })
  })

  it.each<[unknown, boolean]>([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    [1, true],
    [0, false],
    [null, false],
  ])('a flag %j', async (value, expected) => {
    const body = report({ data: { PartialBackup: value }, backend: { ReportedQuotaError: value } })
    await takes(body, 'partial destination { quotaError }', {
      partial: expected,
      destination: { quotaError: expected },
    })
  })

  it('quotas that are not set, or beside which nothing is left', async () => {
    const fields = 'destination { totalQuota freeQuota assignedQuota }'
    const quota = (total: number, free: number, assigned: number) =>
      report({ backend: { TotalQuotaSpace: total, FreeQuotaSpace: free, AssignedQuotaSpace: assigned } })
    await takes(quota(0, 0, -1), fields, { destination: { totalQuota: null, freeQuota: null, assignedQuota: null } })
    await takes(quota(9, -1, 0), fields, { destination: { totalQuota: 9, freeQuota: null, assignedQuota: null } })
    await takes(quota(9, 0, 5), fields, { destination: { totalQuota: 9, freeQuota: 0, assignedQuota: 5 } })
  })
})

describe('a time is read:', () => {
  it.each<[string, string | null]>([
    ['2026-07-31T02:00:00Z', '2026-07-31T02:00:00.000Z'],
    ['2026-07-31T02:00:00.1Z', '2026-07-31T02:00:00.100Z'],
    ['2026-07-31T02:00:00.12Z', '2026-07-31T02:00:00.120Z'],
    ['2026-07-31T02:00:00.123Z', '2026-07-31T02:00:00.123Z'],
    ['2026-07-31T02:00:00.1239Z', '2026-07-31T02:00:00.123Z'],
    ['2026-07-31T02:00:00.12399Z', '2026-07-31T02:00:00.123Z'],
    ['2026-07-31T02:00:00.123999Z', '2026-07-31T02:00:00.123Z'],
    ['2026-07-31T02:00:00.1239999Z', '2026-07-31T02:00:00.123Z'],
    ['2026-07-31T02:00:00', '2026-07-31T02:00:00.000Z'],
    ['2026-07-31T02:00:00.5', '2026-07-31T02:00:00.500Z'],
    ['2026-07-31T02:00:00+05:30', '2026-07-30T20:30:00.000Z'],
    ['2026-07-31T02:00:00.25-0330', '2026-07-31T05:30:00.250Z'],
    ['2026-07-31 02:00:00z', '2026-07-31T02:00:00.000Z'],
    [' 2026-07-31t02:00:00Z ', '2026-07-31T02:00:00.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['0001-01-01T00:00:00', null],
    ['0001-01-01T00:00:00Z', null],
    ['0001-01-01T00:00:00+01:00', null],
  ])('%j', async (value, expected) => {
    const body = report({ data: { EndTime: value }, backend: { LastBackupDate: value } })
    await takes(body, 'endedAt destination { lastVersionAt }', {
      endedAt: expected,
      destination: { lastVersionAt: expected },
    })
  })

  it.each(['0001-01-01T00:00:00', null])('a begin of %j is the time of receipt', async (value) => {
    await takes(report({ data: { BeginTime: value } }), 'beganAt receivedAt', {
      beganAt: '2026-08-01T12:00:00.000Z',
      receivedAt: '2026-08-01T12:00:00.000Z',
    })
  })

  it.each<[string | null, string | null]>([
    ['20260802T020000Z', '2026-08-02T02:00:00.000Z'],
    [' 20260802T020000Z ', '2026-08-02T02:00:00.000Z'],
    ['00010101T000000Z', null],
    ['%next-scheduled-run%', null],
    ['', null],
    [null, null],
  ])('the next run %j', async (value, expected) => {
    const body = report({ extra: { 'next-scheduled-run': value } })
    await takes(body, 'nextScheduledRun job { dueAt }', { nextScheduledRun: expected, job: { dueAt: expected } })
  })

  it.each<[string | null, number | null]>([
    ['00:10:00', 600],
    ['00:00:00.5', 0.5],
    ['1.21:18:20.7495731', 163_100.749_573_1],
    ['10675199.02:48:05.4775807', 922_337_203_685.4775],
    ['-00:00:01.5', -1.5],
    ['-1.00:00:00', -86_400],
    [' 00:00:01 ', 1],
    [null, null],
  ])('a duration %j', async (value, durationSeconds) => {
    await takes(report({ data: { Duration: value } }), 'durationSeconds', { durationSeconds })
  })
})

describe('a result is read:', () => {
  it.each<[unknown, string | null, string]>([
    ['success', 'success', 'SUCCESS'],
    ['FATAL', 'FATAL', 'FATAL'],
    ['Frobnicated', 'Frobnicated', 'UNKNOWN'],
    ['', '', 'UNKNOWN'],
    [7, '7', 'UNKNOWN'],
    [null, null, 'UNKNOWN'],
    [undefined, null, 'UNKNOWN'],
  ])('%j', async (value, reportedResult, status) => {
    await takes(report({ data: { ParsedResult: value } }), 'reportedResult status', { reportedResult, status })
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['in lower case', { MainOperation: 'backup' }, {}],
    ['only in Extra', { MainOperation: null }, { OperationName: ' Backup ' }],
    ['of another kind, but in Extra', { MainOperation: 1 }, { OperationName: 'Backup' }],
    ['that Extra contradicts', { MainOperation: 'Backup' }, { OperationName: 'Restore' }],
  ])('an operation %s', async (_, data, extra) => {
    await takes(report({ data, extra }), 'operation status', { operation: 'Backup', status: 'SUCCESS' })
  })

  it.each([null, undefined, ''])('no exception in %j', async (exception) => {
    await takes({ ...report(), Exception: exception }, 'exception status', { exception: null, status: 'SUCCESS' })
  })

  it.each([null, undefined, []])('no lines in %j', async (lines) => {
    await takes({ ...report(), LogLines: lines }, 'logLines { totalCount } logLinesDropped', {
      logLines: { totalCount: 0 },
      logLinesDropped: 0,
    })
  })

  it('lines with odd prefixes', async () => {
    const lines = ['… [constructor-x]: a', '… [__proto__-x]: b', '[Error-', '', '\0\u001b[31m', '\ud83d cut']
    await takes(report({ logLines: lines }), 'logLines { nodes { level text } }', {
      logLines: {
        nodes: [
          { level: 'INFORMATION', text: '… [constructor-x]: a' },
          { level: 'INFORMATION', text: '… [__proto__-x]: b' },
          { level: 'ERROR', text: '[Error-' },
          { level: 'INFORMATION', text: '' },
          { level: 'INFORMATION', text: '\0\u001b[31m' },
          { level: 'INFORMATION', text: '\ufffd cut' },
        ],
      },
    })
  })

  it('no parts in null, and parts without figures in {}', async () => {
    const parts = (value: unknown) =>
      report({ data: { CompactResults: value, DeleteResults: value, TestResults: value, RepairResults: value } })
    const fields = `parts {
      compaction { deletedFiles } retention { deletedVersions deletedAt } verification { checkedFiles } repaired vacuumed
    }`
    await takes(parts(null), fields, { parts: null })
    await takes(parts({}), fields, {
      parts: {
        compaction: { deletedFiles: 0 },
        retention: { deletedVersions: 0, deletedAt: [] },
        verification: { checkedFiles: 0 },
        repaired: true,
        vacuumed: false,
      },
    })
  })

  it('a report of nothing but its operation and its names', async () => {
    const body = { Data: { MainOperation: 'Backup' }, Extra: { 'machine-name': 'nas', 'backup-name': 'Photos' } }
    await takes(body, 'status durationSeconds sourceSize uploadedSize storedSize versions parts { vacuumed }', {
      status: 'UNKNOWN',
      durationSeconds: null,
      sourceSize: null,
      uploadedSize: 0,
      storedSize: null,
      versions: null,
      parts: null,
    })
  })
})
