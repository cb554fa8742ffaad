// The least that storing a report takes: its server and job are found, the run and the lines of its log are written, and
// server and job are told, in a transaction of its own.

import type { Database } from 'better-sqlite3'

interface Report {
  Data: Record<string, number | string | boolean> & { BackendStatistics: Record<string, number> }
  Extra: Record<string, string>
  LogLines: string[]
}

const columns = [
  ...['server_id', 'job_id', 'backup_id', 'backup_name', 'received_at', 'ordered_at', 'main_operation', 'status'],
  ...['parsed_result', 'began_at', 'ended_at', 'version', 'messages', 'warnings', 'errors', 'examined_files'],
  ...['opened_files', 'added_files', 'modified_files', 'deleted_files', 'source_size', 'size_of_opened_files'],
  ...['size_of_added_files', 'size_of_modified_files', 'uploaded_size', 'bytes_downloaded', 'known_file_size'],
  ...['known_file_count', 'backup_list_count', 'remote_calls', 'files_uploaded', 'files_downloaded', 'files_deleted'],
]

export function recorder(database: Database): (report: Report) => number {
  const findServer = database.prepare<[string], number>('SELECT server_id FROM machine_ids WHERE id = ?').pluck()
  const insertServer = database.prepare('INSERT INTO servers (name, created_at, updated_at) VALUES (?, ?, ?)')
  const insertMachineId = database.prepare('INSERT INTO machine_ids (id, server_id) VALUES (?, ?)')
  const findJob = database
    .prepare<[number, string], number>('SELECT id FROM backup_jobs WHERE server_id = ? AND backup_id = ?')
    .pluck()
  const insertJob = database.prepare(
    'INSERT INTO backup_jobs (server_id, backup_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
  )
  const insert = database.prepare(`INSERT INTO backups (${columns}) VALUES (${columns.map(() => '?')})`)
  const insertLine = database.prepare('INSERT INTO log_lines (backup_id, level, sequence, text) VALUES (?, ?, ?, ?)')
  const tellJob = database.prepare(`
    UPDATE backup_jobs SET latest_backup_id = ?, latest_at = ?, last_status = ?, stored_size = ?, source_size = ?,
      versions = ?, runs = runs + 1, succeeded = succeeded + 1, uploaded_size = uploaded_size + ? WHERE id = ?`)
  const tellServer = database.prepare('UPDATE servers SET last_seen = ?, latest_backup_id = ? WHERE id = ?')

  const record = database.transaction(({ Data, Extra, LogLines }: Report): number => {
    const now = Date.now()
    const machine = Extra['machine-id'] as string
    let serverId = findServer.get(machine)
    if (serverId === undefined) {
      serverId = Number(insertServer.run(Extra['machine-name'], now, now).lastInsertRowid)
      insertMachineId.run(machine, serverId)
    }
    const jobId =
      findJob.get(serverId, Extra['backup-id'] as string) ??
      Number(insertJob.run(serverId, Extra['backup-id'], Extra['backup-name'], now, now).lastInsertRowid)
    const beganAt = Date.parse(Data.BeginTime as string)
    const backend = Data.BackendStatistics
    const values = [
      ...[serverId, jobId, Extra['backup-id'], Extra['backup-name'], now, beganAt, Data.MainOperation, 'SUCCESS'],
      ...[Data.ParsedResult, beganAt, Date.parse(Data.EndTime as string), Data.Version, Data.MessagesActualLength],
      ...[Data.WarningsActualLength, Data.ErrorsActualLength, Data.ExaminedFiles, Data.OpenedFiles, Data.AddedFiles],
      ...[Data.ModifiedFiles, Data.DeletedFiles, Data.SizeOfExaminedFiles, Data.SizeOfOpenedFiles],
      ...[Data.SizeOfAddedFiles, Data.SizeOfModifiedFiles, backend.BytesUploaded, backend.BytesDownloaded],
      ...[backend.KnownFileSize, backend.KnownFileCount, backend.BackupListCount, backend.RemoteCalls],
      ...[backend.FilesUploaded, backend.FilesDownloaded, backend.FilesDeleted],
    ]
    const id = Number(insert.run(values).lastInsertRowid)
    for (const [sequence, line] of LogLines.entries()) insertLine.run(id, 'INFORMATION', sequence, line)
    const { KnownFileSize, BackupListCount, BytesUploaded } = backend
    tellJob.run(id, beganAt, 'SUCCESS', KnownFileSize, Data.SizeOfExaminedFiles, BackupListCount, BytesUploaded, jobId)
    tellServer.run(now, id, serverId)
    return id
  })
  return (report) => record.immediate(report)
}
