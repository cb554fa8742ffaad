// GraphQL over HTTP, by the audits of the people who wrote the specification: each is a test of its own, and all hold, those
// that a server MAY leave out too.

import { serverAudits } from 'graphql-http'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp

const audits = serverAudits({
  url: 'http://localhost/graphql',
  fetchFn: (url: string, init: RequestInit) => app.fetch(url, init),
})

it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
  app = await startApp()
  const result = await audit.fn()
  expect([result.status, 'reason' in result ? result.reason : '']).toEqual(['ok', ''])
})
