// The text form of a report, in the languages, calendars and shapes in which Duplicati writes it.

import { describe, expect, it } from 'vitest'
import type { ReadReport } from '../../src/duplicati/readReport.ts'
import { readHere } from '../../src/duplicati/reportText.ts'
import { startApp } from '../support/app.ts'
import { report as jsonReport } from '../support/report.ts'

const ids = '(1790f1e02f474eee9420385874024439, DB-2, nas)'
const figures = `ExaminedFiles: 51
SizeOfExaminedFiles: 6773581
MainOperation: Backup
ParsedResult: Success
Version: 2.3.0.4 (Current)
EndTime: 11/30/2026 03:34:06 (1796009646)
BeginTime: 11/30/2026 03:34:05 (1796009645)
Duration: 00:00:00.7892245`
const textOf = (header: string, body = figures) => `Duplicati Backup report for ${header}\n\n${body}`

function read(text: string) {
  const result: ReadReport = readHere(new TextEncoder().encode(text), { machine: null, maxLogLines: 100 })
  if (!('report' in result)) throw new Error(`${result.ignored} was ignored`)
  return result.report
}

/** The run of a text with such lines among its figures, before those that are usual. */
const runOf = (...lines: string[]) => read(textOf(`Photos ${ids}`, [...lines, figures].join('\n'))).run

describe('the first line names', () => {
  const machine = { id: '1790f1e02f474eee9420385874024439', name: 'nas' }
  const named = (name: string | null) => ({ machine, job: { id: 'DB-2', name } })

  it.each<[string, object]>([
    [`Photos ${ids}`, named('Photos')],
    [`Photos (old) ${ids}`, named('Photos (old)')],
    [`Photos (a, b, c) ${ids}`, named('Photos (a, b, c)')],
    [`a, b: c "d" ${ids}`, named('a, b: c "d"')],
    [`first\nsecond ${ids}`, named('first\nsecond')],
    [`first (x, y)\nsecond ${ids}`, named('first (x, y)\nsecond')],
    [`first\n\nsecond ${ids}`, named('first\n\nsecond')],
    [` ${ids}`, named(null)],
    [ids, named(null)],
    ['Photos (, DB-2, nas)', { machine: { id: null, name: 'nas' }, job: { id: 'DB-2', name: 'Photos' } }],
    ['Photos (m, DB-2)', { machine: { id: 'm', name: null }, job: { id: 'DB-2', name: 'Photos' } }],
    ['Photos (m, mine, nas)', { machine: { id: 'm', name: 'nas' }, job: { id: 'mine', name: 'Photos' } }],
    ['Photos (m, , nas)', { machine: { id: 'm', name: 'nas' }, job: { id: null, name: 'Photos' } }],
    ['Photos (m, DB-2, Mac (2))', { machine: { id: 'm', name: 'Mac (2)' }, job: { id: 'DB-2', name: 'Photos' } }],
    [
      'Photos (m, DB-2, a (b, c, d))',
      { machine: { id: 'm', name: 'a (b, c, d)' }, job: { id: 'DB-2', name: 'Photos' } },
    ],
    ['Photos (m, DB-2, a, b)', { machine: { id: 'm', name: 'a, b' }, job: { id: 'DB-2', name: 'Photos' } }],
    [`Photos ${ids}\n\nHello (a, b, c)`, named('Photos')],
  ])('%j', (header, expected) => {
    expect(read(textOf(header))).toMatchObject(expected)
  })

  it.each([
    ['Photos', 'Photos'],
    ['Photos (a, b, c)', 'Photos (a, b, c)'],
    ['Photos\nHello', 'Photos\nHello'],
  ])('the job alone in 2.0.6: %j', async (header, name) => {
    const app = await startApp()
    const body = textOf(header, figures.replace(/Version: .*/, 'Version: 2.0.6.3 (2.0.6.3_beta_2021-06-17)'))
    expect((await app.rest('POST', '/api/upload?machine=laptop', body)).status).toBe(200)
    const { data } = await app.graphql('{ backups { nodes { server { name } job { name backupId } } } }')
    expect(data).toEqual({ backups: { nodes: [{ server: { name: 'laptop' }, job: { name, backupId: null } }] } })
  })

  it.each(['Restore', 'List', 'Frobnicate'])('another operation, which is ignored: %s', async (operation) => {
    const app = await startApp()
    const answer = await app.rest('POST', '/api/upload', `Duplicati ${operation} report for x (m, DB-1, n)\n\nx: 1`)
    expect(answer).toEqual({ status: 200, body: { success: true, ignored: operation } })
  })

  it('no operation, which the figures do', () => {
    expect(read(`Duplicati report for Photos ${ids}\n\n${figures}`).job.name).toBe('Photos')
  })
})

describe('a count is read:', () => {
  it.each<[string, number | bigint]>([
    ['6773581', 6_773_581],
    ['6.773.581', 6_773_581],
    ['6,773,581', 6_773_581],
    ['67,73,581', 6_773_581],
    ['6 773 581', 6_773_581],
    ['6\u00a0773\u00a0581', 6_773_581],
    ['6\u202f773\u202f581', 6_773_581],
    ["6'773'581", 6_773_581],
    ['6’773’581', 6_773_581],
    ['٦٬٧٧٣٬٥٨١', 6_773_581],
    ['٦٧٧٣٥٨١', 6_773_581],
    ['۶۷۷۳۵۸۱', 6_773_581],
    ['६७,७३,५८१', 6_773_581],
    ['๖๗๗๓๕๘๑', 6_773_581],
    ['-7', -7],
    ['\u22127', -7],
    ['\u061c-7', -7],
    ['\u200e\u22127', -7],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['null', 0],
    ['', 0],
  ])('%j', (value, expected) => {
    expect(runOf(`AddedFiles: ${value}`).addedFiles).toBe(expected)
  })

  it.each(['1.5', '1,23', '1.234,567', '1234.567', '1e3', 'many', '1 2'])('not %j, which is refused', (value) => {
    expect(() => runOf(`AddedFiles: ${value}`)).toThrow('AddedFiles: must be a 64-bit integer')
  })
})

describe('a time is that in parentheses:', () => {
  it.each<[string, string | null]>([
    ['11/30/2026 03:34:05 (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['30.11.2026 04:34:05 (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['20/6/1448 3:34:05 ص (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['30/11/2569 3:34:05 (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['30.11.2026 г. 5:34:05 (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['۱۴۰۵/۹/۹ ۷:۰۴:۰۵ (۱۷۹۶۰۰۹۶۴۵)', '2026-11-30T03:34:05.000Z'],
    ['(oddly) (1796009645)', '2026-11-30T03:34:05.000Z'],
    ['01/01/0001 00:00:00 (-62135596800)', null],
    ['01/01/0001 00:00:00 (\u221262135596800)', null],
    ['01/01/0001 05:00:00 (-62135578800)', null],
    ['null', null],
  ])('%j', (value, expected) => {
    expect(runOf(`EndTime: ${value}`).endedAt?.toISOString() ?? null).toBe(expected)
  })

  it.each(['11/30/2026 03:34:05', '(99999999999999)', 'soon', '(soon)'])('not %j, which is refused', (value) => {
    expect(() => runOf(`EndTime: ${value}`)).toThrow('EndTime: must be a time like')
  })
})

describe('other values are read:', () => {
  it.each<[string, object]>([
    ['Duration: 1.02:03:04.5', { durationSeconds: 93_784.5 }],
    ['Duration: \u221200:00:01', { durationSeconds: -1 }],
    ['PartialBackup: True', { partial: true, status: 'WARNING' }],
    ['Dryrun: TRUE', { dryRun: true }],
    ['WarningsActualLength: 2', { warnings: 2, status: 'WARNING' }],
    ['Unknown: 7', { status: 'SUCCESS' }],
    [
      'CompactResults:\n    DeletedFileCount: 7\n    ParsedResult: Fatal\n    AddedFiles: 9',
      { status: 'SUCCESS', addedFiles: 0 },
    ],
    ['RemoteSynchronizationResults: [\n    ParsedResult: Fatal\n    X: [\n    ],\n    Y: 1\n]', { status: 'SUCCESS' }],
    ['RemoteSynchronizationResults: []\nParsedResult: Warning', { parsedResult: 'Warning' }],
    ['Messages: [\nParsedResult: Error', { parsedResult: 'Error' }],
  ])('%j', (line, expected) => {
    expect(runOf(line)).toMatchObject({ asText: true, sourceSize: 6_773_581, ...expected })
  })

  it('with line breaks of Windows', () => {
    const text = textOf(`Photos ${ids}`, `${figures}\nLimitedErrors: []`)
    const { bodyHash, ...run } = read(text.replaceAll('\n', '\r\n')).run
    expect(run).toEqual((({ bodyHash, ...same }) => same)(read(text).run))
  })

  it('and a figure that is not there is not known', () => {
    const text = textOf(`Photos ${ids}`, 'ParsedResult: Success')
    expect(read(text).run).toMatchObject({
      status: 'SUCCESS',
      sourceSize: null,
      beganAt: null,
      bodyHash: expect.any(String),
    })
  })
})

describe('a failure', () => {
  const details = 'System.IO.IOException: Gone\n\nVersion: none ---> T: inner\n   at x'

  it('stands before the figures', () => {
    const run = runOf('Failed: Gone', `Details: ${details}`, '', 'DeletedFiles: 0', 'ParsedResult: Fatal')
    expect(run).toMatchObject({ status: 'FATAL', exception: details, version: '2.3.0.4 (Current)' })
  })

  it('may have rows that look like figures, unless a blank one is before them', () => {
    const exception = 'T: Gone\nAddedFiles: 7\n   at x'
    const run = runOf('Failed: Gone', `Details: ${exception}`, '', 'AddedFiles: 1', 'ParsedResult: Fatal')
    expect(run).toMatchObject({ exception, addedFiles: 1 })
  })

  it('is all that 2.0.6 sends, with the log', async () => {
    const app = await startApp()
    const body =
      'Duplicati Backup report for Photos\r\n\r\nFailed: Gone\r\nDetails: T: Gone\r\n   at x\r\n\r\nLog data:\r\n2026-07-31 04:00:01 +02 - [Error-A-FailedOperation]: The operation has failed\r\nT: Gone\r\n'
    const post = () => app.rest('POST', '/api/upload?machine=laptop', `message=${encodeURIComponent(body)}`)
    await app.rest(
      'POST',
      '/api/upload?machine=laptop',
      jsonReport({ extra: { 'backup-id': null, 'machine-id': null, 'machine-name': null } }),
    )
    expect((await post()).body).toMatchObject({ duplicate: false })
    expect((await post()).body).toMatchObject({ duplicate: true })
    const { data } = await app.graphql(
      '{ backups(first: 1) { nodes { status reportedResult exception sourceSize beganAt logLines { nodes { level text } } job { storedSize versions } } } }',
    )
    expect(data).toEqual({
      backups: {
        nodes: [
          {
            ...{ status: 'FATAL', reportedResult: 'Fatal', exception: 'T: Gone\r\n   at x', sourceSize: null },
            beganAt: '2026-08-01T12:00:00.000Z',
            logLines: {
              nodes: [
                {
                  level: 'ERROR',
                  text: '2026-07-31 04:00:01 +02 - [Error-A-FailedOperation]: The operation has failed\r\nT: Gone',
                },
              ],
            },
            job: { storedSize: 70_000, versions: 7 },
          },
        ],
      },
    })
  })

  it('that is only a message is told by it', () => {
    expect(read(textOf('Photos (m, DB-1, n)', 'Failed: Gone\nfor good')).run.exception).toBe('Gone\nfor good')
  })

  it('by which a script prevented a run of 2.0.7 is none', () => {
    const thrown = 'Duplicati.Library.Interface.OperationAbortException: The script "/s" returned with exit code 3'
    const text = textOf('Photos (m, DB-1, n)', `Failed: The script\nDetails: ${thrown}\n   at x`)
    expect(read(text).run).toMatchObject({
      ...{ prevented: true, status: 'WARNING', exception: null },
      preventedReason: 'The script "/s" returned with exit code 3',
    })
  })
})

describe('the log', () => {
  const line = (level: string, text: string) => `2026-11-30 04:03:54 +00 - [${level}-A.B-C]: ${text}`
  const [warning, error] = [line('Warning', 'w'), line('Error', 'e')]

  it.each<[string, string[], string[]]>([
    ['of nothing', ['LimitedWarnings: []', 'LimitedErrors: []'], []],
    [
      'in lists',
      ['LimitedWarnings: [', `    ${warning}`, ']', 'LimitedErrors: [', `    ${error}`, ']'],
      [warning, error],
    ],
    [
      'in lists of older releases',
      ['Warnings: [', `    ${warning}`, ']', 'Errors: [', `    ${error}`, ']'],
      [warning, error],
    ],
    ['without information', ['LimitedMessages: [', `    ${line('Information', 'i')}`, ']'], []],
    [
      'with several entries of many rows',
      ['LimitedErrors: [', `    ${error},`, 'T: x,', '   at y,', `    ${warning},`, 'T: z', ',', '...', ']'],
      [`${error},\nT: x,\n   at y`, `${warning},\nT: z`],
    ],
    ['without prefixes', ['LimitedErrors: [', '    one,', '    two', ']'], ['one', 'two']],
    [
      'at the end',
      ['Log data:', warning, 'T: x', '   at y', error, '... and 17 more', ''],
      [`${warning}\nT: x\n   at y`, error, '... and 17 more'],
    ],
    [
      'of which the lists are a part',
      [
        'LimitedWarnings: [',
        `    ${warning}`,
        ']',
        'LimitedErrors: [',
        `    ${error}`,
        'T: x',
        ']',
        'Log data:',
        error,
        'System.T: x',
      ],
      [warning, `${error}\nSystem.T: x`],
    ],
    ['with a line twice', ['Log data:', warning, warning], [warning, warning]],
    ['without a bracket at the end', ['LimitedErrors: [', `    ${error}`, 'Log data:', warning], [error, warning]],
    [
      'with rows that look like figures',
      ['Log data:', `${warning}\nParsedResult: Fatal`],
      [`${warning}\nParsedResult: Fatal`],
    ],
  ])('%s', (_, rows, lines) => {
    const { logLines, run } = read(textOf(`Photos ${ids}`, [figures, ...rows].join('\n')))
    expect(logLines.map(({ text }) => text)).toEqual(lines)
    expect(run.status).toBe('SUCCESS')
  })

  it('has the levels of its prefixes', () => {
    const { logLines } = read(textOf(`Photos ${ids}`, `${figures}\nLog data:\n${warning}\n${error}`))
    expect(logLines.map(({ level }) => level)).toEqual(['WARNING', 'ERROR'])
  })
})
