// The playground's page: from here alone, small on the wire, and sent once.

import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'

const ask = (app: TestApp, headers: Record<string, string> = {}) =>
  app.fetch('/graphql', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...headers } })

it('has example operations, and loads nothing from elsewhere', async () => {
  const app = await startApp()
  const response = await ask(app)
  const page = await response.text()
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page).toContain('query Dashboard')
  expect(page.match(/<(script|link|img)[^>]*(src|href)="?(https?:)?\/\//g)).toBeNull()
})

it('is compressed for whoever takes it, to a third', async () => {
  const app = await startApp()
  const plain = await (await ask(app)).text()
  const response = await ask(app, { 'accept-encoding': 'gzip, deflate, br' })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  const body = Buffer.from(await response.arrayBuffer())
  expect(body.length).toBeLessThan(plain.length / 3)
  expect(gunzipSync(body).toString()).toBe(plain)
})

it('is not sent again to whoever has it', async () => {
  const app = await startApp()
  const etag = (await ask(app)).headers.get('etag') ?? ''
  const again = await ask(app, { 'if-none-match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect((await ask(app, { 'if-none-match': '"another"' })).status).toBe(200)
})

it('does not stand in the way of queries by GET', async () => {
  const app = await startApp()
  const response = await app.fetch('/graphql?query=%7B__typename%7D', {
    headers: { accept: 'text/html, application/json' },
  })
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
})
