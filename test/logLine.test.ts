// What comes to stand in the server's own log: nothing that moves a cursor or turns a text around, and no token.

import { expect, it } from 'vitest'
import { createLogger } from '../src/logger.ts'
import { report } from './support/report.ts'
import { startGuarded } from './support/tokens.ts'

/** The line that is written of an object, without what pino adds. */
function logged(object: object, message = 'm'): Record<string, unknown> {
  let line = ''
  createLogger('info', { write: (text) => (line += text) }).info(object, message)
  expect(line.endsWith('}\n')).toBe(true)
  const { level, time, pid, hostname, ...rest } = JSON.parse(line)
  return rest
}

const token = `dst_${'aB3-_x'.repeat(8).slice(0, 43)}`

it.each([
  ['ANSI colours', 'a\u001b[31mred\u001b[0m', 'ared'],
  ['a cursor that goes up', 'a\u001b[2Ab', 'ab'],
  ['a window title', 'a\u001b]0;title\u0007b', 'a0;titleb'],
  ['a C1 sequence', 'a\u009b31mb', 'a31mb'],
  ['line breaks', 'a\r\nINFO: b\tc', 'a INFO: b c'],
  ['NUL, backspace and DEL', 'a\u0000\b\u007fb', 'ab'],
  ['bidi marks', '\u202egnp.exe\u2066\u2069\u200f', 'gnp.exe'],
  ['separators and marks without width', 'a\u2028b\u2029c\u200bd\ufeff', 'abcd'],
  ['an escape that is a text', String.raw`C:\u001b[31m`, String.raw`C:\u001b[31m`],
  ['words of the world, and signs', 'Büro 日本 😀 <b>&amp;', 'Büro 日本 😀 <b>&amp;'],
  ['a token', `x ${token}.`, `x ${token.slice(0, 10)}….`],
  ['a token in an address', `/api/upload/${token}?machine=nas`, '/api/upload/…?machine=nas'],
  ['a mistyped one in an address', 'POST /api/upload/secret%20x HTTP/1.1', 'POST /api/upload/… HTTP/1.1'],
  ['a mistyped one in a parameter', '/api/upload?token=secret&machine=nas', '/api/upload?token=…&machine=nas'],
  ['a mistyped one in a later parameter', '/api/upload?machine=nas&token=secret', '/api/upload?machine=nas&token=…'],
  ['one in a header', 'authorization: Bearer abc.def', 'authorization: Bearer …'],
])('has %s made harmless, wherever it stands', (_, given, written) => {
  expect(logged({ name: given, deep: { list: [given] } }, given)).toEqual({
    name: written,
    deep: { list: [written] },
    msg: written,
  })
})

it('keeps the lines of a stack', () => {
  const { err } = logged({ err: new Error('a\u001b[31m') }) as { err: { stack: string; message: string } }
  expect(err.message).toBe('a')
  expect(err.stack).toMatch(/^Error: a\n {4}at .*\n/)
})

it('never has a token that somebody used, made or wrote down', async () => {
  const lines: string[] = []
  const app = await startGuarded({ logged: lines })
  const made = await app.newToken({ scope: 'REPORT', name: `for ${app.admin}` })
  const wrong = `dst_${'w'.repeat(43)}`
  const body = JSON.stringify(report())
  for (const secret of [made, wrong, app.admin]) {
    await app.as(null, `/api/upload/${secret}`, { method: 'POST', body })
    await app.as(null, `/api/upload?token=${secret}`, { method: 'POST', body: '{' })
    await app.as(secret, '/api/servers')
    await app.as(null, `/api/nothing/${secret}?token=${secret}`)
    await app.ask(
      app.admin,
      'mutation ($notes: String) { updateServer(id: 1, input: { notes: $notes }) { server { id } } }',
      {
        notes: `the token is ${secret}`,
      },
    )
  }
  const log = lines.join('')
  expect(log).toContain('updateServer of Server:1')
  expect(log).toContain('A token was refused')
  for (const secret of [made, wrong, app.admin]) expect(log).not.toContain(secret.slice(10))
})
