// The old database files themselves: that they are what the tests of the upgrade take them for.

import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { oldCounts, oldDatabaseSql, writeLargeDatabase, writeOldDatabase, writeUncheckpointed } from './oldDatabase.ts'
import { dirt } from './oldDatabaseDirt.ts'
import { machineTable, type OldShape, oldShapes, since } from './oldDatabaseSchema.ts'

function newFile() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'backups.db')
}

function open(file: string) {
  const database = new Database(file, { fileMustExist: true })
  onTestFinished(() => void database.close())
  return database
}

function inMemory(shape: OldShape) {
  const database = open(':memory:')
  database.exec(oldDatabaseSql(shape))
  return database
}

function counts(database: Database.Database, shape: OldShape) {
  const { table, reference } = machineTable(shape)
  const count = (sql: string) => database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get()
  const logs = ['messages', 'errors', ...(shape === 'guide' ? [] : ['warnings'])]
  const lines = logs.map((log) => `SELECT value FROM backups, json_each(${log}_array)`)
  return {
    machines: count(table),
    jobs: count(`(SELECT DISTINCT ${reference}, backup_id FROM backups)`),
    runs: count('backups'),
    logLines: count(`(${lines.join(' UNION ALL ')})`),
    settings: since(shape, '0.6') ? count('configurations') : 0,
  }
}

describe.each(oldShapes)('a file of shape %s', (shape) => {
  it('is whole, in WAL mode, closed, and holds what it says', () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    expect([existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([false, false])
    const database = open(file)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    expect(counts(database, shape)).toEqual(oldCounts(shape))
  })

  it('can have all of its rows in the -wal', () => {
    const file = newFile()
    writeUncheckpointed(file, shape)
    const alone = newFile()
    copyFileSync(file, alone)
    expect(statSync(file).size).toBe(4096)
    expect(existsSync(`${file}-shm`)).toBe(false)
    expect(open(alone).prepare('SELECT * FROM sqlite_schema').all()).toEqual([])
    const database = open(file)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(counts(database, shape)).toEqual(oldCounts(shape))
  })

  it('takes every kind of dirt that is meant for it, one by one and all at once', () => {
    const meant = dirt.filter(({ shapes }) => shapes.includes(shape))
    const all = inMemory(shape)
    for (const { sql, ids } of meant) {
      const database = inMemory(shape)
      const before = oldCounts(shape).runs
      database.exec(sql(shape))
      expect(runsIn(database)).toBe(before + ids(shape).length)
      for (const id of ids(shape)) {
        expect(database.prepare('SELECT id FROM backups WHERE id IS ?').pluck().get(id)).toBe(id)
      }
      all.exec(sql(shape))
    }
    expect(runsIn(all)).toBe(oldCounts(shape).runs + meant.flatMap(({ ids }) => ids(shape)).length)
    expect(all.pragma('integrity_check', { simple: true })).toBe('ok')
  })
})

function runsIn(database: Database.Database) {
  return database.prepare('SELECT count(*) FROM backups').pluck().get()
}

it('has dirt for every shape, and dirt stays what it was on the way in', () => {
  expect(dirt.filter(({ shapes }) => shapes.length === 0)).toEqual([])
  const kept = inMemory('0.6')
  for (const { shapes, sql } of dirt) if (shapes.includes('0.6')) kept.exec(sql('0.6'))
  const types = (column: string) =>
    kept.prepare(`SELECT DISTINCT typeof(${column}) FROM backups ORDER BY 1`).pluck().all()
  expect(
    Object.fromEntries(['uploaded_size', 'examined_files', 'dryrun', 'begin_time', 'status'].map((c) => [c, types(c)])),
  ).toMatchInlineSnapshot(`
    {
      "begin_time": [
        "integer",
        "null",
        "text",
      ],
      "dryrun": [
        "integer",
        "null",
        "text",
      ],
      "examined_files": [
        "text",
      ],
      "status": [
        "null",
        "text",
      ],
      "uploaded_size": [
        "blob",
        "integer",
        "null",
        "real",
        "text",
      ],
    }
  `)
})

it('can be large: as many runs as asked for, of 50 machines with 4 jobs, about 4 kB each', () => {
  const file = newFile()
  writeLargeDatabase(file, 2000)
  const database = open(file)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(counts(database, '0.6')).toMatchObject({ machines: 50, jobs: 200, runs: 2000 })
  const perJob = 'SELECT count(DISTINCT begin_time) FROM backups GROUP BY machine_id, backup_id'
  expect(new Set(database.prepare(perJob).pluck().all())).toEqual(new Set([10]))
  expect(statSync(file).size / 2000).toBeGreaterThan(3500)
  expect(statSync(file).size / 2000).toBeLessThan(5000)
})
