// Reports that are posted to an address with a typing error: taken where it is plain what was meant, and noticed where it is not.

import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { readExposition } from '../support/exposition.ts'
import { report } from '../support/report.ts'
import { startServer } from '../support/server.ts'
import { startGuarded } from '../support/tokens.ts'

const body = JSON.stringify(report())

it.each([
  '/api/upload/',
  '/API/UPLOAD',
  '/Api/Upload/',
  '/api/upload/?machine=nas',
  '//api/upload',
  '///api//upload//',
])('takes a report at %s', async (path) => {
  expect(await postTo(await startApp(), path)).toEqual({ success: true, backup: { id: 1 }, duplicate: false })
})

it.each([
  ['/API/Upload/', ''],
  ['/api/upload/', '/'],
  ['/api/upload//', ''],
])('takes the token in %sTOKEN%s as it is written', async (before, after) => {
  const app = await startGuarded()
  const token = await app.newToken({ scope: 'REPORT' })
  expect(await app.as(null, `${before}${token}${after}`, { method: 'POST', body })).toMatchObject({ status: 200 })
  const wrong = `${before}${token.toUpperCase()}${after}`
  expect(await app.as(null, wrong, { method: 'POST', body })).toMatchObject({ status: 401 })
})

it.each([
  ['POST', '/api/uplaod', 'NOT_FOUND', 404],
  ['PUT', '/', 'NOT_FOUND', 404],
  ['POST', '/api/upload/x/y', 'NOT_FOUND', 404],
  ['GET', '/api/upload', 'METHOD_NOT_ALLOWED', 405],
  ['DELETE', '/api/upload/x', 'METHOD_NOT_ALLOWED', 405],
])('logs and counts %s %s', async (method, path, code, status) => {
  const logged: string[] = []
  const app = await startApp({ logged })
  logged.length = 0
  expect(await app.fetch(path, { method }, { address: '10.0.0.9' })).toMatchObject({ status })
  expect(logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)).toMatchObject([
    { level: 40, code, method, address: '10.0.0.9', msg: expect.stringMatching(/^A report may have been lost: /) },
  ])
  expect(await refusals(app)).toEqual([`${code} 1`])
})

it.each([
  ['GET', '/'],
  ['DELETE', '/api/uplaod'],
  ['POST', '/api/servers/1'],
])('makes nothing of %s %s', async (method, path) => {
  const logged: string[] = []
  const app = await startApp({ logged })
  logged.length = 0
  await app.fetch(path, { method })
  expect(logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)).toEqual([])
  expect(await refusals(app)).toEqual([])
})

it('logs no token that stands in a wrong address', async () => {
  const logged: string[] = []
  const app = await startGuarded({ logged })
  const token = await app.newToken({ scope: 'REPORT' })
  for (const path of [`/api/uplaod/${token}`, `/API/UPLOAD/${token}/x`]) await app.fetch(path, { method: 'POST', body })
  expect(logged.filter((line) => line.includes('may have been lost'))).toHaveLength(2)
  expect(logged.join()).not.toContain(token)
})

it('logs once a minute that https was sent to the http port', async () => {
  const logged: string[] = []
  const { url } = await startServer(logged)
  for (let times = 0; times < 2; times += 1) {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
    const [error] = await once(socket, 'error').catch((error) => [error])
    expect(error).toBeInstanceOf(Error)
  }
  expect(logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)).toMatchObject([
    {
      level: 40,
      address: '127.0.0.1',
      msg: expect.stringMatching(/^A report may have been lost: this port speaks http/),
    },
  ])
})

it.each(['/api/upload/%E0', '/api/upload/%', '//api/upload/%E0%A4%A/'])(
  'refuses %s, which is not properly encoded, and notes it',
  async (path) => {
    for (const HOST of ['127.0.0.1', '0.0.0.0']) {
      const logged: string[] = []
      const app = await startApp({ logged, environment: { HOST } })
      logged.length = 0
      const response = await app.fetch(`http://localhost${path}`, { method: 'POST', body })
      expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'BAD_USER_INPUT' } }])
      expect(warningsIn(logged)).toMatchObject([{ code: 'BAD_USER_INPUT', msg: 'A report was refused' }])
    }
  },
)

describe('a report that is posted to /graphql', () => {
  const text = 'Duplicati Backup report for Photos (machine-1, DB-1, nas)\n\nParsedResult: Success\n'
  const json = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const long = JSON.stringify(report({ logLines: Array(3000).fill('A line of the log, of which there are many.') }))
  const message = 'This is a report of Duplicati, which is not taken at /graphql: post it to'

  it.each<[string, HeadersInit, string, string, number]>([
    ['JSON', json, body, 'BAD_USER_INPUT', 400],
    ['JSON that is long', json, long, 'BAD_USER_INPUT', 400],
    ['JSON of another order', json, '{"LogLines":[],"Extra":{},"Data":{}}', 'BAD_USER_INPUT', 400],
    ['a form', form, `message=${encodeURIComponent(text)}`, 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['JSON in a form', form, `message=${encodeURIComponent(body)}`, 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['text', { 'content-type': 'text/plain' }, text, 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['JSON without a type', { 'content-type': '' }, body, 'UNSUPPORTED_MEDIA_TYPE', 415],
  ])('as %s is noted, and told where it belongs', async (_, headers, body, code, status) => {
    const logged: string[] = []
    const app = await startApp({ logged, environment: { PUBLIC_URL: 'https://backups.example' } })
    logged.length = 0
    const response = await app.fetch('/graphql', { method: 'POST', headers, body })
    const said = `${message} https://backups.example/api/upload.`
    expect([response.status, await response.json()]).toEqual([
      status,
      { errors: [{ message: said, extensions: { code } }] },
    ])
    expect(warningsIn(logged)).toMatchObject([{ code, method: 'POST', msg: `A report may have been lost: ${said}` }])
    expect(await refusals(app)).toEqual([`${code} 1`])
  })

  it.each([
    ['JSON', json, body],
    ['JSON that is longer than is taken', json, long.padEnd(9 * 2 ** 20)],
    ['a form', form, `message=${encodeURIComponent(text)}`],
  ])('without a token, which Duplicati cannot send, is noted too: %s', async (_, headers, body) => {
    const logged: string[] = []
    const app = await startGuarded({ logged })
    logged.length = 0
    const { status, body: answer } = await app.as(null, '/graphql', { method: 'POST', headers, body })
    expect([status, answer]).toMatchObject([
      401,
      {
        errors: [{ message: expect.stringContaining(`${message} /api/upload/TOKEN. \`npx duplistatus token create`) }],
      },
    ])
    expect(warningsIn(logged)).toMatchObject([{ code: 'UNAUTHENTICATED' }])
  })

  it('that is too long is noted', async () => {
    const logged: string[] = []
    const { url } = await startServer(logged)
    logged.length = 0
    const response = await fetch(url, { method: 'POST', headers: json, body: long.padEnd(9 * 2 ** 20) })
    expect(response.status).toBe(413)
    expect(warningsIn(logged)).toMatchObject([{ code: 'PAYLOAD_TOO_LARGE' }])
  })

  it('is nothing that asks a query, or that is no report', async () => {
    const logged: string[] = []
    const app = await startGuarded({ logged })
    logged.length = 0
    const bodies = ['{"query":"{ __typename }"}', '{"query":"{ a }","Data":{}}', '{}', '[]', 'x', '', '{"message":1}']
    for (const body of bodies) {
      for (const headers of [json, form]) {
        for (const token of [null, app.admin]) await app.as(token, '/graphql', { method: 'POST', headers, body })
      }
    }
    expect(warningsIn(logged)).toEqual([])
  })
})

it.each([
  ['message=', 'application/x-www-form-urlencoded'],
  ['x', 'text/plain'],
])('is refused so that its connection is free for the next request, also if it is long: %s', async (begin, type) => {
  const { url } = await startServer()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ask = async (path: string, method: string, body: string) => {
    const asking = request(new URL(path, url), { method, agent, headers: { 'content-type': type } })
    asking.setHeader('content-length', body.length)
    asking.end(body)
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    return [response.statusCode, asking.reusedSocket]
  }
  expect(await ask('/graphql', 'POST', begin.padEnd(2 ** 20, 'y'))).toEqual([415, false])
  expect(await ask('/api/ready', 'GET', '')).toEqual([200, true])
})

it('is refused at once also if its body does not come', async () => {
  const app = await startGuarded()
  const body = new ReadableStream({})
  const began = performance.now()
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' } as RequestInit
  expect(await app.as(null, '/graphql', init)).toMatchObject({ status: 401 })
  expect(performance.now() - began).toBeLessThan(5000)
})

/** The answer to a report at the path, as it stands there. */
async function postTo(app: TestApp, path: string): Promise<unknown> {
  return (await app.fetch(`http://localhost${path}`, { method: 'POST', body })).json()
}

function warningsIn(logged: string[]) {
  return logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)
}

/** The codes of refusals that were counted, each with how often. */
async function refusals(app: { fetch(path: string): Promise<Response> }): Promise<string[]> {
  const text = await (await app.fetch('/metrics')).text()
  const samples = readExposition(text).get('duplistatus_uploads_total')?.samples ?? []
  return samples.flatMap(({ labels, value }) => (labels.code && value > 0 ? [`${labels.code} ${value}`] : []))
}
