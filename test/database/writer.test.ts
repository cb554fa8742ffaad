import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { openWriter } from '../../src/database/writer.ts'

const now = new Date('2026-08-01T12:00:00.000Z')

async function openNew() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'backups.db')
  await applyMigrations(file, migrationNames())
  return { file, writer: openWriter(file) }
}

function namesIn(file: string) {
  const database = new Database(file, { readonly: true })
  const names = database.prepare('SELECT name FROM servers ORDER BY id').pluck().all()
  database.close()
  return names
}

it('lets only the guilty one of a batch fail, and leaves nothing of it', async () => {
  const { file, writer } = await openNew()
  const outcomes = await Promise.allSettled([
    writer.write(({ servers }) => servers.insert('first', now)),
    writer.write(({ servers }) => {
      servers.insert('half done', now)
      throw new Error('guilty')
    }),
    writer.write(({ servers }) => servers.insert('third', now)),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(namesIn(file)).toEqual(['first', 'third'])
  writer.close()
})

it('lets the second of a batch see what the first wrote', async () => {
  const { writer } = await openNew()
  const [, found] = await Promise.all([
    writer.write(({ servers }) => servers.insert('nas', now)),
    writer.write(({ servers }) => servers.findByName('nas')),
  ])
  expect(found).toEqual([{ id: 1, identified: false }])
  writer.close()
})

it('writes what waits before it closes', async () => {
  const { file, writer } = await openNew()
  const written = writer.write(({ servers }) => servers.insert('last', now))
  writer.close()
  expect(await written).toBe(1)
  expect(namesIn(file)).toEqual(['last'])
})

it('says that it is unavailable while another process holds the file', async () => {
  const { file, writer } = await openNew()
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  await expect(writer.write(({ servers }) => servers.insert('nas', now))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  other.exec('ROLLBACK')
  other.close()
  expect(await writer.write(({ servers }) => servers.insert('nas', now))).toBe(1)
  writer.close()
})

it('is durable before it answers', async () => {
  const { file, writer } = await openNew()
  await writer.write(({ servers }) => servers.insert('nas', now))
  const database = new Database(file)
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  database.close()
  writer.close()
})
