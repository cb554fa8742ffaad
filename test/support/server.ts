// Serves a fresh database on a port of its own, for tests of clients that go over HTTP.

import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { serve } from '../../src/serve.ts'
import { emptyDatabase } from './compiled.ts'

export interface TestServer {
  /** Where GraphQL is, like `http://localhost:34567/graphql`. */
  url: string
  /** The fetch to give to a client: what it asks for is written down. */
  fetch: typeof fetch
  /** The names of the operations that went through `fetch`, in their order. */
  asked: string[]
  /** Resolves when an operation of this name has begun to be answered: a subscription hears everything from then on. */
  answered(operation: string): Promise<void>
  /** Posts a report, as Duplicati does. */
  post(report: unknown): Promise<void>
  /** The data of a query that no client under test knows of, as if somebody else had sent it. */
  elsewhere(query: string, variables?: Record<string, unknown>): Promise<unknown>
}

/** @param logged where the lines of the log go; nowhere if left out */
export async function startServer(logged?: string[]): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const file = join(folder, 'backups.db')
  await copyFile(emptyDatabase(), file)
  const config = readConfig({ PORT: '0', DATABASE_URL: `file:${file}` })
  const server = await serve(config, createLogger(logged ? 'info' : 'silent', { write: (line) => logged?.push(line) }))
  onTestFinished(async () => {
    await server.stop('the end of the test')
    await rm(folder, { recursive: true })
  })

  const url = `${server.address}/graphql`
  const asked: string[] = []
  const answered: string[] = []
  const send = async (to: string, body: unknown) => {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
    return response.json()
  }
  return {
    url,
    fetch: async (input, init) => {
      const { operationName } = JSON.parse(String(init?.body))
      asked.push(operationName)
      const response = await fetch(input, init)
      answered.push(operationName)
      return response
    },
    asked,
    answered: (operation) => expect.poll(() => answered).toContain(operation),
    post: async (report) => void (await send(`${server.address}/api/upload`, report)),
    elsewhere: async (query, variables) => {
      const { data, errors } = (await send(url, { query, variables })) as { data: unknown; errors?: unknown }
      expect(errors).toBeUndefined()
      return data
    },
  }
}
