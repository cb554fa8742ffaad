// What tells whoever starts, watches and balances servers: that it lives, and that requests may be sent to it.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { migrationNames } from '../../src/database/migrate.ts'
import { start, startApp } from '../support/app.ts'
import { emptyDatabase } from '../support/compiled.ts'
import { report } from '../support/report.ts'
import { startGuarded } from '../support/tokens.ts'

describe('ready', () => {
  it('is a server that read its database and wrote to it, to anybody', async () => {
    const app = await startGuarded()
    const database = new Database(app.file, { readonly: true })
    const version = () => database.pragma('data_version', { simple: true })
    const before = version()
    expect(await app.as(null, '/api/ready')).toEqual({
      status: 200,
      body: { status: 'ready', timestamp: '2026-08-01T12:00:00.000Z' },
    })
    expect(version()).not.toBe(before)
    database.close()
  })

  it('is no server whose database is locked, and it is one again afterwards', async () => {
    const app = await startApp()
    const other = new Database(app.file)
    other.exec('BEGIN IMMEDIATE')
    const refused = await app.fetch('/api/ready')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toEqual({
      status: 'error',
      error: { code: 'UNAVAILABLE', message: expect.stringMatching(/^The database (?:cannot be|is|could not be) /) },
    })
    other.exec('ROLLBACK')
    other.close()
    await expect.poll(async () => (await app.fetch('/api/ready')).status, { timeout: 20_000 }).toBe(200)
  }, 40_000)

  it('is no server whose database cannot be read', async () => {
    const app = await startApp()
    breakReading(app.file)
    expect(await app.rest('GET', '/api/ready')).toEqual({
      status: 503,
      body: {
        status: 'error',
        error: { code: 'UNAVAILABLE', message: 'The database cannot be read now; the log tells more.' },
      },
    })
  })

  it('is no server that stops', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'backups.db')
    copyFileSync(emptyDatabase(), file)
    const app = await createApp(readConfig({ DATABASE_URL: `file:${file}` }), pino({ level: 'silent' }), () => start)
    onTestFinished(app.close)
    const ask = async () => {
      const answer = await app.fetch(new Request('http://localhost/api/ready'), {
        address: '127.0.0.1',
        host: 'localhost',
      })
      return { status: answer.status, body: await answer.json() }
    }
    expect((await ask()).status).toBe(200)
    app.endSubscriptions()
    expect(await ask()).toEqual({
      status: 503,
      body: { status: 'error', error: { code: 'UNAVAILABLE', message: 'The server is stopping.' } },
    })
  })
})

describe('health', () => {
  it('answers its status also when the database cannot be read', async () => {
    const app = await startApp()
    breakReading(app.file)
    const response = await app.fetch('/api/health')
    expect(response.headers.get('retry-after')).toBe('5')
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 503,
      body: { status: 'unhealthy', database: 'disconnected', timestamp: '2026-08-01T12:00:00.000Z' },
    })
  })

  it('tells whoever may read how large the database is, and what waits', async () => {
    const app = await startGuarded()
    const database = new Database(app.file)
    database.exec(`
      INSERT INTO channels (kind, name, settings, created_at, updated_at) VALUES ('NTFY', 'x', '{}', 0, 0);
      INSERT INTO notifications (key, channel_id, server_id, job_id, event, title, message, priority, tags, subject, created_at, status)
      SELECT column1, 1, 1, 1, 'FAILED', '', '', 'LOW', '[]', '{}', 0, column2
      FROM (VALUES ('a', 'PENDING'), ('b', 'SENDING'), ('c', 'DEAD'), ('d', 'SENT'));
      INSERT INTO quarantine (source, place, reason, repaired, content) VALUES ('backups', 1, '', 1, ''), ('backups', 2, '', 0, '')`)
    database.close()
    const token = await app.newToken({ scope: 'READ' })
    // Its first use is noted in the background, and would be a write that waits.
    await app.as(token, '/api/health')
    const { body } = await app.as(token, '/api/health')
    const { storage, ...rest } = body as { storage: { size: number; walSize: number; writable: boolean } }
    expect(rest).toEqual({
      status: 'healthy',
      database: 'connected',
      timestamp: '2026-08-01T12:00:00.000Z',
      quarantine: { repaired: 1, setAside: 1 },
      access: { requireToken: true, requestsWithoutToken: 0 },
      migrations: { applied: migrationNames().length, last: migrationNames().at(-1) },
      queue: { uploads: { receiving: 0, waiting: 0 }, writes: 0, notifications: { pending: 2, dead: 1 } },
    })
    expect(storage).toEqual({
      size: expect.any(Number),
      walSize: expect.any(Number),
      lastCopyAt: null,
      writable: true,
    })
    expect(Math.min(storage.size, storage.walSize)).toBeGreaterThan(4096)
  })
})

it('a report that is received shows while it is', async () => {
  const app = await startApp()
  let send = (_: Uint8Array) => {}
  let finish = () => {}
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      send = (part) => controller.enqueue(part)
      finish = () => controller.close()
    },
  })
  const uploading = app.fetch('/api/upload', { method: 'POST', body, duplex: 'half' } as RequestInit)
  const queue = async () =>
    ((await app.rest('GET', '/api/health')).body as { queue: { uploads: object } }).queue.uploads
  await expect.poll(queue).toEqual({ receiving: 1, waiting: 0 })
  send(new TextEncoder().encode(JSON.stringify(report())))
  finish()
  expect((await uploading).status).toBe(200)
  expect(await queue()).toEqual({ receiving: 0, waiting: 0 })
})

/** Takes away what every request reads, as damage would. */
function breakReading(file: string) {
  const database = new Database(file)
  database.exec('DROP TABLE access')
  database.close()
}
