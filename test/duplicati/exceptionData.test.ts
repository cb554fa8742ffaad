// Exceptions in the place of a result, as 2.0.6 and 2.0.7 send them: with and without a class name, and with what caused them.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

/** What becomes of a report with such a `Data`. */
async function runOf(data: Record<string, unknown>, extra: Record<string, unknown> = {}) {
  const app = await startApp()
  const body = { Data: data, Extra: { OperationName: 'Backup', 'backup-name': 'Job', ...extra }, LogLines: [] }
  const answer = await app.rest('POST', '/api/upload?machine=laptop', body)
  if (answer.status !== 200) return answer
  const { data: found } = await app.graphql('{ backups { nodes { status reportedResult exception sourceSize } } }')
  return (found as { backups: { nodes: unknown[] } }).backups.nodes[0]
}

const failed = (exception: string) => ({ status: 'FATAL', reportedResult: 'Fatal', exception, sourceSize: null })

/** As exceptions are written that .NET cannot serialize. */
const publicProperties = {
  RequestUrl: 'https://graph.example/x',
  StatusCode: 'Unauthorized',
  Message: 'Unauthorized error',
  Data: {},
  InnerException: null,
  StackTrace: '   at x',
  HelpLink: null,
  Source: 'y',
  HResult: -2146233088,
}

describe('a failure is told', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['by its public properties', publicProperties, 'Unauthorized error\n   at x'],
    ['without a stack', { Message: 'Gone', HResult: -2146233088, StackTrace: null }, 'Gone'],
    ['without a number', { Message: 'Gone', StackTrace: '   at x' }, 'Gone\n   at x'],
    ['with the number as text', { Message: 'Gone', HResult: '-2146233088' }, 'Gone'],
    ['with the other stack alone', { Message: 'Gone', StackTraceString: '   at x' }, 'Gone\n   at x'],
    ['with keys in another case', { message: 'Gone', hresult: 1, stackTrace: '   at x' }, 'Gone\n   at x'],
    ['with a class name and nothing else', { ClassName: 'System.Exception' }, 'System.Exception'],
    ['with an empty message', { Message: '', HResult: 1 }, 'Exception'],
    [
      'with a result and an operation that are null',
      { ...publicProperties, ParsedResult: null, MainOperation: null },
      'Unauthorized error\n   at x',
    ],
    [
      'with what caused it',
      {
        ClassName: 'System.AggregateException',
        Message: 'One or more errors occurred.',
        InnerException: {
          ClassName: 'System.Net.WebException',
          Message: 'The remote server returned an error: (401) Unauthorized.',
          InnerException: null,
          StackTraceString: '   at inner',
        },
        StackTraceString: '   at outer',
      },
      'System.AggregateException: One or more errors occurred. ---> System.Net.WebException: The remote server returned an error: (401) Unauthorized.\n   at inner\n   --- End of inner exception stack trace ---\n   at outer',
    ],
    [
      'with all that caused it, each once',
      {
        Message: 'Several',
        HResult: 1,
        InnerException: { Message: 'first' },
        InnerExceptions: [
          { Message: 'first', InnerException: { ClassName: 'T', Message: 'deeper' } },
          { Message: 'second' },
          null,
          'nonsense',
        ],
      },
      'Several ---> first ---> T: deeper ---> second',
    ],
    [
      'with half of a surrogate pair, and causes of other kinds',
      { Message: 'a\ud800', HResult: 1, InnerException: 'x', InnerExceptions: [] },
      'a\ufffd',
    ],
  ])('%s', async (_, data, exception) => {
    expect(await runOf(data)).toEqual(failed(exception))
  })

  it('with causes without end, the first twenty of which are enough', async () => {
    let data: Record<string, unknown> = { Message: 'last' }
    for (let depth = 0; depth < 100; depth += 1) data = { Message: String(depth), HResult: 1, InnerException: data }
    expect(await runOf(data)).toMatchObject({ exception: expect.stringMatching(/^99 ---> 98 .* ---> 80$/) })
  })
})

describe('no failure is told', () => {
  it('by a message alone', async () => {
    expect(await runOf({ Message: 'Hello' })).toMatchObject({ status: 'UNKNOWN', exception: null })
  })

  it.each([
    ['a result', { ParsedResult: 'Success' }],
    ['an operation', { MainOperation: 'Backup' }],
  ])('beside %s', async (_, data) => {
    expect(await runOf({ ...publicProperties, ...data })).toMatchObject({ exception: null })
  })

  it('of another operation', async () => {
    expect(await runOf(publicProperties, { OperationName: 'Restore' })).toBeUndefined()
  })
})

it('a failure without figures leaves those of the job as they are', async () => {
  const app = await startApp()
  await app.post(report())
  await app.post({ Data: publicProperties, Extra: report().Extra, LogLines: [] })
  const { data } = await app.graphql('{ backupJobs { nodes { lastStatus state storedSize versions } } }')
  expect(data).toEqual({
    backupJobs: { nodes: [{ lastStatus: 'FATAL', state: 'FAILED', storedSize: 70_000, versions: 7 }] },
  })
})
