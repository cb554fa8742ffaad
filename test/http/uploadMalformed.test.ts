// Bodies that are refused: the whole answer to each, and that nothing is stored of it.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

type Issue = [path: string, message: string]

const missingMachine: Issue = [
  'Extra.machine-id',
  'is missing, and so is machine-name; add ?machine=NAME to the address for releases that send neither',
]
const missingJob: Issue = [
  'Extra.backup-name',
  'is missing, and so is backup-id; a --send-http-message must contain %backup-name% and %backup-id%',
]
const nobody = { 'machine-id': null, 'machine-name': null }
const nothing = { 'backup-id': null, 'backup-name': null }
const noReport: Issue = ['', 'must be a JSON object with Data and Extra']
const textForm: Issue = [
  '',
  'is the text form of a report; set --send-http-json-urls, or --send-http-result-output-format=Json',
]
const empty: Issue = ['', 'is empty; a redirect may have turned the POST into a GET, give Duplicati the final address']
const tooLong = 'must not exceed 1000 characters'
/** What the JSON parser of this release of Node says, which differs from release to release. */
function notJson(text: string): Issue {
  try {
    JSON.parse(text)
  } catch (error) {
    return ['', `is not JSON (${(error as Error).message})`]
  }
  throw new Error(`${text} is JSON`)
}

const withData = (name: string, value: unknown) => report({ data: { [name]: value } })
const operationInPrototype = JSON.stringify(report()).replace(
  '"MainOperation":"Backup"',
  '"__proto__":{"MainOperation":"Backup"}',
)
const truncated = JSON.stringify(report()).slice(0, -10)

async function refuses(body: unknown, issues: Issue[], path = '/api/upload') {
  const app = await startApp()
  const list = issues.map(([at, message]) => (at ? `${at}: ${message}` : message)).join('; ')
  expect(await app.rest('POST', path, body)).toEqual({
    status: 400,
    body: {
      status: 'error',
      error: {
        code: 'BAD_USER_INPUT',
        message: `This is not a report of Duplicati: ${list}`,
        issues: issues.map(([at, message]) => ({ path: at, message })),
      },
    },
  })
  expect((await app.rest('GET', '/api/summary')).body).toMatchObject({
    totalServers: 0,
    totalBackups: 0,
    totalBackupsRuns: 0,
    totalBackupJobs: 0,
    totalUploadedSize: 0,
    totalStorageUsed: 0,
    totalBackupSize: 0,
    overdueBackupsCount: 0,
    secondsSinceLastBackup: null,
  })
}

describe('a body that is not a report is refused:', () => {
  it.each<[string, unknown, Issue[]]>([
    ['nothing', '', [empty]],
    ['white space', ' \r\n', [empty]],
    ['a word', 'hello', [notJson('hello')]],
    ['a truncated report', truncated, [notJson(truncated)]],
    ['two reports', '{}{}', [notJson('{}{}')]],
    ['UTF-16 as text', '{\0"\0', [notJson('{\0"\0')]],
    [
      'nesting without end beside a long number',
      `[1234567890123456,${'['.repeat(200_000)}`,
      [['', 'is nested too deeply']],
    ],
    ['the form with a message', 'message=Duplicati%20Backup%20report%20for%20Photos&token=abc', [textForm]],
    ['the form with long digits', 'message=SizeOfExaminedFiles%3A%201234567890123456', [textForm]],
    ['the text alone', 'Duplicati Backup report for Photos\r\n\r\nDeletedFiles: 0\r\n', [textForm]],
    ['null', null, [noReport]],
    ['an array', [report()], [noReport]],
    ['a number', 42, [noReport]],
    ['a long number', '12345678901234567890', [noReport]],
    ['text', JSON.stringify('Backup'), [noReport]],
    ['true', true, [noReport]],
    ['an empty object', {}, [['Data', 'is missing'], missingMachine, missingJob]],
    [
      'a live status',
      { operation: 'Backup', status: 'Running', isCompleted: false, progress: {} },
      [['Data', 'is missing'], missingMachine, missingJob],
    ],
  ])('%s', async (_, body, issues) => {
    await refuses(body, issues)
  })
})

describe('a part of another kind is refused:', () => {
  it.each<[string, unknown, Issue[]]>([
    ['no Data', { ...report(), Data: undefined }, [['Data', 'is missing']]],
    ['Data null', { ...report(), Data: null }, [['Data', 'must be an object']]],
    ['Data as an array', { ...report(), Data: [] }, [['Data', 'must be an object']]],
    ['Data as text', { ...report(), Data: 'Backup' }, [['Data', 'must be an object']]],
    ['no Extra', { ...report(), Extra: undefined }, [missingMachine, missingJob]],
    ['Extra null', { ...report(), Extra: null }, [missingMachine, missingJob]],
    ['Extra as an array', { ...report(), Extra: [] }, [['Extra', 'must be an object']]],
    ['Extra as text', { ...report(), Extra: 'nas' }, [['Extra', 'must be an object']]],
    ['LogLines as text', report({ logLines: 'a line' }), [['LogLines', 'must be an array of texts']]],
    ['LogLines as an object', report({ logLines: { 0: 'a line' } }), [['LogLines', 'must be an array of texts']]],
    ['a number among LogLines', report({ logLines: ['a line', 7] }), [['LogLines.1', 'must be text']]],
    ['null among LogLines', report({ logLines: [null] }), [['LogLines.0', 'must be text']]],
    ['Exception as an object', report({ exception: { Message: 'x' } }), [['Exception', 'must be text']]],
    [
      'BackendStatistics as text',
      withData('BackendStatistics', 'x'),
      [['Data.BackendStatistics', 'must be an object']],
    ],
    ['CompactResults as text', withData('CompactResults', 'x'), [['Data.CompactResults', 'must be an object']]],
    ['DeleteResults as an array', withData('DeleteResults', []), [['Data.DeleteResults', 'must be an object']]],
    ['VacuumResults as a number', withData('VacuumResults', 1), [['Data.VacuumResults', 'must be an object']]],
    [
      'a number among the deleted sets',
      withData('DeleteResults', { DeletedSets: [{}, 1] }),
      [['Data.DeleteResults.DeletedSets.1', 'must be an object']],
    ],
    [
      'Verifications as an object',
      withData('TestResults', { Verifications: {} }),
      [['Data.TestResults.Verifications', 'must be an array']],
    ],
    [
      'RemoteSynchronizationResults as an object',
      withData('RemoteSynchronizationResults', {}),
      [['Data.RemoteSynchronizationResults', 'must be an array']],
    ],
  ])('%s', async (_, body, issues) => {
    await refuses(body, issues)
  })
})

describe('a report that does not say what it is, or whose, is refused:', () => {
  it.each<[string, unknown, Issue[]]>([
    ['no machine', report({ extra: nobody }), [missingMachine]],
    ['no job', report({ extra: nothing }), [missingJob]],
    ['neither', report({ extra: { ...nobody, ...nothing } }), [missingMachine, missingJob]],
    [
      'blank names',
      report({ extra: { ...nobody, ...nothing, 'machine-name': ' ', 'backup-name': '\t' } }),
      [missingMachine, missingJob],
    ],
    [
      'blank ids',
      report({ extra: { ...nobody, ...nothing, 'machine-id': '', 'backup-id': '' } }),
      [missingMachine, missingJob],
    ],
    [
      'a machine name of 1001 characters',
      report({ extra: { 'machine-name': 'x'.repeat(1001) } }),
      [['Extra.machine-name', tooLong]],
    ],
    [
      'a job id of 1001 characters',
      report({ extra: { 'backup-id': 'x'.repeat(1001) } }),
      [['Extra.backup-id', tooLong]],
    ],
    ['a name as an object', report({ extra: { 'backup-name': {} } }), [['Extra.backup-name', 'must be text']]],
    ['no operation', withData('MainOperation', undefined), [['Data.MainOperation', 'is missing']]],
    [
      'a blank operation',
      report({ data: { MainOperation: ' ' }, extra: { OperationName: ' ' } }),
      [['Data.MainOperation', 'is missing']],
    ],
    ['an operation of another kind', withData('MainOperation', 5), [['Data.MainOperation', 'is missing']]],
    ['an operation only in the prototype', operationInPrototype, [['Data.MainOperation', 'is missing']]],
  ])('%s', async (_, body, issues) => {
    await refuses(body, issues)
  })

  it('not even the address names a machine in 1000 characters', async () => {
    const path = `/api/upload?machine=${'x'.repeat(1001)}`
    await refuses(report({ extra: nobody }), [['?machine', tooLong]], path)
  })

  it('the address names a machine with a blank', async () => {
    await refuses(report({ extra: nobody }), [missingMachine], '/api/upload?machine=%20')
  })
})
