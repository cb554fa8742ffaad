import { describe, expect, it } from 'vitest'
import { composeMessage } from '../../src/domain/messages/composeMessage.ts'
import { headline, isKnownReason, reasonOf, withReason } from '../../src/domain/messages/failureReason.ts'
import type { MessageFacts } from '../../src/domain/messages/messageValues.ts'
import { defaultTemplates } from '../../src/domain/messages/template.ts'

const now = new Date('2026-08-01T12:00:00.000Z')
const at = new Date('2026-07-31T00:00:00.000Z')

const failed: MessageFacts = {
  event: 'FAILED',
  ofRun: true,
  remark: null,
  finding: null,
  server: { name: 'nas', alias: null, notes: null, url: null },
  job: { name: 'Photos', alias: null },
  run: {
    ...{
      status: 'FATAL',
      at,
      durationSeconds: 1,
      examinedFiles: 0,
      sourceSize: null,
      uploadedSize: 0,
      storedSize: null,
    },
    ...{ versions: null, messages: 0, warnings: 166, errors: 1 },
    reason: 'System.AggregateException: One or more errors occurred. ---> System.Net.WebException: (401) Unauthorized',
    remarks: [{ kind: 'CLOCK_WRONG', message: 'The clock is ahead.' }],
    logLines: ['Missing file a', 'Missing file b'],
  },
  latestAt: at,
  dueAt: at,
  overdueAt: at,
  interval: null,
  toleranceSeconds: 3600,
  away: null,
  successor: null,
}

const template = (message: string) => ({ title: 'x', message, priority: 'LOW' as const, tags: [] })
const compose = (facts: MessageFacts, message: string) =>
  composeMessage(template(message), facts, now, 'Europe/Berlin').message

describe('the message of a failure (duplicati #6683)', () => {
  it('begins with the reason, and ends with what is remarkable', () => {
    expect(composeMessage(defaultTemplates.FAILED, failed, now, 'Europe/Berlin').message).toBe(
      [
        'System.AggregateException: One or more errors occurred. ---> System.Net.WebException: (401) Unauthorized',
        'Fatal at 2026-07-31 02:00 CEST. Errors: 1, warnings: 166.',
        'Missing file a',
        'Missing file b',
        'The clock is ahead.',
      ].join('\n'),
    )
  })

  it('has the reason first also in the words of an old release, and where a template wants it', () => {
    const { reason } = failed.run as { reason: string }
    expect(compose(failed, '{status}')).toBe(`${reason}\nFatal\nThe clock is ahead.`)
    expect(compose(failed, '{status}: {exception} ({remarks})')).toBe(`Fatal: ${reason} (The clock is ahead.)`)
  })

  it('leaves no gap where nothing tells the reason', () => {
    const run = failed.run && { ...failed.run, reason: null, remarks: [], logLines: [] }
    expect(composeMessage(defaultTemplates.FAILED, { ...failed, run }, now, 'UTC').message).toBe(
      'Fatal at 2026-07-31 00:00 UTC. Errors: 1, warnings: 166.',
    )
  })
})

it('says of a job that is overdue that this server was away, and that another one of its name reports', () => {
  const away = { from: new Date('2026-07-31T01:00:00Z'), until: new Date('2026-07-31T05:30:00Z') }
  const successor = { id: 'Server:4', latestAt: new Date('2026-08-01T00:00:00Z') }
  expect(compose({ ...failed, event: 'OVERDUE', ofRun: false, away, successor }, 'Overdue')).toBe(
    [
      'Overdue',
      'This server was not running from 2026-07-31 03:00 CEST to 2026-07-31 07:30 CEST: a report that was sent then is lost.',
      'Server:4, of the same name, reported at 2026-08-01 02:00 CEST: if it is the same backup under a new id, merge the two.',
    ].join('\n'),
  )
})

describe('the reason of a failure', () => {
  it.each([
    ['one line', 'A.B: no', 'A.B: no'],
    ['no stack', 'A.B: no\n   at C()\n   at D()', 'A.B: no'],
    [
      'what caused it',
      'A: no\r\n ---> B: why\r\n   at C()\r\n   --- End of inner exception stack trace ---\r\n   at D()',
      'A: no ---> B: why',
    ],
    ['a message of several lines', 'A: no\nnever\n   at C()', 'A: no never'],
    ['at most so much', 'x'.repeat(600), `${'x'.repeat(500)}…`],
  ])('is %s', (_, exception, reason) => {
    expect(headline(exception)).toBe(reason)
  })

  it('is the first error of the log where nothing was thrown, without what stands before every line', () => {
    const lines = [
      { level: 'WARNING' as const, text: '2026-02-04 15:55:25 -05 - [Warning-A-B]: careful' },
      { level: 'ERROR' as const, text: '2026-02-04 15:55:25 -05 - [Error-A.B-C]: no\nA.B: no' },
    ]
    expect(reasonOf({ exception: null }, lines, [])).toBe('no A.B: no')
    expect(reasonOf({ exception: 'A: b' }, lines, [])).toBe('A: b')
    expect(reasonOf({ exception: null }, [], [{ kind: 'FILES_FAILED', message: '3 files' }])).toBe('3 files')
    expect(reasonOf({ exception: null }, [], [])).toBeNull()
  })

  it('is looked at in time that does not grow with its length squared', () => {
    const long = 'a'.repeat(1_000_000)
    expect(isKnownReason(withReason(null, long), long)).toBe(true)
    expect(headline(long)).toHaveLength(501)
  })
})

it('a message of long names and a long log has a bound', () => {
  const long: MessageFacts = { ...failed, job: { name: 'ä'.repeat(1000), alias: null } }
  const words = { ...template('{log_text}'.repeat(10_000)), title: '{backup_name} '.repeat(5) }
  const { title, message } = composeMessage(words, long, now, 'Europe/Berlin')
  // Some releases of Node.js encode one character less than there is room for.
  for (const [text, bytes] of [[title, 4085] as const, [message, 65_527] as const]) {
    expect([bytes - 2, bytes]).toContain(Buffer.byteLength(text))
  }
  expect(title).toMatch(/^[ä ]+… \(\d+ more bytes\)$/)
  expect(message).toMatch(/… \(\d+ more bytes\)$/)
})
