// Runs that a script did not let begin: what they look like in each release, and what only looks like one.

import { describe, expect, it } from 'vitest'
import { readReport } from '../../src/duplicati/readReport.ts'

const zeros = { ExaminedFiles: 0, SizeOfExaminedFiles: 0, AddedFiles: 0, PartialBackup: false }
const stopped = { MainOperation: 'Backup', ParsedResult: 'Success', Interrupted: true, ...zeros }
const idle = { RemoteCalls: 0, BytesUploaded: 0, KnownFileSize: 0, BackupListCount: 0 }
const tag = '2026-11-30 04:02:33 +00 - [Warning-Duplicati.Library.Modules.Builtin.RunScript-InvalidExitCode]:'
const returned = (code: unknown) => `The script "/scripts/s1.sh" returned with exit code ${code}`

function runOf(data: Record<string, unknown>, { exception = null, lines = [] as string[] } = {} as Options) {
  const document = {
    Data: data,
    Extra: { OperationName: 'Backup', 'machine-id': 'm', 'backup-id': 'b' },
    LogLines: lines,
    Exception: exception,
  }
  const read = readReport(document, { machine: null, maxLogLines: 100, text: () => '' })
  if (!('report' in read)) throw new Error('ignored')
  const { status, parsedResult, prevented, preventedReason, exception: told, interrupted } = read.report.run
  return { status, parsedResult, prevented, preventedReason, exception: told, interrupted }
}

interface Options {
  exception?: string | null
  lines?: string[]
}

const prevented = (status: string, parsedResult: string | null, preventedReason: string | null = null) => ({
  ...{ status, parsedResult, prevented: true, preventedReason, exception: null, interrupted: true },
})

describe('an interrupted run without any figure was prevented', () => {
  it.each<[string | null, string]>([
    ['Success', 'UNKNOWN'],
    ['Unknown', 'UNKNOWN'],
    [null, 'UNKNOWN'],
    ['Warning', 'WARNING'],
    ['Error', 'ERROR'],
  ])('whatever was reported: %s is %s', (parsedResult, status) => {
    const data = { ...stopped, ParsedResult: parsedResult, BackendStatistics: idle }
    expect(runOf(data)).toEqual(prevented(status, parsedResult))
  })

  it('with what is logged of it, which is neither a figure nor evidence', () => {
    const data = { ...stopped, MessagesActualLength: 1, WarningsActualLength: 1, Duration: '00:00:01' }
    expect(runOf(data)).toEqual(prevented('UNKNOWN', 'Success'))
  })

  it('with what is known of the destination', () => {
    const data = { ...stopped, BackendStatistics: { ...idle, KnownFileSize: 9, TotalQuotaSpace: 9 } }
    expect(runOf(data)).toEqual(prevented('UNKNOWN', 'Success'))
  })

  it.each<[string, string[], string | null]>([
    ['from the script', ['… and so on', `${tag} ${returned(3)}\r\nmore`], returned(3)],
    ['the first of two', [`${tag} first`, `${tag} second`], 'first'],
    ['nothing else', ['2026-11-30 04:02:33 +00 - [Warning-Duplicati.Other-RunScripts]: no', 'RunScript]: no'], null],
  ])('for a reason that is %s', (_, lines, reason) => {
    expect(runOf(stopped, { lines })).toEqual(prevented('UNKNOWN', 'Success', reason))
  })
})

describe('a run was not prevented', () => {
  it.each<[string, Record<string, unknown>, Options?]>([
    ['that was not interrupted', { Interrupted: false }],
    ['that examined a file', { ExaminedFiles: 1 }],
    ['that deleted more than a double holds', { DeletedFiles: '9007199254740993' }],
    ['that is partial', { PartialBackup: true }],
    ['that asked the destination', { BackendStatistics: { ...idle, RemoteCalls: 1 } }],
    ['that uploaded', { BackendStatistics: { ...idle, BytesUploaded: 1 } }],
    ['that failed', {}, { exception: 'System.Exception: x' }],
    ['whose failure is only stated', { ParsedResult: 'Fatal' }],
    ['whose script is required', { Interrupted: false, ParsedResult: 'Fatal' }, { exception: `T: ${returned(1)}` }],
    ['that did something before', { ExaminedFiles: 1 }, { exception: `OperationAbortException: ${returned(1)}` }],
  ])('%s', (_, data, options) => {
    expect(runOf({ ...stopped, ...data }, options)).toMatchObject({ prevented: false, preventedReason: null })
  })

  it('but stopped, and is no success', () => {
    expect(runOf({ ...stopped, ExaminedFiles: 9 })).toMatchObject({ status: 'WARNING', interrupted: true })
  })
})

describe('a run that an exception aborted was prevented', () => {
  const type = 'Duplicati.Library.Interface.OperationAbortException'

  it.each<[unknown, string, string]>([
    [1, 'UNKNOWN', 'Success'],
    [3, 'WARNING', 'Warning'],
    [5, 'ERROR', 'Error'],
    [0, 'ERROR', 'Error'],
    [2, 'ERROR', 'Error'],
    [4, 'ERROR', 'Error'],
    [-1, 'ERROR', 'Error'],
    [13, 'ERROR', 'Error'],
    ['unknown', 'ERROR', 'Error'],
  ])('with the exit code %s: %s', (code, status, result) => {
    const data = { ClassName: type, Message: returned(code), StackTraceString: '   at x', HResult: 1 }
    expect(runOf(data)).toEqual(prevented(status, result, returned(code)))
  })

  it('in another language', () => {
    const message = 'Das Skript "/skripte/5.sh" endete mit Rückgabewert 1'
    expect(runOf({ ClassName: type, Message: message })).toEqual(prevented('UNKNOWN', 'Success', message))
  })

  it('if only the text of the exception tells, and no figure speaks against it', () => {
    const exception = `${type}: ${returned(3)}\n   at x`
    const data = { MainOperation: 'Backup', ParsedResult: 'Fatal', ...zeros }
    expect(runOf(data, { exception })).toEqual(prevented('WARNING', 'Warning', returned(3)))
  })

  it('if only the stack tells', () => {
    const data = { Message: returned(1), StackTrace: `   at ${type}..ctor()` }
    expect(runOf(data)).toEqual(prevented('UNKNOWN', 'Success', returned(1)))
  })
})
