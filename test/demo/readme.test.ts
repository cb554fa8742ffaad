// The GraphQL examples of the documents, answered by the demonstration.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { makeDemoDatabase } from '../../src/demo/makeDemoDatabase.ts'
import { start, startApp } from '../support/app.ts'
import { documents } from '../support/documents.ts'

const examples = [...documents.matchAll(/```graphql\n(query (\w+).*?)```/gs)].map(([, query = '', name = '']) => ({
  name,
  query,
}))

let file = ''
beforeAll(async () => {
  file = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'demo.db')
  const config = readConfig({ DATABASE_URL: `file:${file}` })
  await makeDemoDatabase(config, { seed: 1, now: start }, pino({ level: 'silent' }))
}, 60_000)
afterAll(() => rmSync(dirname(file), { recursive: true }))

it.each(examples)('$name has an answer that is not empty', async ({ query }) => {
  const app = await startApp({ file })
  const { data, errors } = await app.graphql(query)
  expect(errors).toBeUndefined()
  const [list] = Object.values(data as Record<string, { nodes: unknown[] } | unknown[]>)
  expect((Array.isArray(list) ? list : list?.nodes)?.length).toBeGreaterThan(0)
})

it('are four', () => {
  expect(examples.map(({ name }) => name)).toEqual(['Dashboard', 'Growth', 'WhatWentWrong', 'MachinesThatAreTwo'])
})
