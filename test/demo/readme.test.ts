// The GraphQL examples of the documents, answered by the demonstration.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { demoDatabase, removeDemo } from '../support/demo.ts'
import { documents } from '../support/documents.ts'

const examples = [...documents.matchAll(/```graphql\n(query (\w+).*?)```/gs)].map(([, query = '', name = '']) => ({
  name,
  query,
}))

let demo: Awaited<ReturnType<typeof demoDatabase>>
beforeAll(async () => {
  demo = await demoDatabase()
}, 60_000)
afterAll(() => removeDemo(demo))

it.each(examples)('$name has an answer that is not empty', async ({ query }) => {
  const app = await startApp({ file: demo.file })
  const { data, errors } = await app.graphql(query)
  expect(errors).toBeUndefined()
  const [list] = Object.values(data as Record<string, { nodes: unknown[] } | unknown[]>)
  expect((Array.isArray(list) ? list : list?.nodes)?.length).toBeGreaterThan(0)
})

it('are four', () => {
  expect(examples.map(({ name }) => name)).toEqual(['Dashboard', 'Growth', 'WhatWentWrong', 'MachinesThatAreTwo'])
})
