// Logging in and out, certificates, and every way in which a Duplicati can refuse to be asked.

import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Credential } from '../../../src/duplicati/api/login.ts'
import { DuplicatiProblem } from '../../../src/duplicati/api/problem.ts'
import { type Duplicati, withDuplicati } from '../../../src/duplicati/api/session.ts'
import { readServerState } from '../../../src/duplicati/api/state.ts'
import { readSystemInfo } from '../../../src/duplicati/api/systemInfo.ts'
import {
  type Emulator,
  foreverToken,
  type Lie,
  password,
  preAuthToken,
  startDuplicati,
} from '../../support/duplicati/emulator.ts'
import { generations } from '../../support/duplicati/recorded.ts'
import { startHttpReceiver } from '../../support/httpReceiver.ts'

const fingerprint = '24:41:0B:31:76:9F:2D:65:63:0C:19:66:7D:27:4B:34:CD:B3:1D:E4:2D:24:F1:60:EC:00:3D:86:B9:D6:8C:E6'
const secrets = [password, foreverToken, preAuthToken, 'hunter2']

interface Asked {
  credential?: Credential
  certificateFingerprint?: string | null
  requestMs?: number
  work?: (duplicati: Duplicati) => Promise<unknown>
}

function ask(url: string, { credential = { password }, certificateFingerprint = null, ...rest }: Asked = {}) {
  const { requestMs = 10_000, work = readServerState } = rest
  const limits = { requestMs, answerBytes: 16 * 1024 * 1024 }
  return withDuplicati({ url, credential, certificateFingerprint }, work, limits)
}

/** What is thrown, after a look for secrets in all that anybody could log of it. */
async function problemOf(asking: Promise<unknown>): Promise<{ kind: string; message: string }> {
  const problem = await asking.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(problem instanceof DuplicatiProblem)) throw new Error('no problem', { cause: problem })
  const logged = `${problem.message} ${problem.stack} ${JSON.stringify(problem, Object.getOwnPropertyNames(problem))}`
  for (const secret of secrets) expect(logged).not.toContain(secret)
  expect(problem.cause).toBe(undefined)
  expect(problem.message).toMatch(/^[^\n]+\.$/)
  return { kind: problem.kind, message: problem.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST') }
}

const paths = ({ requests }: Emulator) => requests.map(({ method, path }) => `${method} ${path}`)

describe.each(generations)('%s', (generation) => {
  it.each<[string, Credential]>([
    ['a password', { password }],
    ['a forever token', { foreverToken }],
  ])('is asked with %s', async (_, credential) => {
    const emulator = await startDuplicati(generation)
    const { version } = (await ask(emulator.url, { credential, work: readSystemInfo })) as { version: string }
    expect(version).toBe(generation === 'next' ? '2.3.1.0' : generation)
    expect([emulator.families(), emulator.connections()]).toEqual([0, 1])
  })

  it('is left when the work fails', async () => {
    const emulator = await startDuplicati(generation)
    const work = () => Promise.reject(new Error('of our own'))
    await expect(ask(emulator.url, { work })).rejects.toThrow('of our own')
    expect(emulator.families()).toBe(0)
  })

  it('is entered again once the login has expired, and by several requests only once', async () => {
    const emulator = await startDuplicati(generation)
    await ask(emulator.url, {
      work: async (duplicati) => {
        await readServerState(duplicati)
        emulator.expireLogins()
        await Promise.all([readServerState(duplicati), readServerState(duplicati)])
      },
    })
    expect(paths(emulator).filter((path) => path.endsWith('login'))).toHaveLength(2)
    expect(emulator.families()).toBe(0)
  })

  it.each<[string, Credential]>([
    ['password', { password: 'hunter2' }],
    ['forever token', { foreverToken: 'hunter2' }],
    ['pre-auth token', { preAuthToken: 'hunter2' }],
    ['token that no header can hold', { foreverToken: 'hunter2\r\nx: y' }],
  ])('refuses a wrong %s', async (_, credential) => {
    const { url } = await startDuplicati(generation)
    expect(await problemOf(ask(url, { credential }))).toMatchObject({ kind: 'PASSWORD' })
  })

  it('is asked below a path', async () => {
    const emulator = await startDuplicati(generation, { base: '/duplicati' })
    await ask(emulator.url)
    expect(emulator.requests.every(({ path }) => path.startsWith('/duplicati/api/v1/'))).toBe(true)
    expect(await problemOf(ask(emulator.url.replace('/duplicati', '/other')))).toMatchObject({ kind: 'NOT_DUPLICATI' })
  })

  it('may refuse the host name', async () => {
    const emulator = await startDuplicati(generation)
    emulator.lie('/api/v1/auth/login', { status: 403, body: { Error: 'Invalid hostname: hunter2', Code: 403 } })
    expect(await problemOf(ask(emulator.url))).toEqual({
      kind: 'HOST_NAME',
      message:
        'The Duplicati at HOST does not allow requests for this host name. Add 127.0.0.1 to its option --webservice-allowed-hostnames, or use its IP address.',
    })
  })
})

it.each(['2.3.0.4', 'next'] as const)('%s is asked with a pre-auth token', async (generation) => {
  const emulator = await startDuplicati(generation)
  await ask(emulator.url, { credential: { preAuthToken } })
  expect(paths(emulator)).toEqual(['GET /api/v1/serverstate'])
})

it('logs in, asks and logs out, with the cookie only where it belongs', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  await ask(emulator.url)
  expect(emulator.requests.map(({ path, headers }) => [path, 'cookie' in headers, 'authorization' in headers])).toEqual(
    [
      ['/api/v1/auth/login', false, false],
      ['/api/v1/serverstate', false, true],
      ['/api/v1/auth/refresh/logout', true, false],
    ],
  )
})

it('gives up if it is refused after it entered again', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  emulator.lie('/api/v1/serverstate', { status: 401, headers: { 'www-authenticate': 'Bearer' } })
  expect(await problemOf(ask(emulator.url))).toMatchObject({ kind: 'PASSWORD' })
  expect(paths(emulator).filter((path) => path.endsWith('serverstate'))).toHaveLength(2)
  expect(emulator.families()).toBe(0)
})

const html = '<!DOCTYPE html><title>hunter2</title>'

it.each<[string, Lie, string]>([
  ['a login page', { status: 200, body: html }, 'NOT_DUPLICATI'],
  ['garbage', { status: 200, body: '{"hunter2' }, 'BAD_ANSWER'],
  ['nothing', { status: 200 }, 'BAD_ANSWER'],
  ['wrong types', { status: 200, body: { ActiveTask: 'hunter2', ProgramState: 5 } }, 'BAD_ANSWER'],
  ['a very deep list', { status: 200, body: '['.repeat(1e5) + ']'.repeat(1e5) }, 'BAD_ANSWER'],
  ['200 MB', 'FLOOD', 'TOO_LARGE'],
  ['a fault', { status: 500, body: { Error: 'hunter2', Code: 500 } }, 'SERVER_ERROR'],
  ['a fault that it does not explain', { status: 500 }, 'SERVER_ERROR'],
  ['a locked database', { status: 400, body: { Error: 'hunter2', Code: 400, HelpId: 'DatabaseLocked' } }, 'BUSY'],
  ['a locked database, in 2.3', { status: 500, body: { Error: 'database is locked hunter2' } }, 'BUSY'],
  ['a missing job', { status: 404, body: { Error: 'hunter2', Code: 404 } }, 'NOT_FOUND'],
  ['nothing at this path', { status: 404, body: html }, 'NOT_DUPLICATI'],
  ['the login of a proxy', { status: 401, headers: { 'www-authenticate': 'Basic realm="hunter2"' } }, 'FORBIDDEN'],
  ['another refusal', { status: 403, body: 'Invalid PreSharedKey hunter2' }, 'FORBIDDEN'],
  ['a proxy that does not reach it', { status: 502, body: html }, 'UNREACHABLE'],
  ['another status', { status: 418, body: 'hunter2' }, 'BAD_ANSWER'],
])('tells of %s, and quotes none of it', async (_, lie, kind) => {
  const emulator = await startDuplicati('2.3.0.4')
  emulator.lie('/api/v1/serverstate', lie)
  expect(await problemOf(ask(emulator.url))).toMatchObject({ kind })
  expect(emulator.families()).toBe(0)
})

it.each<[string, Lie]>([
  ['stalls', 'STALL'],
  ['never ends its answer', 'DRIP'],
])('gives up on one that %s', async (_, lie) => {
  const emulator = await startDuplicati('2.3.0.4')
  emulator.lie('/api/v1/serverstate', lie)
  expect(await problemOf(ask(emulator.url, { requestMs: 500 }))).toMatchObject({ kind: 'TIMEOUT' })
  expect(emulator.families()).toBe(0)
})

it('takes an answer with a byte order mark', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  emulator.lie('/api/v1/serverstate', { status: 200, body: '\ufeff{"ProgramState":"Running"}' })
  expect(await ask(emulator.url)).toMatchObject({ paused: false })
})

it.each([301, 302, 307, 308])('follows no redirect with status %d', async (status) => {
  const other = await startHttpReceiver(() => ({ status: 200, body: '{}' }))
  const emulator = await startDuplicati('2.3.0.4')
  emulator.lie('/api/v1/auth/login', { status, headers: { location: `${other.url}/hunter2` } })
  const { kind, message } = await problemOf(ask(emulator.url))
  expect([kind, message]).toEqual([
    'REDIRECT',
    'HOST redirects to http://HOST, which is not followed, so that nothing secret goes there. Set the final address.',
  ])
  expect(other.requests).toEqual([])
})

it.each<[string, Credential]>([
  ['a password', { password }],
  ['a token', { foreverToken }],
])('recognises 2.0, asked with %s', async (_, credential) => {
  const { url } = await startHttpReceiver(() => ({ status: 400, body: 'Missing XSRF Token. Please reload the page' }))
  expect(await problemOf(ask(url, { credential }))).toEqual({
    kind: 'TOO_OLD',
    message: 'The Duplicati at HOST is older than 2.1 and cannot be asked. Update it, or let it post its reports.',
  })
})

it.each([401, 404])('recognises 2.0 by the cookie of its page where it only says %d', async (status) => {
  const { url, requests } = await startHttpReceiver(({ path }) =>
    path === '/' ? { status: 200, headers: { 'set-cookie': 'xsrf-token=abc; path=/' }, body: html } : { status },
  )
  expect(await problemOf(ask(url))).toMatchObject({ kind: 'TOO_OLD' })
  expect(requests.at(-1)).toMatchObject({ path: '/', body: '' })
})

it.each(['ftp://nas', 'nas:8200', '', 'http://u:hunter2@nas', 'file:///etc/passwd'])(
  'connects to no address like %s',
  async (url) => {
    expect(await problemOf(ask(url))).toMatchObject({ kind: 'BAD_ADDRESS' })
  },
)

it('tells that nobody listens', async () => {
  expect(await problemOf(ask('http://127.0.0.1:1'))).toMatchObject({
    kind: 'UNREACHABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

describe('a certificate', () => {
  it.each([
    ['with colons', fingerprint],
    ['without', fingerprint.replaceAll(':', '')],
    ['in small letters', fingerprint.toLowerCase()],
  ])('is known by its fingerprint %s', async (_, certificateFingerprint) => {
    const emulator = await startDuplicati('2.3.0.4', { secure: true })
    expect(await ask(emulator.url, { certificateFingerprint })).toMatchObject({ paused: false })
    expect([emulator.families(), emulator.connections()]).toEqual([0, 1])
  })

  it('with another fingerprint gets no byte of a request', async () => {
    const emulator = await startDuplicati('2.3.0.4', { secure: true })
    const problem = await problemOf(ask(emulator.url, { certificateFingerprint: fingerprint.replace('24', '25') }))
    expect(problem).toEqual({
      kind: 'CERTIFICATE',
      message: `The certificate of HOST is not the one whose fingerprint was set: it has ${fingerprint}. If it was replaced on purpose, set the new fingerprint.`,
    })
    expect([emulator.requests, emulator.connections()]).toEqual([[], 1])
  })

  it('that nobody trusts gets no byte of a request', async () => {
    const emulator = await startDuplicati('2.3.0.4', { secure: true })
    expect(await problemOf(ask(emulator.url))).toEqual({
      kind: 'CERTIFICATE',
      message: `The certificate of HOST is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). If it is Duplicati's own, set its fingerprint, after comparing it there: ${fingerprint}.`,
    })
    expect([emulator.requests, emulator.connections()]).toEqual([[], 1])
  })

  it.each(['24:41', 'x'.repeat(64), ''])('has no fingerprint like "%s"', async (certificateFingerprint) => {
    const { url } = await startDuplicati('2.3.0.4', { secure: true })
    expect(await problemOf(ask(url, { certificateFingerprint }))).toMatchObject({ kind: 'BAD_ADDRESS' })
  })

  it('is not waited for longer than an answer', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const asking = ask(`https://127.0.0.1:${port}`, { requestMs: 300 })
    expect(await problemOf(asking)).toMatchObject({ kind: 'TIMEOUT' })
    // Closes only if the client has let go of the connection.
    await new Promise((resolve) => server.close(resolve))
  })
})
