// Any old file, legal and dirty, of any shape: what it holds is afterwards in the new file or set aside, row for row, and
// the copy is what it was. With SOAK set there are more files.

import { copyFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { newPlace, soak } from '../support/folders.ts'
import { oldDatabaseSql } from '../support/oldDatabase.ts'
import { dirt } from '../support/oldDatabaseDirt.ts'
import { machineSql, type OldMachine, oldMachines, oldRun, runSql, uuid } from '../support/oldDatabaseRows.ts'
import { machineTable, type OldShape, oldShapes } from '../support/oldDatabaseSchema.ts'
import { newContent, oldContent } from '../support/takenOver.ts'

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom("'", '"', ':', '\\', '\n', '📁', '{', '§'), fc.string({ unit: 'grapheme' })),
})
/** Names come without blanks around them; those would be taken off. */
const anyName = anyText.map((text) => `n${text.trim().replaceAll('\0', '')}.`)
const anyLog = fc.array(fc.oneof(anyText, fc.constant('NUL \0 in it')), { maxLength: 5 })
const anySize = fc.oneof(
  fc.bigInt(0n, 2n ** 40n),
  fc.bigInt(2n ** 53n - 2n, 2n ** 53n + 2n),
  fc.bigInt(0n, 2n ** 63n - 1n),
)

const anyRun = fc.record({
  /** Some of the four machines that every file has, or of the random ones. */
  machine: fc.nat(9),
  job: fc.tuple(fc.constantFrom('DB-1', 'DB-2', 'DB-77'), anyName),
  /** Within its own day, so that no two runs of a job began at one time. */
  offset: fc.nat(86_399_999),
  status: fc.constantFrom('Success', 'Warning', 'Error', 'Fatal', 'Unknown', 'Failed', 'InProgress'),
  uploaded: anySize,
  duration: fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e6, noNaN: true })),
  dryRun: fc.boolean(),
  logs: fc.tuple(anyLog, anyLog, anyLog),
})

const anyFile = fc.record({
  shape: fc.constantFrom(...oldShapes),
  names: fc.array(anyName, { maxLength: 6 }),
  runs: fc.array(anyRun, { maxLength: 12 }),
  wrong: fc.subarray(dirt),
  /** Whether its rows are only in the -wal. */
  uncheckpointed: fc.boolean(),
})

type Generated<Any> = Any extends fc.Arbitrary<infer Value> ? Value : never

it('every row of an old file is taken over or set aside, and the copy holds them all', {
  timeout: soak ? 3_600_000 : 60_000,
}, async () => {
  const property = fc.asyncProperty(anyFile, async (given) => {
    const file = newPlace()
    write(file, given)
    const old = oldContent(file)

    await prepareFile(file, new Date('2026-08-01T12:00:00Z'), pino({ level: 'silent' }))

    const { table } = machineTable(given.shape)
    const found = newContent(file)
    const setAside = (source: string) => found.setAside.filter((name) => name === source).length
    expect(found.problems).toEqual([])
    expect(found.runs.length + setAside('backups')).toBe(old.runs.length)
    expect(found.servers + setAside(table)).toBe(old.servers)
    expect(found.settings).toMatchObject(old.settings)
    const wrongIds = given.wrong.flatMap((piece) => piece.ids(given.shape).map(String))
    const legal = old.runs.filter(({ id }) => id !== null && !wrongIds.includes(id))
    expect(found.runs).toEqual(expect.arrayContaining(legal))
    expect(readdirSync(dirname(file)).sort()).toEqual(['backups-copy-2026-08-01T12-00-00.db', 'backups.db'])
    expect(oldContent(join(dirname(file), 'backups-copy-2026-08-01T12-00-00.db')).tables).toEqual(old.tables)
  })
  await fc.assert(property, { numRuns: soak ? 300 : 15, seed: 20_603 })
})

function write(file: string, { shape, names, runs, wrong, uncheckpointed }: Generated<typeof anyFile>) {
  const running = newPlace()
  const database = new Database(running)
  database.pragma('journal_mode = WAL')
  if (uncheckpointed) database.pragma('wal_autocheckpoint = 0')
  database.exec(oldDatabaseSql(shape))
  const machines = [...oldMachines, ...names.map(machineNamed)]
  for (const machine of machines.slice(oldMachines.length)) database.exec(machineSql(shape, machine))
  for (const [place, run] of runs.entries()) database.exec(runSql(shape, asOldRun(shape, run, place, machines)))
  for (const piece of wrong) if (piece.shapes.includes(shape)) database.exec(piece.sql(shape))
  if (!uncheckpointed) database.close()
  for (const part of uncheckpointed ? ['', '-wal'] : ['']) copyFileSync(running + part, file + part)
  if (uncheckpointed) database.close()
}

function machineNamed(name: string, place: number) {
  const id = `aaaaaaaa000000000000${String(place).padStart(12, '0')}`
  return { ...(oldMachines[3] as OldMachine), id, number: 2000 + place, name }
}

function asOldRun(shape: OldShape, run: Generated<typeof anyRun>, place: number, machines: OldMachine[]) {
  const begin = new Date(Date.UTC(2024, 0, 1 + place) + run.offset).toISOString()
  // The machines that every file has are meant by their places.
  const index = run.machine % machines.length
  const machine = machines[index] as OldMachine
  const [messages, warnings, errors] = run.logs.map((log) => JSON.stringify(log))
  return oldRun(uuid(1000 + place), 0, run.job, begin, {
    machine_id: index < oldMachines.length ? index : shape === 'guide' ? machine.number : machine.id,
    status: run.status,
    uploaded_size: run.uploaded,
    duration_seconds: run.duration,
    dryrun: Number(run.dryRun),
    messages_array: messages,
    warnings_array: warnings,
    errors_array: errors,
  })
}
