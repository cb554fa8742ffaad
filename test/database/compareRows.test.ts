// The comparison at the end of an upgrade notices whatever is not as the old file had it: in each column, in each line of a log, and
// where a row is missing or is one too many. It is the last look before the old file is replaced.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tablesOf } from '../../src/database/file/recognize.ts'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { carryRows } from '../../src/database/takeOver/carryRows.ts'
import { compareRows } from '../../src/database/takeOver/compareRows.ts'
import { pairRuns, runsToCompareByHand } from '../../src/database/takeOver/compareRuns.ts'
import { finalColumns } from '../../src/database/takeOver/runMapping.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { dirt } from '../support/oldDatabaseDirt.ts'
import { machineTable, type OldShape } from '../support/oldDatabaseSchema.ts'
import { change } from '../support/states.ts'

const none = () => {}

/** An old file, with all the dirt there is or without, and what is carried of it. */
function carried(folder: string, shape: OldShape, dirty: boolean) {
  const [old, work] = [join(folder, `old-${shape}-${dirty}.db`), join(folder, `work-${shape}-${dirty}.db`)]
  writeOldDatabase(old, shape)
  const database = new Database(old)
  for (const piece of dirty ? dirt : []) if (piece.shapes.includes(shape)) database.exec(piece.sql(shape))
  database.pragma('journal_mode = DELETE')
  database.close()
  applyMigrations(work, migrationNames())
  const servers = machineTable(shape).table as 'machines' | 'servers'
  carryRows(old, work, { servers, progress: none, note: none })
  return { old, work, servers }
}

describe.each([
  ['0.6', false],
  ['0.9', false],
  ['0.9', true],
] as const)('of a file of %s, dirty: %s,', (shape, dirty) => {
  let given: ReturnType<typeof carried>
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  beforeAll(() => {
    given = carried(folder, shape, dirty)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What the comparison says once the statements have been run on the new file; null if it finds nothing. */
  function foundAfter(...statements: string[]): string | null {
    const work = newPlace()
    copyFileSync(given.work, work)
    const database = new Database(work)
    database.pragma('foreign_keys = OFF')
    for (const statement of statements) expect(database.prepare(statement).run().changes).toBeGreaterThan(0)
    database.close()
    try {
      compareRows(given.old, work, given.servers, none)
      return null
    } catch (error) {
      return (error as Error).message
    }
  }

  /** The runs of which SQL alone cannot say that they are right. */
  function unsure(work: string): number[] {
    const [copy, database] = [new Database(given.old), new Database(work)]
    database.prepare('ATTACH ? AS old').run(given.old)
    pairRuns(database)
    const columns = tablesOf(copy).get('backups') as Set<string>
    const ids = [...runsToCompareByHand(database, columns, given.servers, none)]
    copy.close()
    database.close()
    return ids
  }

  it('nothing is found where nothing was changed, by SQL alone but for rows with dirt', () => {
    expect(foundAfter()).toBeNull()
    if (!dirty) expect(unsure(given.work)).toEqual([])
  })

  it('a change of any column of any run is found, by SQL and by hand', () => {
    const database = new Database(given.work, { readonly: true })
    const columns = database.prepare<[], { name: string; type: string }>('PRAGMA table_info(backups)').all()
    const ids = database.prepare<[], number>('SELECT id FROM backups ORDER BY id').pluck().all()
    database.close()
    expect(columns.length).toBeGreaterThan(70)
    // Every run is changed in some column, and every column in some run.
    const unnoticed = columns
      .filter(({ name }) => name !== 'id')
      .flatMap(({ name, type }, place) => {
        const id = ids[place % ids.length] as number
        const other = /TEXT/.test(type) ? `ifnull(${name}, '') || 'x'` : `ifnull(${name}, 0) + 1`
        const value = name === 'legacy' ? `json_set(ifnull(legacy, '{}'), '$.size', 12345)` : other
        const statement = `UPDATE backups SET ${name} = ${value} WHERE id = ${id}`
        const byHand = foundAfter(statement) !== null
        const work = newPlace()
        copyFileSync(given.work, work)
        change(work, statement)
        // What no old release could fill is looked at in all rows at once.
        const bySql = !finalColumns.includes(name) || unsure(work).includes(id)
        return byHand && bySql ? [] : [`${name} of ${id}`]
      })
    expect(unnoticed).toEqual([])
  })

  it.each([
    ['a line that says something else', "UPDATE log_lines SET text = text || '.' WHERE rowid_ = 1"],
    ['a line of another level', "UPDATE log_lines SET level = 'PROFILING' WHERE rowid_ = 1"],
    ['a line of another place', 'UPDATE log_lines SET sequence = sequence + 1000 WHERE rowid_ = 1'],
    ['a line of another run', 'UPDATE log_lines SET backup_id = 1000 WHERE rowid_ = 1'],
    ['a line that is missing', 'DELETE FROM log_lines WHERE rowid_ = 1'],
  ])('%s is found', (_, statement) => {
    const database = new Database(given.work, { readonly: true })
    const lines = database
      .prepare<[], { run: number; level: string; sequence: number }>(
        'SELECT backup_id AS run, level, sequence FROM log_lines ORDER BY 1, 2, 3',
      )
      .all()
    database.close()
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines.filter((_, place) => place % 5 === 0)) {
      const key = `backup_id = ${line.run} AND level = '${line.level}' AND sequence = ${line.sequence}`
      expect(foundAfter(statement.replace('rowid_ = 1', key))).not.toBeNull()
    }
  })

  it.each([
    ['a line too many', "INSERT INTO log_lines VALUES (1, 'VERBOSE', 500, 'one more')"],
    ['a run that is missing', 'DELETE FROM backups WHERE id = 12'],
    ['a run too many', 'INSERT INTO backups SELECT * FROM (SELECT * FROM backups WHERE id = 1) WHERE false'],
    ['a server of another name', "UPDATE servers SET name = 'another' WHERE id = 2"],
    ['a server without its machine-id', 'DELETE FROM machine_ids WHERE server_id = 3'],
    ['a server too many', "INSERT INTO servers (name, created_at, updated_at) VALUES ('new', 0, 0)"],
    ['a job that is called otherwise', "UPDATE backup_jobs SET name = 'another' WHERE id = 1"],
    ['a job of another server', 'UPDATE backup_jobs SET server_id = 4 WHERE id = 1'],
  ])('%s is found', (what, statement) => {
    const copied = statement.includes('WHERE false') ? copyOfARun(given.work) : statement
    expect([what, foundAfter(copied)]).not.toEqual([what, null])
  })
})

function copyOfARun(work: string): string {
  const database = new Database(work, { readonly: true })
  const columns = database
    .prepare<[], string>("SELECT name FROM pragma_table_info('backups') WHERE name <> 'id'")
    .pluck()
    .all()
  database.close()
  return `INSERT INTO backups (${columns}) SELECT ${columns} FROM backups WHERE id = 1`
}
