// Reports that are posted to an address with a typing error: taken where it is plain what was meant, and noticed where it is not.

import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { readExposition } from '../support/exposition.ts'
import { report } from '../support/report.ts'
import { startServer } from '../support/server.ts'
import { startGuarded } from '../support/tokens.ts'

const body = JSON.stringify(report())

it.each(['/api/upload/', '/API/UPLOAD', '/Api/Upload/', '/api/upload/?machine=nas'])(
  'takes a report at %s',
  async (path) => {
    expect(await (await startApp()).rest('POST', path, body)).toMatchObject({ status: 200, body: { success: true } })
  },
)

it.each([
  ['/API/Upload/', ''],
  ['/api/upload/', '/'],
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

/** The codes of refusals that were counted, each with how often. */
async function refusals(app: { fetch(path: string): Promise<Response> }): Promise<string[]> {
  const text = await (await app.fetch('/metrics')).text()
  const samples = readExposition(text).get('duplistatus_uploads_total')?.samples ?? []
  return samples.flatMap(({ labels, value }) => (labels.code && value > 0 ? [`${labels.code} ${value}`] : []))
}
