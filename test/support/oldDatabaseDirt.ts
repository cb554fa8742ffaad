// What is wrong with old files in the world: SQL that adds each kind of wrong row to a database of a given shape. Most of
// it gets past the old schema as it is; what the schema forbids comes in through a table that a hand edit has loosened.
// It is long because it is a list.

import {
  machineSql,
  type OldMachine,
  oldMachines,
  oldRun,
  oldRuns,
  type Run,
  runId,
  runSql,
  uuid,
  type Value,
} from './oldDatabaseRows.ts'
import { backupColumns, machineTable, type OldShape, oldShapes, since } from './oldDatabaseSchema.ts'

export interface Dirt {
  /** What is wrong. */
  name: string
  /** The shapes in which it can be. */
  shapes: OldShape[]
  /** Whether the runs that it adds can be kept, mended if need be, or must go to quarantine. */
  outcome: 'repair' | 'quarantine'
  /**
   * The statements that add it, for a database without an open transaction. Pieces of dirt do not get in each other's
   * way: a database can be given all of them.
   */
  sql(shape: OldShape): string
  /** The ids of the runs that it adds; null is a run without an id. Without any, the dirt is in another table. */
  ids(shape: OldShape): Value[]
}

interface Definition {
  name: string
  outcome?: Dirt['outcome']
  /** Columns put over a run that is otherwise good. A shape that lacks one of them is left out. */
  run?: Record<string, Value>
  /** Further columns put over it, where the shape has them. */
  also?: Record<string, Value>
  /** Columns put over a run that is already there, to which the new one is then a rival. */
  rival?: Record<string, Value>
  /** A machine of its own for the run, by what is wrong with it. */
  machine?: { [Column in keyof OldMachine]?: Value }
  /** How many such runs there are, if not one. */
  runs?: number
  /** The table that has lost its constraints. */
  loose?: 'backups' | 'machines'
  /** Statements that follow. */
  after?(shape: OldShape, place: number): string
  /** The first shape that can have it, if not the guide's. */
  since?: OldShape
}

const definitions: Definition[] = [
  // Numbers. A column declared INTEGER turns '12' into 12 on the way in; only words, blobs and other columns resist.
  { name: 'a word in a number column', run: { uploaded_size: 'abc' } },
  { name: 'a number with a unit', run: { uploaded_size: '12 MB' } },
  { name: 'an empty text in a number column', run: { uploaded_size: '' } },
  { name: "'12' as bytes in a number column", run: { uploaded_size: { sql: "x'3132'" } } },
  { name: 'a number column declared TEXT', run: { examined_files: '12' }, after: countsAsText },
  { name: 'a word as the duration', run: { duration_seconds: '00:37:51' } },
  { name: 'NULL in a number column', run: { uploaded_size: null, warnings: null }, loose: 'backups' },
  { name: 'a negative size', run: { uploaded_size: -1, size: -9_000_000_000 } },
  { name: 'a negative duration', run: { duration_seconds: -2271.5 } },
  { name: 'a size with a fraction', run: { uploaded_size: 1234.5 } },
  { name: 'sizes that only a 64-bit sum overflows', run: { uploaded_size: { sql: '9000000000000000000' } }, runs: 2 },
  { name: 'a size beyond 64 bits', run: { uploaded_size: { sql: '1e19' }, size: { sql: '-1e30' } } },
  { name: 'an infinite size and duration', run: { size: { sql: '9e999' }, duration_seconds: { sql: '9e999' } } },
  { name: "'true' in a boolean column", run: { dryrun: 'true' } },
  { name: "'false' in a boolean column", run: { dryrun: 'false' } },
  { name: 'a boolean that is neither 0 nor 1', run: { dryrun: -1 } },
  { name: 'NULL in a boolean column', run: { dryrun: null }, loose: 'backups' },

  // Log lines and versions.
  { name: 'a log that is cut off', run: { errors_array: '["one", "tw' } },
  { name: 'a log that is not JSON', run: { errors_array: 'Error: disk full' } },
  { name: 'an empty text as log', run: { errors_array: '', messages_array: '' } },
  { name: 'a log that is an object', run: { errors_array: '{"0": "one"}' } },
  { name: 'a log that is a string', run: { errors_array: '"one"' } },
  { name: 'a log that is the word null', run: { errors_array: 'null' } },
  { name: 'a log of other things than strings', run: { errors_array: '[1, null, true, {"a": "b"}, ["c"], "d"]' } },
  { name: 'a log as bytes', run: { errors_array: { sql: `CAST('["one"]' AS BLOB)` } } },
  { name: 'NUL and half a surrogate in a log', run: { errors_array: '["a\\u0000b", "\\ud800"]' } },
  { name: 'warnings that are not JSON', run: { warnings_array: '[' } },
  { name: 'available backups that are not JSON', run: { available_backups: '2025-04-29, 2025-04-30' } },
  { name: 'available backups that are no dates', run: { available_backups: '["yesterday", 5, null, ""]' } },

  // Names.
  { name: 'a machine with an empty name', machine: { name: '' } },
  { name: 'NUL in the name of a machine', machine: { name: { sql: "'n' || char(0) || 'as'" } } },
  { name: 'a machine without a name', machine: { name: null }, loose: 'machines', since: '0.3' },
  {
    name: 'a machine whose id is in the table twice',
    machine: {},
    loose: 'machines',
    since: '0.3',
    after: sameMachine,
  },
  { name: 'a machine without an id, and so without runs', machine: { id: null }, runs: 0, since: '0.3' },
  { name: 'a run of a machine that is not there', outcome: 'quarantine', run: { machine_id: 404 } },
  { name: 'a run of no machine', outcome: 'quarantine', run: { machine_id: null }, loose: 'backups' },
  { name: 'a run with neither backup-id nor name', run: { backup_id: '', backup_name: '' } },
  { name: 'NULL as backup-id and name', run: { backup_id: null, backup_name: null }, loose: 'backups' },
  { name: 'a run without a backup-id', run: { backup_id: '' } },
  { name: 'a run without a backup name', run: { backup_name: '' } },
  { name: 'NUL in the name of a backup', run: { backup_name: { sql: "'Pho' || char(0) || 'tos'" } } },
  { name: 'half a character in the name of a backup', run: { backup_name: { sql: "CAST(x'50686fc3' AS TEXT)" } } },

  // Times. What says nothing of the begin is mended from the date, and that from the time of receipt.
  { name: 'an empty begin time', run: { begin_time: '' } },
  { name: 'a begin time that is no time', run: { begin_time: 'yesterday' } },
  { name: 'a begin time in milliseconds since 1970', run: { begin_time: 1_751_335_200_000 } },
  { name: 'no begin time', run: { begin_time: null }, loose: 'backups' },
  { name: 'an empty date', run: { date: '' } },
  { name: 'no times but that of receipt', run: { date: 'n/a' }, also: { begin_time: 'n/a', end_time: 'n/a' } },
  {
    name: 'no times at all',
    outcome: 'quarantine',
    run: { date: 'n/a', created_at: null },
    also: { begin_time: '', end_time: '' },
  },
  { name: 'an end in the year 1', run: { end_time: '0001-01-01T00:00:00' } },
  { name: 'no end', run: { end_time: null }, loose: 'backups' },
  { name: 'a last backup that is no time', run: { last_backup_date: 'never' } },

  // Status.
  { name: 'no status', run: { status: null }, loose: 'backups' },
  { name: 'an empty status', run: { status: '' } },
  { name: 'a status in small letters', run: { status: 'success' } },
  { name: 'a status that nobody knows', run: { status: 'Completed ✓' } },

  // Rivals. Two runs of a job cannot have begun at one time; a second run under one id is a run all the same.
  { name: 'the same run under another id', outcome: 'quarantine', rival: {} },
  { name: 'another run that began at the same time', outcome: 'quarantine', rival: { status: 'Error', size: 1 } },
  {
    name: 'the same run with its times in another zone',
    outcome: 'quarantine',
    rival: { begin_time: '2025-05-01T04:00:00.123+02:00', date: '2025-05-01T04:00:00.123+02:00' },
  },
  { name: 'the id of another run', run: { id: uuid(1) }, loose: 'backups' },
  { name: 'a run without an id', run: { id: null }, loose: 'backups' },

  // Settings.
  { name: 'a setting that is cut off', runs: 0, since: '0.6', after: () => setSetting('cron_service', `'{"port":'`) },
  { name: 'a setting that is NULL', runs: 0, since: '0.6', after: () => setSetting('last_overdue_check', 'NULL') },
]

/** Every kind of dirt. */
export const dirt: Dirt[] = definitions.map((definition, place) => ({
  name: definition.name,
  shapes: oldShapes.filter((shape) => isPossible(definition, shape)),
  outcome: definition.outcome ?? 'repair',
  sql: (shape) => {
    const { table } = machineTable(shape)
    return [
      // It is what lets a run of an unknown machine in, and a table be replaced that others refer to.
      'PRAGMA foreign_keys = OFF;',
      definition.loose ? loosen(definition.loose === 'backups' ? 'backups' : table) : '',
      definition.machine ? machineSql(shape, ownMachine(definition, place)) : '',
      ...runsOf(definition, place, shape).map((run) => runSql(shape, run)),
      definition.after?.(shape, place) ?? '',
    ].join('\n')
  },
  ids: (shape) => runsOf(definition, place, shape).map((run) => runId(shape, run.id)),
}))

function isPossible(definition: Definition, shape: OldShape): boolean {
  if (!since(shape, definition.since ?? 'guide')) return false
  const columns = [...backupColumns(shape), 'machine_id']
  return Object.keys(definition.run ?? {}).every((column) => columns.includes(column))
}

/** The wrong runs: each has a number and a time of its own, so that it is no rival of another. */
function runsOf(definition: Definition, place: number, shape: OldShape): Run[] {
  const number = 9000 + 10 * place
  if (definition.rival) return [{ ...(oldRuns[0] as Run), id: uuid(number), ...definition.rival }]
  return Array.from({ length: definition.runs ?? 1 }, (_, index) => {
    const begin = new Date(Date.UTC(2025, 7, 1 + place, 2 + index)).toISOString()
    const run = oldRun(uuid(number + index), 0, ['DB-1', 'Photos: RAW'], begin, {
      ...definition.run,
      ...definition.also,
    })
    if (!definition.machine) return run
    const machine = ownMachine(definition, place)
    return { ...run, machine_id: shape === 'guide' ? machine.number : machine.id }
  })
}

function ownMachine({ machine }: Definition, place: number) {
  const id = `d14700000000000000000000${String(place).padStart(8, '0')}`
  return { ...(oldMachines[3] as OldMachine), id, number: 1000 + place, name: `wrong ${place}`, ...machine }
}

function sameMachine(shape: OldShape, place: number): string {
  return machineSql(shape, { ...ownMachine({ name: '' }, place), name: 'the same again' })
}

/** Copies a table without its constraints, as some tools do that dump a database and read it in again. */
function loosen(table: string, columns = '*'): string {
  return `CREATE TABLE loose AS SELECT ${columns} FROM ${table}; DROP TABLE ${table}; ALTER TABLE loose RENAME TO ${table};`
}

function countsAsText(shape: OldShape): string {
  const columns = backupColumns(shape).map((column) =>
    column === 'examined_files' ? 'CAST(examined_files AS TEXT) AS examined_files' : column,
  )
  return loosen('backups', columns.join(', '))
}

function setSetting(key: string, value: string): string {
  return `UPDATE configurations SET value = ${value} WHERE key = '${key}';`
}
