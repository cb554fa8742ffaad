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
const advice = 'set --send-http-json-urls, or leave --send-http-message as it is'
const header = 'Duplicati %OPERATIONNAME% report for %backup-name% (%machine-id%, %backup-id%, %machine-name%)'
const noHeader: Issue = [
  '',
  `is a text that does not say whose report it is; ${advice}: its first line must be "${header}"`,
]
const noResult: Issue = ['', `is the text of a report without a result; ${advice}: it must contain %RESULT%`]
const formWithout = (names: string): Issue => ['', `is a form without a report (${names}); ${advice}`]
const empty: Issue = ['', 'is empty; a redirect may have turned the POST into a GET, give Duplicati the final address']
const placeholder = (name: string) =>
  `is ${name}, a placeholder that was not replaced: Duplicati fills them in only in its messages; write the name itself`
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
    ['UTF-16 as text', '{\0"\0', [['', 'is UTF-16; send it as UTF-8']]],
    [
      'nesting without end beside a long number',
      `[1234567890123456,${'['.repeat(200_000)}`,
      [['', 'is nested too deeply']],
    ],
    ['the text of nothing', 'message=Duplicati%20Backup%20report%20for%20Photos&token=abc', [noResult]],
    ['the text without a result', 'Duplicati Backup report for Photos\r\n\r\nDeletedFiles: 0\r\n', [noResult]],
    ['a text of nobody', 'Photos: done\nParsedResult: Success\nBeginTime: x (1796009645)', [noHeader]],
    ['a text of nobody about a failure', 'message=Oh+no%0AFailed%3A+gone', [noHeader]],
    ['a text about Duplicati', 'Duplicati is great', [noHeader, noResult]],
    [
      'a text without a machine',
      'Duplicati Backup report for Photos\n\nParsedResult: Success\nVersion: 2.0.6.3',
      [['machine-id', missingMachine[1]]],
    ],
    [
      'a text with figures that are none',
      'Duplicati Backup report for Photos (m, DB-1, nas)\n\nAddedFiles: 1.5\nParsedResult: Success\nBeginTime: today\nDuration: long\nDryrun: ja',
      [
        ['BeginTime', 'must be a time like 2026-01-14T02:00:03.4418067Z'],
        ['Duration', 'must be a duration like 1.02:03:04.5678901'],
        ['Dryrun', 'must be true or false'],
        ['AddedFiles', 'must be a 64-bit integer'],
      ],
    ],
    ['a form without a report', 'message=SizeOfExaminedFiles%3A%201234567890123456', [formWithout('message')]],
    ['a form of other things', 'a=1&b=%ff&a=2&c', [formWithout('a, b, c')]],
    [
      'a form with two reports',
      'a={}&b=Duplicati+Backup+report',
      [['', 'is a form with several reports (a, b); the one to be taken must be called message']],
    ],
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
    ...['machine-id', 'machine-name', 'backup-id', 'backup-name'].map((key): [string, unknown, Issue[]] => [
      `a placeholder as the ${key}`,
      report({ extra: { [key]: ` %${key}% ` } }),
      [[`Extra.${key}`, placeholder(`%${key}%`)]],
    ]),
    [
      'another placeholder as a name',
      report({ extra: { 'backup-name': '%OPERATIONNAME%' } }),
      [['Extra.backup-name', placeholder('%OPERATIONNAME%')]],
    ],
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

  it.each([
    ['%machine-name%', '%machine-name%'],
    ['%25machine-name%25', '%machine-name%'],
    ['%backup-name%', '\ufffdckup-name%'],
  ])('the address names a machine by a placeholder: %s', async (machine, name) => {
    const path = `/api/upload?machine=${machine}`
    await refuses(report({ extra: nobody }), [['?machine', placeholder(name)]], path)
  })

  it('the address names a machine with a blank', async () => {
    await refuses(report({ extra: nobody }), [missingMachine], '/api/upload?machine=%20')
  })
})
