// The rows of the old database files: the same few machines and runs in every shape, as far as it has columns for them.
// It is long because it is data.

import { backupColumns, machineTable, type OldShape, since } from './oldDatabaseSchema.ts'

/** A value of a column; `sql` is an expression, for what a literal cannot say. */
export type Value = string | number | bigint | null | { sql: string }

/** A row of `backups` by column, whatever the shape; `machine_id` is a place in {@link oldMachines}, or a value. */
export type Run = Record<string, Value> & { id: Value; machine_id: Value }

export interface OldMachine {
  /** Duplicati's machine-id, the key in every shape but the guide's. */
  id: string
  /** The key in the guide's shape. */
  number: number
  name: string
  created_at: string
  last_seen: string | null
  server_url: string
  alias: string
  note: string
  server_password: string
}

/** In the order of their rows. Two have one name; the last has sent no report. */
export const oldMachines: OldMachine[] = [
  {
    id: 'c0ffee5d1a2b4c3d8e9f00112233aa55',
    number: 7,
    name: 'laptop:bob',
    created_at: '2025-01-02 03:04:05',
    last_seen: '2025-05-07T02:38:00.000Z',
    server_url: 'https://laptop.example:8200',
    alias: "Bob's laptop",
    note: 'On the shelf,\nbehind the "printer" 🖨️',
    // "open sesame", with the key in oldSecrets.ts.
    server_password:
      'bbd2db92db49887c7cf100e224ebe6d91d91bed31ed2fe30bebdbe7f94de3c24:438a7c2d3b6d08833d774fe2:9c9077e5ebd7b7b12c036f8abc986d6f:a22a1646f819158b8c2fea',
  },
  {
    id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    number: 2,
    name: 'Büro-NAS 東京',
    created_at: '2025-01-02 03:04:05',
    last_seen: '2025-05-05 02:21:00',
    server_url: '',
    alias: '',
    note: '',
    server_password: '',
  },
  {
    id: '66f5ffc7ff474a73a3c9cba4ac7bfb65',
    number: 9,
    name: 'Büro-NAS 東京',
    created_at: '2025-02-03 04:05:06',
    last_seen: null,
    server_url: '',
    alias: 'Büro (neu)',
    note: '',
    server_password: '',
  },
  {
    id: 'ffffffffffffffffffffffffffffffff',
    number: 4,
    name: 'never reported',
    created_at: '2025-03-04 05:06:07',
    last_seen: null,
    server_url: '',
    alias: '',
    note: '',
    server_password: '',
  },
]

/** A run that went well, with the given columns put over it. `begin` is ISO 8601 with milliseconds and `Z`. */
export function oldRun(id: Value, machine: number, job: [string, string], begin: string, changes = {}): Run {
  const end = new Date(Date.parse(begin) + 2_271_852)
  return {
    id,
    machine_id: machine,
    backup_id: job[0],
    backup_name: job[1],
    date: begin,
    status: 'Success',
    duration_seconds: 2271.8524657,
    size: 53_687_091_200,
    uploaded_size: 1_234_567,
    examined_files: 88_321,
    warnings: 0,
    errors: 0,
    created_at: new Date(end.getTime() + 1000).toISOString().slice(0, 19).replace('T', ' '),
    messages_array: JSON.stringify([
      `${begin} - [Information-Duplicati.Library.Main.Controller-StartingOperation]: The operation Backup has started`,
      'Remote file "duplicati-20250501T020000Z.dlist.zip.aes"\n\thas the size 1,5 MB',
    ]),
    warnings_array: '[]',
    errors_array: '[]',
    available_backups: '["2025-04-29T02:00:00.000Z","2025-04-30T02:00:00.000Z"]',
    deleted_files: 2,
    deleted_folders: 1,
    modified_files: 40,
    opened_files: 120,
    added_files: 80,
    size_of_modified_files: 1_048_576,
    size_of_added_files: 9_663_676_416,
    size_of_examined_files: 53_687_091_200,
    size_of_opened_files: 9_664_724_992,
    partial_backup: 0,
    dryrun: 0,
    interrupted: 0,
    main_operation: 'Backup',
    parsed_result: 'Success',
    version: '2.1.0.5 (2.1.0.5_stable_2025-03-04)',
    begin_time: begin,
    end_time: end.toISOString(),
    warnings_actual_length: 0,
    errors_actual_length: 0,
    messages_actual_length: 2,
    bytes_downloaded: 52_428_800,
    known_file_size: 21_474_836_480,
    last_backup_date: '2025-04-30T02:00:00.000Z',
    backup_list_count: 3,
    backend_main_operation: 'Backup',
    backend_parsed_result: 'Success',
    backend_version: '2.1.0.5 (2.1.0.5_stable_2025-03-04)',
    backend_begin_time: begin,
    backend_duration: '00:00:00',
    ...changes,
  }
}

const photos: [string, string] = ['DB-1', 'Photos: RAW']
const documents: [string, string] = ['DB-2', 'Documents']
const mail: [string, string] = ['DB-3', 'Mail «täglich»']

const warnings = [
  '2025-05-02 02:03:04 +02 - [Warning-Duplicati.Library.Main.Operation.FilelistProcessor-MissingRemoteHash]: It\'s "odd"',
  'Der Pfad C:\\Benutzer\\Jürgen\\Bücher ist weg 📚',
  'first line\r\nsecond line\n\n\tIOException: 拒否されました',
]
const nothing = { size: 0, uploaded_size: 0, known_file_size: 0, backup_list_count: 0, size_of_examined_files: 0 }

/** In the order of their rows, which is not quite that of their times. */
export const oldRuns: Run[] = [
  oldRun(uuid(1), 0, photos, '2025-05-01T02:00:00.123Z'),
  oldRun(uuid(2), 0, photos, '2025-05-02T02:00:00.000Z', {
    status: 'Warning',
    parsed_result: 'Warning',
    warnings: 3,
    warnings_actual_length: 3,
    warnings_array: JSON.stringify(warnings),
  }),
  oldRun(uuid(3), 0, documents, '2025-05-02T14:30:00.500Z', {
    status: 'Error',
    parsed_result: 'Error',
    warnings: 1,
    // Duplicati shortens long logs and says how long they were.
    warnings_actual_length: 250,
    errors: 2,
    errors_actual_length: 2,
    warnings_array: JSON.stringify(warnings.slice(1, 2)),
    errors_array: JSON.stringify(["can't open 'a''b'; -- ", '🔥 {"code": 500, "text": "\\u0041"}']),
  }),
  // The same begin time on two machines of one name.
  oldRun(uuid(4), 1, photos, '2025-05-03T02:00:00.000Z'),
  oldRun(uuid(5), 2, photos, '2025-05-03T02:00:00.000Z', {
    size: 9_007_199_254_740_993n,
    size_of_examined_files: 9_007_199_254_740_993n,
    known_file_size: 9_007_199_254_740_995n,
  }),
  oldRun(uuid(6), 1, photos, '2025-05-04T02:00:00.000Z', {
    ...nothing,
    status: 'Fatal',
    parsed_result: 'Fatal',
    errors: 1,
    errors_actual_length: 1,
    errors_array: '["Das Passwort ist falsch"]',
    messages_array: null,
    messages_actual_length: 0,
    available_backups: null,
    last_backup_date: null,
    interrupted: 1,
  }),
  oldRun(uuid(7), 2, mail, '2025-05-04T23:59:59.999Z', { status: 'Unknown', parsed_result: 'Unknown' }),
  oldRun(uuid(8), 2, mail, '2025-05-05T23:59:59.999Z', { ...nothing, status: 'Failed', messages_array: '[]' }),
  oldRun(uuid(9), 1, photos, '2025-05-05T02:00:00.000Z', { ...nothing, status: 'InProgress', duration_seconds: 0 }),
  oldRun(uuid(10), 0, documents, '2025-05-06T14:30:00.000Z', { dryrun: 1, uploaded_size: 0 }),
  oldRun(uuid(11), 0, photos, '2025-05-07T02:00:00.000Z', { version: '2.0.8.1', reported_quota_warning: 1 }),
  // Collected late: older than the rows before it.
  oldRun(uuid(12), 0, documents, '2025-04-01T14:30:00.000Z', { created_at: '2025-05-07 09:00:00' }),
]

/** The statements that fill the tables of `shape` with machines, runs and users. */
export function oldRows(shape: OldShape): string {
  const machines = oldMachines.map((machine) => machineSql(shape, machine))
  const runs = oldRuns.map((run) => runSql(shape, run))
  return [...machines, ...runs, ...(since(shape, '0.9') ? [users] : [])].join('\n')
}

/** The statement that adds a machine. */
export function machineSql(shape: OldShape, machine: { [Column in keyof OldMachine]: Value }): string {
  const { number, last_seen, server_url, alias, note, server_password, ...row } = machine
  const { table } = machineTable(shape)
  if (shape === 'guide') return insert(table, { id: number, name: row.name, last_seen })
  if (!since(shape, '0.7')) return insert(table, row)
  return insert(table, { ...row, server_url, alias, note, ...(since(shape, '0.8') ? { server_password } : {}) })
}

/** The statement that adds a run; columns that the shape does not have are left out. */
export function runSql(shape: OldShape, run: Run): string {
  const { reference } = machineTable(shape)
  const machine = typeof run.machine_id === 'number' ? oldMachines[run.machine_id] : undefined
  const row: Record<string, Value> = { ...run, id: runId(shape, run.id) }
  row[reference] = machine ? (shape === 'guide' ? machine.number : machine.id) : run.machine_id
  const columns = backupColumns(shape)
  return insert('backups', Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column))))
}

/** The id of a run in `shape`: a UUID, or in the guide's shape the number at its end. */
export function runId(shape: OldShape, id: Value): Value {
  return shape === 'guide' && typeof id === 'string' ? Number(id.slice(-4)) : id
}

/** The UUID of the run with that number, which has at most four digits. */
export function uuid(number: number): string {
  return `5d1e3f00-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** An INSERT of one row. */
export function insert(table: string, row: Record<string, Value>): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')});`
}

function literal(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'object') return value.sql
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

const users = `
INSERT INTO users (id, username, password_hash, is_admin, must_change_password, last_login_ip) VALUES
  ('admin-1', 'admin', 'not a real hash', 1, 0, '192.0.2.1'), ('user-2', 'jürgen', 'not a real hash', 0, 1, NULL);
INSERT INTO sessions (id, user_id, expires_at) VALUES
  ('session-1', 'admin-1', '2025-05-08 02:00:00'), ('session-2', NULL, '2025-05-08 03:00:00');
INSERT INTO audit_log (timestamp, user_id, username, action, category, details, status) VALUES
  ('2025-05-01 00:00:00', NULL, 'system', 'database_initialization', 'system', '{"schema_version":"4.0"}', 'success'),
  ('2025-05-02 00:00:00', 'admin-1', 'admin', 'login', 'auth', NULL, 'success'),
  ('2025-05-03 00:00:00', NULL, 'mallory', 'login', 'auth', '{"reason":"wrong password"}', 'failure');`
