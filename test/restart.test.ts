// A client that subscribes lives through an upgrade: its stream is cut off, not completed, so that it comes back (twenty #21061).

import { createClient } from 'graphql-sse'
import { expect, it } from 'vitest'
import { newPlace } from './support/folders.ts'
import { freePort } from './support/freePort.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

it('comes back to the next server and hears what is reported there', async () => {
  const environment = { DATABASE_URL: `file:${newPlace()}`, PORT: String(await freePort()) }
  const first = startProcess(environment)
  const address = await first.listening
  const heard: string[] = []
  let completed = false
  let connected = 0
  const client = createClient({
    url: `${address}/graphql`,
    retryAttempts: 100,
    retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
    on: {
      connected: () => {
        connected += 1
      },
    },
  })
  const stop = client.subscribe<{ backupRecorded: { id: string } }>(
    { query: 'subscription { backupRecorded { id } }' },
    {
      next: ({ data }) => void heard.push(data?.backupRecorded.id ?? ''),
      error: (error) => void heard.push(String(error)),
      complete: () => {
        completed = true
      },
    },
  )
  const post = (day: number) =>
    fetch(`${address}/api/upload`, {
      method: 'POST',
      body: JSON.stringify(report({ data: { BeginTime: `2026-07-1${day}T02:00:00Z` } })),
    })
  await expect.poll(() => connected, { timeout: 10_000 }).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await post(1)
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['Backup:1'])
  first.child.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  const second = startProcess(environment)
  await second.listening
  await expect.poll(() => connected, { timeout: 10_000 }).toBe(2)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await post(2)
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['Backup:1', 'Backup:2'])
  expect(completed).toBe(false)
  stop()
}, 60_000)
