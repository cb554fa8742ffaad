// The tables of the database files that older releases left, declared as those releases declared them.

export type OldShape = 'guide' | '0.3' | '0.6' | '0.7' | '0.8' | '0.9'

/** Every shape, oldest first; `guide` is the upgrade guide's own example of 0.6. */
export const oldShapes: OldShape[] = ['guide', '0.3', '0.6', '0.7', '0.8', '0.9']

/** Whether a file of `shape` has what came with `release`. The guide's example has nothing that came later. */
export function since(shape: OldShape, release: OldShape): boolean {
  return oldShapes.indexOf(shape) >= oldShapes.indexOf(release)
}

/** The table that holds the machines, and the column of `backups` that refers to it. */
export function machineTable(shape: OldShape) {
  return since(shape, '0.7')
    ? { table: 'servers', reference: 'server_id' }
    : { table: 'machines', reference: 'machine_id' }
}

/** The columns of `backups` in a file of `shape`. */
export function backupColumns(shape: OldShape): string[] {
  return backupDeclarations(shape).map((declaration) => declaration.split(' ')[0] as string)
}

/** The statements that create the tables of `shape`, without rows. */
export function oldSchema(shape: OldShape): string {
  const { table, reference } = machineTable(shape)
  const backups = [...backupDeclarations(shape), `FOREIGN KEY (${reference}) REFERENCES ${table}(id)`]
  return `
    CREATE TABLE IF NOT EXISTS ${table} (${machineDeclarations(shape).join(', ')});
    CREATE TABLE IF NOT EXISTS backups (
      ${backups.join(',\n      ')}
    );
    ${shape === 'guide' ? '' : indexes(reference)}
    ${since(shape, '0.6') ? settingTables : ''}
    ${since(shape, '0.9') ? userTables : ''}`
}

function machineDeclarations(shape: OldShape): string[] {
  if (shape === 'guide') return ['id INTEGER PRIMARY KEY', 'name TEXT NOT NULL', 'last_seen DATETIME']
  return [
    'id TEXT PRIMARY KEY',
    'name TEXT NOT NULL',
    ...(since(shape, '0.7') ? ["server_url TEXT DEFAULT ''", "alias TEXT DEFAULT ''", "note TEXT DEFAULT ''"] : []),
    ...(since(shape, '0.8') ? ["server_password TEXT DEFAULT ''"] : []),
    'created_at DATETIME DEFAULT CURRENT_TIMESTAMP',
  ]
}

function backupDeclarations(shape: OldShape): string[] {
  if (shape === 'guide') return guideBackups
  const log = since(shape, '0.6') ? "TEXT DEFAULT '[]'" : 'TEXT'
  return [
    'id TEXT PRIMARY KEY',
    `${machineTable(shape).reference} TEXT NOT NULL`,
    ...declare('TEXT NOT NULL', 'backup_name backup_id'),
    'date DATETIME NOT NULL',
    'status TEXT NOT NULL',
    // It holds fractions all the same: SQLite keeps a REAL that is no whole number.
    'duration_seconds INTEGER NOT NULL',
    ...declare(number, 'size uploaded_size examined_files warnings errors'),
    'created_at DATETIME DEFAULT CURRENT_TIMESTAMP',
    ...declare(log, 'messages_array warnings_array errors_array'),
    ...(since(shape, '0.6') ? declare(log, 'available_backups') : []),
    ...declare(number, 'deleted_files deleted_folders modified_files opened_files added_files'),
    ...declare(number, 'size_of_modified_files size_of_added_files size_of_examined_files size_of_opened_files'),
    ...declare(number, 'not_processed_files added_folders too_large_files files_with_error modified_folders'),
    ...declare(number, 'modified_symlinks added_symlinks deleted_symlinks'),
    ...declare(flag, 'partial_backup dryrun'),
    ...declare('TEXT NOT NULL', 'main_operation parsed_result'),
    ...declare(flag, 'interrupted'),
    'version TEXT',
    ...declare('DATETIME NOT NULL', 'begin_time end_time'),
    ...declare(number, 'warnings_actual_length errors_actual_length messages_actual_length'),
    ...declare(number, 'bytes_downloaded known_file_size'),
    'last_backup_date DATETIME',
    ...declare(number, 'backup_list_count'),
    ...declare(flag, 'reported_quota_error reported_quota_warning'),
    ...declare('TEXT', 'backend_main_operation backend_parsed_result'),
    ...declare(flag, 'backend_interrupted'),
    'backend_version TEXT',
    'backend_begin_time DATETIME',
    'backend_duration TEXT',
    ...declare(number, 'backend_warnings_actual_length backend_errors_actual_length'),
  ]
}

const number = 'INTEGER NOT NULL DEFAULT 0'
const flag = 'BOOLEAN NOT NULL DEFAULT 0'

function declare(type: string, names: string): string[] {
  return names.split(' ').map((name) => `${name} ${type}`)
}

// The guide shows the machines only. Its files were made by hand: some of the columns, and no constraints to speak of.
const guideBackups = [
  'id INTEGER PRIMARY KEY',
  'machine_id INTEGER',
  ...declare('TEXT', 'backup_name backup_id'),
  'date DATETIME',
  'status TEXT',
  ...declare('INTEGER', 'duration_seconds size examined_files'),
  ...declare('INTEGER DEFAULT 0', 'uploaded_size warnings errors'),
  ...declare('TEXT', 'messages_array errors_array'),
  'dryrun BOOLEAN',
  'created_at DATETIME DEFAULT CURRENT_TIMESTAMP',
]

function indexes(reference: string): string {
  return [reference, 'date', 'begin_time', 'end_time', 'backup_id']
    .map((column) => `CREATE INDEX IF NOT EXISTS idx_backups_${column} ON backups(${column});`)
    .join('\n    ')
}

const settingTables = `
    CREATE TABLE IF NOT EXISTS configurations (key TEXT PRIMARY KEY NOT NULL, value TEXT);
    CREATE TABLE IF NOT EXISTS db_version (version TEXT PRIMARY KEY, applied_at DATETIME DEFAULT CURRENT_TIMESTAMP);`

const userTables = `
    CREATE TABLE users (
      id TEXT PRIMARY KEY, username TEXT UNIQUE NOT NULL, password_hash TEXT NOT NULL,
      is_admin BOOLEAN NOT NULL DEFAULT 0, must_change_password BOOLEAN DEFAULT 0,
      created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
      last_login_at DATETIME, last_login_ip TEXT, failed_login_attempts INTEGER DEFAULT 0, locked_until DATETIME
    );
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY, user_id TEXT,
      created_at DATETIME DEFAULT CURRENT_TIMESTAMP, last_accessed DATETIME DEFAULT CURRENT_TIMESTAMP,
      expires_at DATETIME NOT NULL, ip_address TEXT, user_agent TEXT, csrf_token TEXT, csrf_expires_at DATETIME,
      FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
    );
    CREATE TABLE audit_log (
      id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, user_id TEXT, username TEXT,
      action TEXT NOT NULL, category TEXT NOT NULL, target_type TEXT, target_id TEXT, details TEXT,
      ip_address TEXT, user_agent TEXT, status TEXT NOT NULL, error_message TEXT,
      FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL
    );
    CREATE INDEX idx_sessions_user_id ON sessions(user_id);
    CREATE INDEX idx_audit_timestamp ON audit_log(timestamp);`
