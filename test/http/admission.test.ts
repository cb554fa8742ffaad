// Who is let in: where a request comes from, how it holds a token, and what is said of those who are refused. Long, because every
// way around it is tried.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { recordStatements } from '../support/statements.ts'
import { asTakenOver, type GuardedApp, startGuarded } from '../support/tokens.ts'

const newReport = (hour: number) =>
  JSON.stringify(report({ data: { BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString() } }))
const statusOf = async (answer: Promise<Response>) => (await answer).status
const change = (app: TestApp, headers: Record<string, string>, host?: string) =>
  statusOf(
    app.fetch(
      '/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{"query":"{__typename}"}' },
      host === undefined ? {} : { host },
    ),
  )

describe('with no token, on this machine alone', () => {
  it('is open under names of this machine only', async () => {
    const app = await startApp()
    const hosts: [string, number][] = [
      ['localhost', 200],
      ['localhost:9666', 200],
      ['LOCALHOST', 200],
      ['127.0.0.1:9666', 200],
      ['127.255.0.9', 200],
      ['[::1]:9666', 200],
      ['', 401],
      ['nas', 401],
      ['localhost.evil.example', 401],
      ['evil.example:9666', 401],
      ['127.0.0.1.evil.example', 401],
      ['128.0.0.1', 401],
      ['192.168.1.5', 401],
      ['0.0.0.0', 401],
      ['[::2]', 401],
    ]
    for (const [host, status] of hosts) {
      expect([host, await statusOf(app.fetch('/api/servers', {}, { host }))]).toEqual([host, status])
      expect([host, await change(app, {}, host)]).toEqual([host, status])
      // The page holds nothing, and health says whether, but not how.
      expect(await statusOf(app.fetch('/graphql', { headers: { accept: 'text/html' } }, { host }))).toBe(200)
      expect(await statusOf(app.fetch('/api/health', {}, { host }))).toBe(200)
    }
  })

  it('is closed to what a proxy passed on', async () => {
    const app = await startApp()
    for (const name of [
      'forwarded',
      'via',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-forwarded-server',
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
    ]) {
      expect([name, await statusOf(app.fetch('/api/servers', { headers: { [name]: '127.0.0.1' } }))]).toEqual([
        name,
        401,
      ])
      const upload = { method: 'POST', headers: { [name]: '' }, body: newReport(1) }
      expect([name, await statusOf(app.fetch('/api/upload', upload))]).toEqual([name, 401])
    }
  })

  it.each([
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['::1', 200],
    ['0.0.0.0', 401],
    ['::', 401],
    ['192.168.1.5', 401],
  ])('is what it is if it listens at %s: %i', async (HOST, status) => {
    const app = await startApp({ environment: { HOST } })
    expect(await statusOf(app.fetch('/api/servers'))).toBe(status)
    expect(app.firstToken).toEqual(status === 200 ? null : expect.stringMatching(/^dst_[\w-]{43}$/))
  })

  it('says how to come in, if it is closed', async () => {
    const app = await startApp()
    const response = await app.fetch('/api/upload', { method: 'POST', body: newReport(1) }, { host: 'nas' })
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect((await response.json()) as object).toEqual({
      status: 'error',
      error: {
        code: 'UNAUTHENTICATED',
        message:
          'A token is needed, in the header `Authorization: Bearer TOKEN`, or in the address: /api/upload/TOKEN. There is none yet, so this server accepts only requests to http://localhost, without a proxy. `npx duplistatus token create` makes one; in Docker, `docker exec duplistatus duplistatus token create`.',
      },
    })
  })

  it('ends with the first token, which must be of the scope ADMIN, and does not come back', async () => {
    const app = await startApp()
    const make = (scope: string) =>
      app.graphql(`mutation { createToken(input: { name: "mine", scope: ${scope} }) { secret token { id } } }`)
    for (const scope of ['REPORT', 'READ']) {
      expect(await make(scope)).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'scope' }] } }],
      })
    }
    expect(await statusOf(app.fetch('/api/servers'))).toBe(200)
    const { data } = (await make('ADMIN')) as { data: { createToken: { secret: string } } }
    const authorization = `Bearer ${data.createToken.secret}`
    expect(await statusOf(app.fetch('/api/servers'))).toBe(401)
    expect(await statusOf(app.fetch('/api/servers', { headers: { authorization } }))).toBe(200)
    const revoking = await app.fetch('/graphql', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"query":"mutation { revokeToken(id: 1) { token { id } } }"}',
    })
    expect(await revoking.json()).toMatchObject({ errors: [{ extensions: { code: 'CONFLICT' } }] })
    const database = new Database(app.file)
    database.exec('UPDATE tokens SET revoked_at = 1')
    database.close()
    expect(await statusOf(app.fetch('/api/servers'))).toBe(401)
  })
})

it('is open to everybody with DUPLISTATUS_AUTH=off, and warns', async () => {
  const logged: string[] = []
  const app = await startApp({ environment: { HOST: '0.0.0.0', DUPLISTATUS_AUTH: 'off' }, logged })
  expect(app.firstToken).toBeNull()
  expect(await change(app, { 'x-forwarded-for': '1.2.3.4' }, 'evil.example')).toBe(200)
  expect(logged.filter((line) => line.includes('"level":40')).join()).toContain('DUPLISTATUS_AUTH is off')
})

describe('after a take-over', () => {
  it('says at the start that it is open, counts who comes without a token, and closes when it is told to', async () => {
    const first = await startGuarded()
    asTakenOver(first.file)
    await first.close()
    const logged: string[] = []
    const app = await startApp({ file: first.file, environment: { HOST: '0.0.0.0' }, logged })
    expect(app.firstToken).toBeNull()
    expect(logged.join()).toContain('are accepted without a token')

    expect(await app.post(JSON.parse(newReport(1)))).toMatchObject({ status: 200 })
    expect(await app.rest('GET', '/api/servers')).toMatchObject({ status: 200 })
    expect(await app.rest('GET', '/api/health')).toMatchObject({
      body: { access: { requireToken: false, requestsWithoutToken: 2 } },
    })
    expect(await app.rest('PATCH', '/api/servers/1', {})).toMatchObject({ status: 401 })
    expect(await change(app, {})).toBe(401)

    const bearer = { authorization: `Bearer ${first.admin}`, 'content-type': 'application/json' }
    const body =
      '{"query":"mutation { updateAccess(input: { requireToken: true }) { access { requireToken requestsWithoutToken } } }"}'
    const closing = await app.fetch('/graphql', { method: 'POST', headers: bearer, body })
    expect(await closing.json()).toEqual({
      data: { updateAccess: { access: { requireToken: true, requestsWithoutToken: 2 } } },
    })
    expect(await app.post(JSON.parse(newReport(2)))).toMatchObject({ status: 401 })
    expect(await app.rest('GET', '/api/servers')).toMatchObject({ status: 401 })
    const { body: health } = await app.rest('GET', '/api/health')
    expect(Object.keys(health as object)).toEqual(['status', 'database', 'timestamp'])
  })

  it('does not lose a report for a wrong token', async () => {
    const app = await startGuarded()
    asTakenOver(app.file)
    expect(await app.as(null, '/api/upload?token=wrong', { method: 'POST', body: newReport(1) })).toMatchObject({
      status: 200,
    })
  })
})

describe('a page of another site', () => {
  const cases: [string, Record<string, string>, number][] = [
    ['by its origin', { origin: 'https://evil.example' }, 403],
    ['without an origin to name', { origin: 'null' }, 403],
    ['on another port', { origin: 'http://localhost:3000' }, 403],
    ['as the browser says', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of the same site', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 403],
    ['that is none: this one', { origin: 'http://localhost' }, 200],
    ['that is none, as the browser says', { 'sec-fetch-site': 'same-origin', origin: 'https://dup.example' }, 200],
    ['that is none: somebody who typed the address', { 'sec-fetch-site': 'none' }, 200],
    ['that is allowed', { origin: 'https://dash.example', 'sec-fetch-site': 'cross-site' }, 200],
  ]

  it('changes nothing', async () => {
    const app = await startApp({ environment: { CORS_ORIGINS: 'https://dash.example' } })
    for (const [name, headers, status] of cases) {
      const upload = { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body: newReport(1) }
      expect([name, await statusOf(app.fetch('/api/upload', upload))]).toEqual([name, status])
      expect([name, await change(app, headers)]).toEqual([name, status])
      const patch = { method: 'PATCH', headers, body: '{}' }
      expect([name, await statusOf(app.fetch('/api/servers/9', patch))]).toEqual([name, status === 200 ? 404 : status])
    }
  })

  it('does, with a token of its own', async () => {
    const app = await startGuarded()
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: '{"query":"{__typename}"}' }
    expect(await app.as(app.admin, '/graphql', init)).toMatchObject({ status: 200 })
  })
})

describe('other origins', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
  const cors = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control') || name === 'vary'))

  it('may read nothing, unless they are allowed', async () => {
    const app = await startApp()
    for (const init of [{ method: 'OPTIONS', headers: { origin: 'https://dash.example', ...preflight } }, {}]) {
      expect(cors(await app.fetch('/api/servers', init))).toEqual({})
    }
  })

  it('may read what they are allowed, refusals too', async () => {
    const app = await startGuarded({ environment: { CORS_ORIGINS: 'https://dash.example, http://10.0.0.1:3000' } })
    const origin = 'http://10.0.0.1:3000'
    for (const path of ['/graphql', '/api/servers']) {
      const asked = await app.fetch(path, { method: 'OPTIONS', headers: { origin, ...preflight } })
      expect([asked.status, cors(asked)]).toEqual([
        204,
        {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH',
          'access-control-allow-headers': 'authorization',
          'access-control-max-age': '7200',
          vary: 'origin, access-control-request-headers',
        },
      ])
    }
    const refused = await app.fetch('/api/servers', { headers: { origin } })
    expect([refused.status, cors(refused)]).toEqual([
      401,
      {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'x-request-id, retry-after, etag',
        vary: 'origin',
      },
    ])
    expect(cors(await app.fetch('/api/servers', { headers: { origin: 'https://dash.example.evil' } }))).toEqual({
      vary: 'origin',
    })
  })
})

describe('the headers of clients', () => {
  const names =
    'apollographql-client-name,apollo-require-preflight,sentry-trace,baggage,traceparent,authorization,content-type'
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': names },
  })

  it('are allowed to pages of an allowed origin', async () => {
    const app = await startApp({ environment: { CORS_ORIGINS: 'https://dash.example' } })
    const allowed = await app.fetch('/graphql', preflight('https://dash.example'))
    expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([204, names])
    const refused = await app.fetch('/graphql', preflight('https://evil.example'))
    expect([refused.status, refused.headers.get('access-control-allow-headers')]).toEqual([403, null])
  })

  it.each(['/graphql', '/api/servers', '/api/upload'])(
    'are not without CORS_ORIGINS, which is told at %s',
    async (path) => {
      const app = await startGuarded()
      const response = await app.fetch(path, preflight('https://dash.example'))
      const message = 'Pages of https://dash.example may not use this server: the origin is missing in CORS_ORIGINS.'
      expect([response.status, await response.json()]).toEqual([
        403,
        { status: 'error', error: { code: 'FORBIDDEN', message } },
      ])
    },
  )

  it('and a request that needs no preflight is told the same', async () => {
    const app = await startGuarded()
    const headers = { origin: 'https://dash.example', 'content-type': 'text/plain' }
    const error = {
      code: 'FORBIDDEN',
      message: 'Pages of https://dash.example may not use this server: the origin is missing in CORS_ORIGINS.',
    }
    const response = await app.fetch('/api/upload', { method: 'POST', headers, body: newReport(1) })
    expect([response.status, await response.json()]).toEqual([403, { status: 'error', error }])
  })
})

describe('a page that only reads', () => {
  const read = async (app: TestApp, path: string, headers: Record<string, string>) => {
    const response = await app.fetch(path, { headers: { accept: 'application/json', ...headers } })
    const { error, errors } = (await response.json()) as {
      error?: { message: string }
      errors?: [{ message: string }]
    }
    return [response.status, error?.message ?? errors?.[0].message]
  }
  const missing = 'Pages of https://dash.example may not use this server: the origin is missing in CORS_ORIGINS.'

  it.each(['/api/servers', '/api/summary', '/metrics', '/graphql?query={__typename}'])(
    'hears at %s that its origin is missing, and not that a token is',
    async (path) => {
      const app = await startGuarded({ environment: { CORS_ORIGINS: 'https://other.example' } })
      for (const headers of [
        { origin: 'https://dash.example' },
        { origin: 'https://dash.example', 'sec-fetch-site': 'cross-site' },
      ] as Record<string, string>[]) {
        expect(await read(app, path, headers)).toEqual([403, missing])
      }
    },
  )

  it('hears of the token where its origin is allowed, hidden or the own one, or where no page asks', async () => {
    const app = await startGuarded({ environment: { CORS_ORIGINS: 'https://dash.example' } })
    for (const headers of [
      { origin: 'https://dash.example' },
      { origin: 'http://localhost' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      {},
    ] as Record<string, string>[]) {
      expect(await read(app, '/api/servers', headers)).toEqual([401, expect.stringMatching(/^A token is needed/)])
    }
  })

  it('is answered where nobody needs a token, as before', async () => {
    const app = await startApp()
    expect((await app.fetch('/api/servers', { headers: { origin: 'https://dash.example' } })).status).toBe(200)
  })
})

describe('whoever is refused is told which command makes the right token:', () => {
  const command = (scope: string) =>
    `\`npx duplistatus token create${scope}\` makes one; in Docker, \`docker exec duplistatus duplistatus token create${scope}\`.`
  const messageOf = async (app: GuardedApp, token: string | null, path: string, init?: RequestInit) => {
    const { status, body } = await app.as(token, path, init)
    const { error, errors } = body as { error?: { message: string }; errors?: [{ message: string }] }
    return [status, error?.message ?? errors?.[0].message]
  }
  const post = { method: 'POST', body: newReport(1) }
  const ask = (query: string) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    return { method: 'POST', headers, body: JSON.stringify({ query }) }
  }

  it('without a token', async () => {
    const app = await startGuarded({ environment: { PUBLIC_URL: 'https://backups.example' } })
    const needed = 'A token is needed, in the header `Authorization: Bearer TOKEN`'
    expect(await messageOf(app, null, '/api/upload', post)).toEqual([
      401,
      `${needed}, or in the address: https://backups.example/api/upload/TOKEN. ${command(' --scope report')}`,
    ])
    expect(await messageOf(app, null, '/metrics')).toEqual([401, `${needed}. ${command(' --scope read')}`])
    expect(await messageOf(app, null, '/api/servers/1', { method: 'PUT', body: '{}' })).toEqual([
      401,
      `${needed}. ${command('')}`,
    ])
    expect(await messageOf(app, null, '/graphql', ask('{ __typename }'))).toEqual([
      401,
      `${needed}; in GraphiQL, under Headers: {"authorization": "Bearer TOKEN"}, and then press Re-fetch GraphQL schema. ${command('').replace('makes one', 'makes an ADMIN token (add --scope read for one that can only read)')}`,
    ])
  })

  it('not to make one that is worth nothing from this very moment on', async () => {
    const app = await startGuarded()
    const make = (expiresAt: string) =>
      app.ask(
        app.admin,
        `mutation { createToken(input: { name: "x", scope: READ, expiresAt: "${expiresAt}" }) { secret } }`,
      )
    expect(await make('2026-08-01T12:00:00.000Z')).toMatchObject({
      body: { errors: [{ extensions: { issues: [{ path: 'expiresAt', message: 'must be in the future' }] } }] },
    })
    expect(await make('2026-08-01T12:00:00.001Z')).toMatchObject({
      body: { data: { createToken: { secret: expect.any(String) } } },
    })
  })

  it('with one that is unknown, revoked or expired', async () => {
    const app = await startGuarded()
    const revoked = await app.newToken({ scope: 'REPORT' })
    const expired = await app.newToken({ scope: 'READ', expiresAt: '2026-08-01T12:00:01Z' })
    await app.ask(app.admin, 'mutation { revokeToken(id: 2) { token { id } } }')
    app.setTime('2026-08-01T12:00:02Z')
    expect(await messageOf(app, null, '/api/upload/dst_x', post)).toEqual([
      401,
      `There is no such token. ${command(' --scope report')}`,
    ])
    expect(await messageOf(app, revoked, '/api/upload', post)).toEqual([
      401,
      `The token ${revoked.slice(0, 10)}… was revoked at 2026-08-01T12:00:00.000Z. ${command(' --scope report')}`,
    ])
    expect(await messageOf(app, expired, '/api/summary')).toEqual([
      401,
      `The token ${expired.slice(0, 10)}… expired at 2026-08-01T12:00:01.000Z. ${command(' --scope read')}`,
    ])
  })

  it('with one of another scope', async () => {
    const app = await startGuarded()
    const [reading, reporting] = [await app.newToken({ scope: 'READ' }), await app.newToken({ scope: 'REPORT' })]
    const bound = await app.newToken({ scope: 'REPORT', server: 'Server:1' })
    for (const [token, scope] of [
      [app.admin, 'ADMIN'],
      [reading, 'READ'],
    ] as const) {
      expect(await messageOf(app, null, `/api/upload/${token}`, post)).toEqual([
        403,
        `Only a token of the scope REPORT may be part of an address, and ${token.slice(0, 10)}… has the scope ${scope}. ${command(' --scope report')} Put it into /api/upload/TOKEN, and revoke this one, which proxies may have logged.`,
      ])
    }
    expect(await messageOf(app, reading, '/api/upload', post)).toEqual([
      403,
      `This needs a token of the scope REPORT; that of ${reading.slice(0, 10)}… is READ. ${command(' --scope report')}`,
    ])
    expect(await messageOf(app, reporting, '/api/servers')).toEqual([
      403,
      `This needs a token of the scope READ; that of ${reporting.slice(0, 10)}… is REPORT. ${command(' --scope read')}`,
    ])
    expect(await messageOf(app, reporting, '/graphql', ask('{ summary { totalServers } }'))).toEqual([
      403,
      expect.stringContaining(command(' --scope read')),
    ])
    expect(await messageOf(app, reading, '/graphql', ask('{ tokens { id } }'))).toEqual([
      403,
      expect.stringContaining(command('')),
    ])
    const ofOther = JSON.stringify(report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'other' } }))
    expect(await messageOf(app, bound, '/api/upload', { ...post, body: ofOther })).toEqual([
      403,
      expect.stringContaining(command(' --scope report')),
    ])
  })
})

describe('a wrong token', () => {
  const wrong = (app: TestApp, headers: Record<string, string> = {}, address = '10.1.1.1') =>
    app.fetch('/api/servers', { headers: { authorization: 'Bearer dst_wrong', ...headers } }, { address })

  it('is answered 401 ten times in a minute, and then 429; right ones go on', async () => {
    const app = await startGuarded()
    for (let count = 0; count < 10; count += 1) expect(await statusOf(wrong(app))).toBe(401)
    const refused = await wrong(app)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await refused.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } })
    expect(await statusOf(wrong(app, {}, '10.1.1.2'))).toBe(401)
    const right = { headers: { authorization: `Bearer ${app.admin}` } }
    expect(await statusOf(app.fetch('/api/servers', right, { address: '10.1.1.1' }))).toBe(200)
    app.setTime('2026-08-01T12:00:59.999Z')
    expect(await statusOf(wrong(app))).toBe(429)
    app.setTime('2026-08-01T12:01:00Z')
    expect(await statusOf(wrong(app))).toBe(401)
  })

  it.each([
    ['nobody is trusted', '', '10.1.1.1', '1.1.1.1', '10.1.1.1'],
    ['the proxy is trusted', '10.1.1.1', '10.1.1.1', '1.1.1.1', '1.1.1.1'],
    ['the proxy is trusted, over IPv6', '10.1.1.1', '::ffff:10.1.1.1', '1.1.1.1', '1.1.1.1'],
    ['two proxies are trusted', '10.0.0.0/8', '10.1.1.1', '9.9.9.9, 1.1.1.1, 10.2.2.2', '1.1.1.1'],
    ['the client makes one up before it', '10.1.1.1', '10.1.1.1', '10.1.1.1, 9.9.9.9, 1.1.1.1', '1.1.1.1'],
    ['another proxy is trusted', '10.9.9.9', '10.1.1.1', '1.1.1.1', '10.1.1.1'],
    ['the proxy says nonsense', '10.1.1.1', '10.1.1.1', 'unknown', '10.1.1.1'],
    ['the proxy says a port too', '10.1.1.1', '10.1.1.1', '1.1.1.1:5000', '1.1.1.1'],
    ['the proxy says IPv6', 'fd00::/8', 'fd00::1', '[2001:db8::1]:5000', '2001:db8::1'],
  ])('is counted for the client, if %s', async (_, TRUSTED_PROXIES, address, forwardedFor, client) => {
    const logged: string[] = []
    const app = await startGuarded({ environment: { TRUSTED_PROXIES }, logged })
    expect(await statusOf(wrong(app, { 'x-forwarded-for': forwardedFor }, address))).toBe(401)
    expect(logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'A token was refused')).toMatchObject([
      { address: client, reason: expect.stringMatching(/^There is no such token\. /) },
    ])
  })

  it('is not what a request holds that holds none, or something else', async () => {
    const app = await startGuarded({ environment: { MAX_TOKEN_FAILURES: '0' } })
    expect(await statusOf(app.fetch('/api/servers'))).toBe(401)
    expect(await statusOf(app.fetch('/api/servers', { headers: { authorization: 'Basic dXNlcjpw' } }))).toBe(401)
    expect(await statusOf(wrong(app))).toBe(429)
  })
})

describe('a token', () => {
  it('may stand in the address of an upload only', async () => {
    const app = await startGuarded()
    const token = await app.newToken({ scope: 'REPORT' })
    const send = (path: string) => app.as(null, path, { method: 'POST', body: newReport(1) })
    expect(await send(`/api/upload/${token}?machine=nas`)).toMatchObject({ status: 200 })
    expect(await send(`/api/upload?machine=nas&token=${token}`)).toMatchObject({ status: 200 })
    expect(await send(`/api/upload/${token}x`)).toMatchObject({ status: 401 })
    expect(await app.as(null, `/api/servers?token=${app.admin}`)).toMatchObject({ status: 401 })
    expect(await app.as(null, `/graphql?query={__typename}&token=${app.admin}`)).toMatchObject({ status: 401 })
    expect(await send(`/api/upload/${app.admin}`)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('and revoke this one') } },
    })
  })

  it.each(['Bearer', 'bearer', 'BEARER '])('is held in the header after "%s"', async (scheme) => {
    const app = await startGuarded()
    const headers = { authorization: `${scheme} ${app.admin}` }
    expect(await statusOf(app.fetch('/api/servers', { headers }))).toBe(200)
  })

  it('is good until the moment it expires, and says when that was', async () => {
    const app = await startGuarded()
    const token = await app.newToken({ scope: 'READ', expiresAt: '2026-08-01T12:30:00Z' })
    app.setTime('2026-08-01T12:29:59.999Z')
    expect(await app.as(token, '/api/servers')).toMatchObject({ status: 200 })
    app.setTime('2026-08-01T12:30:00.000Z')
    expect(await app.as(token, '/api/servers')).toMatchObject({
      status: 401,
      body: { error: { message: expect.stringContaining('… expired at 2026-08-01T12:30:00.000Z. ') } },
    })
  })

  it('of which only the secret part differs is none', async () => {
    const app = await startGuarded()
    const guess = app.admin.slice(0, 10) + 'A'.repeat(app.admin.length - 10)
    expect(await app.as(guess, '/api/servers')).toMatchObject({
      status: 401,
      body: { error: { message: expect.stringMatching(/^There is no such token\. /) } },
    })
  })

  it('that is revoked elsewhere lets nobody in from then on', async () => {
    const app = await startGuarded()
    const token = await app.newToken({ scope: 'READ' })
    // The first use is written down; from then on nothing is, and the token is not read again.
    for (const _ of [1, 2]) expect(await app.as(token, '/api/servers')).toMatchObject({ status: 200 })
    const read = await recordStatements(async () => {
      expect(await app.as(token, '/api/servers')).toMatchObject({ status: 200 })
    })
    expect(read.filter(({ statement }) => statement.source.includes('tokens'))).toEqual([])

    const elsewhere = new Database(app.file)
    elsewhere.exec('UPDATE tokens SET revoked_at = 1785585600000 WHERE id = 2')
    expect(await app.as(token, '/api/servers')).toMatchObject({ status: 401 })
    elsewhere.exec('UPDATE tokens SET revoked_at = NULL WHERE id = 2')
    expect(await app.as(token, '/api/servers')).toMatchObject({ status: 200 })
    elsewhere.close()
  })

  it('is written down as used once in a minute', async () => {
    const app = await startGuarded()
    const lastUsed = async () => {
      const database = new Database(app.file)
      const found = database.prepare('SELECT last_used_at FROM tokens WHERE id = 1').pluck().get() as number
      database.close()
      return new Date(found).toISOString()
    }
    await expect.poll(lastUsed).toBe('2026-08-01T12:00:00.000Z')
    app.setTime('2026-08-01T12:00:59.999Z')
    await app.as(app.admin, '/api/servers')
    await app.as(app.admin, '/api/upload', { method: 'POST', body: newReport(1) })
    expect(await lastUsed()).toBe('2026-08-01T12:00:00.000Z')
    app.setTime('2026-08-01T12:01:00.000Z')
    await app.as(app.admin, '/api/servers')
    await expect.poll(lastUsed).toBe('2026-08-01T12:01:00.000Z')
  })

  it('ends the subscription of its holder when it is revoked', async () => {
    const app = await startGuarded()
    const token = await app.newToken({ scope: 'READ' })
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    }
    const body = '{"query":"subscription { backupRecorded { id } }"}'
    const stream = await app.fetch('/graphql', { method: 'POST', headers, body })
    const heard = stream.text()
    await app.as(app.admin, '/api/upload', { method: 'POST', body: newReport(1) })
    await app.ask(app.admin, 'mutation { revokeToken(id: 2) { token { id } } }')
    await app.as(app.admin, '/api/upload', { method: 'POST', body: newReport(2) })
    const events = (await heard).split('\n').filter((line) => line.startsWith('data: {'))
    expect(events.map((line) => JSON.parse(line.slice(6)))).toMatchObject([
      { data: { backupRecorded: { id: 'Backup:2' } } },
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ])
  })
})

it('lets a page of GraphiQL be loaded by everybody, with a policy of its own', async () => {
  const app = await startGuarded()
  const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } })
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  const script = /graphql\/assets\/start-[\w-]+\.js/.exec(await page.text())?.[0]
  expect(await statusOf(app.fetch(`/${script}`))).toBe(200)
})
