// The upgrade guide's two ways back, after the server stopped and after it was killed: to the old release, and to a copy.

import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { duplistatus } from '../support/cli.ts'
import { newPlace } from '../support/folders.ts'
import { oldCounts, writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import { oldMachines, oldRun, runSql, uuid } from '../support/oldDatabaseRows.ts'
import { startProcess } from '../support/process.ts'
import { report } from '../support/report.ts'
import { allRows } from '../support/states.ts'

const { machines, runs } = oldCounts('0.6')

describe.each(['SIGTERM', 'SIGKILL'] as const)('after %s', (signal) => {
  it('the old release goes on with the copy, and the next start takes it over again', async () => {
    const { file, copy } = await givenTakenOver(signal)

    // The guide's `cp`, after what the killed server left beside the file is removed.
    for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true })
    copyFileSync(copy, file)
    const old = newPlace()
    writeOldDatabase(old, '0.6')
    expect(allRows(file)).toEqual(allRows(old))
    writeAsOldRelease(file)

    const { health, servers, output } = await startAndLook(file)
    expect(health).toMatchObject({ status: 'healthy', database: 'connected' })
    expect(servers.map(({ name }) => name).sort()).toEqual(oldMachines.map(({ name }) => name).sort())
    expect(output).toContain('Migration 0.7.0 completed successfully')
    expect(count(file, 'servers')).toBe(machines)
    expect(count(file, 'backups')).toBe(runs + 1)
    expect(copiesBeside(file)).toHaveLength(2)
    expect(await duplistatus(file, 'verify')).toMatchObject({ code: 0 })
  })

  it('restore brings the copy back, and keeps what was reported since', async () => {
    const { file, copy } = await givenTakenOver(signal)

    const { kept } = JSON.parse((await duplistatus(file, 'restore', copy, '--json')).stdout)
    expect(readdirSync(dirname(file)).sort()).toEqual(
      [basename(copy), basename(kept), 'backups.db', 'secret.key'].sort(),
    )
    expect(allRows(file)).toEqual(allRows(copy))
    expect(count(kept, 'backups')).toBe(runs + 1)

    const { health, servers } = await startAndLook(file)
    expect(health).toMatchObject({ status: 'healthy', database: 'connected' })
    expect(servers).toHaveLength(machines)
    expect(count(file, 'servers')).toBe(machines)
    expect(count(file, 'backups')).toBe(runs)

    // And forth again: nothing was lost on the way.
    expect(await duplistatus(file, 'restore', kept)).toMatchObject({ code: 0 })
    const again = await startAndLook(file)
    expect(again.servers).toHaveLength(machines + 1)
    expect(again.output).not.toContain('pending migrations')
    expect(count(file, 'backups')).toBe(runs + 1)
  })
})

it("restore heals the guide's bare cp, which leaves the log of a killed server beside the old file", async () => {
  const { file, copy } = await givenTakenOver('SIGKILL')
  copyFileSync(copy, file)
  expect(existsSync(`${file}-wal`)).toBe(true)
  expect(await duplistatus(file, 'restore', copy)).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(`${file}-wal`)).toBe(false)
  expect(allRows(file)).toEqual(allRows(copy))
})

/** An old file whose rows are all in the log, taken over by a server that then took a report and ended by the signal. */
async function givenTakenOver(signal: 'SIGTERM' | 'SIGKILL') {
  const file = newPlace()
  writeUncheckpointed(file, '0.6')
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const body = JSON.stringify(report())
  const answer = await fetch(`${await server.listening}/api/upload`, { method: 'POST', body })
  expect(await answer.json()).toMatchObject({ success: true, duplicate: false })
  server.child.kill(signal)
  await server.exited
  expect([existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual(
    signal === 'SIGKILL' ? [true, true] : [false, false],
  )
  const [copy] = copiesBeside(file)
  return { file, copy: copy as string }
}

/** The old release opens the file in WAL mode, reads every run, adds one and closes. */
function writeAsOldRelease(file: string) {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('foreign_keys = ON')
  const read = database.prepare('SELECT b.* FROM backups b JOIN machines m ON m.id = b.machine_id ORDER BY b.date')
  expect(read.all()).toHaveLength(runs)
  database.exec(runSql('0.6', oldRun(uuid(99), 0, ['DB-1', 'Photos: RAW'], '2025-06-01T02:00:00.000Z')))
  database.close()
}

/** Starts the server, makes the guide's two requests, and stops it. */
async function startAndLook(file: string) {
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await server.listening
  const health = (await (await fetch(`${address}/api/health`)).json()) as object
  const { data } = (await (await fetch(`${address}/api/servers`)).json()) as { data: { name: string }[] }
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  return { health, servers: data, output: server.output() }
}

function copiesBeside(file: string): string[] {
  const names = readdirSync(dirname(file)).filter((name) => /^backups-copy-[-T\d]+\.db$/.test(name))
  return names.sort().map((name) => join(dirname(file), name))
}

/** The guide's `SELECT COUNT(*) FROM servers`. */
function count(file: string, table: string) {
  const database = new Database(file, { fileMustExist: true })
  try {
    return database.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get()
  } finally {
    database.close()
  }
}
