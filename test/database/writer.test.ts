import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { openWriter } from '../../src/database/writer.ts'
import { DomainError } from '../../src/domain/errors.ts'

const now = new Date('2026-08-01T12:00:00.000Z')

function openNew() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'backups.db')
  applyMigrations(file, migrationNames())
  return { file, writer: openWriter(file) }
}

function namesIn(file: string) {
  const database = new Database(file, { readonly: true })
  const names = database.prepare('SELECT name FROM servers ORDER BY id').pluck().all()
  database.close()
  return names
}

it('lets only the guilty one of a batch fail, and leaves nothing of it', async () => {
  const { file, writer } = openNew()
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
  await writer.close()
})

it('writes a batch in one transaction, although one of it throws', async () => {
  const { file, writer } = openNew()
  let transactions = 0
  writer.onWritten(() => {
    transactions += 1
  })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      writer.write(({ servers }) => {
        servers.insert(`${index}`, now)
        if (index === 25) throw new DomainError('NOT_FOUND', 'There is none.')
      }),
    ),
  )
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(namesIn(file)).toHaveLength(49)
  expect(transactions).toBe(1)
  await writer.close()
})

it('lets the second of a batch see what the first wrote', async () => {
  const { writer } = openNew()
  const [, found] = await Promise.all([
    writer.write(({ servers }) => servers.insert('nas', now)),
    writer.write(({ servers }) => servers.findByName('nas')),
  ])
  expect(found).toEqual([{ id: 1, identified: false }])
  await writer.close()
})

it('writes what waits before it closes', async () => {
  const { file, writer } = openNew()
  const written = writer.write(({ servers }) => servers.insert('last', now))
  await writer.close()
  expect(await written).toBe(1)
  expect(namesIn(file)).toEqual(['last'])
})

it('waits while another process holds the lock, and lets others work meanwhile', async () => {
  const { file, writer } = openNew()
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  const written: string[] = []
  const writing = ['first', 'second'].map((name) =>
    writer.write(({ servers }) => servers.insert(name, now)).then(() => written.push(name)),
  )
  // Several tries.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(written).toEqual([])
  other.exec('ROLLBACK')
  other.close()
  await Promise.all(writing)
  expect(namesIn(file)).toEqual(['first', 'second'])
  await writer.close()
})

it('waits for the lock of another process before it closes', async () => {
  const { file, writer } = openNew()
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  const written = writer.write(({ servers }) => servers.insert('last', now))
  const closed = writer.close()
  other.exec('ROLLBACK')
  other.close()
  expect(await written).toBe(1)
  await closed
  expect(namesIn(file)).toEqual(['last'])
})

it('is durable before it answers', async () => {
  const { file, writer } = openNew()
  await writer.write(({ servers }) => servers.insert('nas', now))
  const database = new Database(file)
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  database.close()
  await writer.close()
})
