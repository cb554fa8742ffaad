// The server as a process: how it starts, what it refuses, and what it leaves behind.

import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { fixture } from './support/app.ts'
import { writeOldDatabase } from './support/oldDatabase.ts'
import { startProcess } from './support/process.ts'

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s with exit code 0 and leaves a single file', async (signal) => {
  const folder = newFolder()
  const { child, listening, exited } = startProcess({ DATABASE_URL: `file:${folder}/data/backups.db` })
  const address = await listening
  const answer = await fetch(`${address}/api/upload`, { method: 'POST', body: await fixture('success.json') })
  expect(await answer.json()).toEqual({ success: true, backup: { id: 1 }, duplicate: false })
  expect(readdirSync(`${folder}/data`).sort()).toEqual(['backups.db', 'backups.db-shm', 'backups.db-wal'])
  child.kill(signal)
  expect(await exited).toBe(0)
  expect(readdirSync(`${folder}/data`)).toEqual(['backups.db'])
})

it('stops on a signal also while it starts', async () => {
  const file = `${newFolder()}/backups.db`
  writeOldDatabase(file, '0.6')
  const before = readFileSync(file)
  // The upgrade waits ten seconds for whoever has the file.
  const holder = new Database(file)
  onTestFinished(() => void holder.close())
  holder.exec('BEGIN IMMEDIATE')
  const { child, exited, output } = startProcess({ DATABASE_URL: `file:${file}` })
  await expect.poll(() => existsSync(`${file}-upgrade-lock`), { timeout: 15_000 }).toBe(true)
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(output()).toContain('Stopped on SIGTERM before the start was complete')
  expect(readFileSync(file)).toEqual(before)
})

it('keeps what it answered when it is killed', async () => {
  const environment = { DATABASE_URL: `file:${newFolder()}/backups.db` }
  const first = startProcess(environment)
  const body = await fixture('success.json')
  await fetch(`${await first.listening}/api/upload`, { method: 'POST', body })
  first.child.kill('SIGKILL')
  await first.exited
  const second = startProcess(environment)
  const answer = await fetch(`${await second.listening}/api/upload`, { method: 'POST', body })
  expect(await answer.json()).toEqual({ success: true, backup: { id: 1 }, duplicate: true })
})

it('finishes what it accepted before it stops', async () => {
  const { child, listening, exited } = startProcess({ DATABASE_URL: `file:${newFolder()}/backups.db` })
  const address = await listening
  const text = await fixture('success.json')
  let finish = () => {}
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from(text.slice(0, 100)))
      await held
      controller.enqueue(Buffer.from(text.slice(100)))
      controller.close()
    },
  })
  const upload = fetch(`${address}/api/upload`, { method: 'POST', body, duplex: 'half' } as RequestInit)
  await new Promise((resolve) => setTimeout(resolve, 300))
  child.kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 300))
  // A second signal, as npm passes one on, does not cut it short.
  child.kill('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 100))
  finish()
  expect(await (await upload).json()).toMatchObject({ success: true })
  expect(await exited).toBe(0)
})

it('stops although somebody listens to a subscription, and somebody else never finishes a request', async () => {
  const folder = newFolder()
  const { child, listening, exited } = startProcess({ DATABASE_URL: `file:${folder}/data/backups.db` })
  const { port } = new URL(await listening)
  const subscription = await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'subscription { backupRecorded { id } }' }),
  })
  const unfinished = connect(Number(port), '127.0.0.1', () =>
    unfinished.write('POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'),
  )
  const cut = once(unfinished, 'close')
  await once(unfinished, 'ready')
  child.kill('SIGTERM')
  // Cut off, and not completed: only then does a client come back after a restart.
  await expect(subscription.text()).rejects.toThrow('terminated')
  await cut
  expect(await exited).toBe(0)
  expect(readdirSync(`${folder}/data`)).toEqual(['backups.db'])
})

it('answers 413 to a sender that goes on sending, and goes on itself', async () => {
  const environment = { DATABASE_URL: `file:${newFolder()}/backups.db`, MAX_REPORT_BYTES: String(2 ** 20) }
  const address = await startProcess(environment).listening
  const body = new ReadableStream({
    async start(controller) {
      for (let sent = 0; sent < 32; sent += 1) controller.enqueue(Buffer.alloc(2 ** 20, ' '))
      controller.close()
    },
  })
  const answer = await fetch(`${address}/api/upload`, { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE' } }])
  expect((await fetch(`${address}/api/health`)).status).toBe(200)
})

it('says everything that is wrong with its environment, and exits with 1', async () => {
  const process = startProcess({
    PORT: 'x',
    DATABASE_URL: 'postgres://x',
    LOG_LEVEL: 'loud',
    MAX_LOG_LINES: '-1',
    INTROSPECTION: 'maybe',
  })
  expect(await process.exited).toBe(1)
  expect(process.output()).toBe(`The settings are wrong:
  PORT must be a whole number
  DATABASE_URL must be a file, like file:./data/backups.db
  LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent
  MAX_LOG_LINES must be 0 or more
  INTROSPECTION must be on or off
`)
})

it('says that the port is taken, and exits with 1', async () => {
  const first = startProcess({ DATABASE_URL: `file:${newFolder()}/backups.db` })
  const { port } = new URL(await first.listening)
  const folder = newFolder()
  const second = startProcess({ DATABASE_URL: `file:${folder}/backups.db`, PORT: port })
  expect(await second.exited).toBe(1)
  expect(second.output()).toContain(`Port ${port} of 127.0.0.1 is taken; stop what listens there, or set PORT.`)
  expect(readdirSync(folder)).toEqual(['backups.db'])
})
