// The statements that write runs and their log lines, and that recognize a run that is there already.
//
// Long because a run has many columns, which stand here once.

import type { Database } from 'better-sqlite3'
import type { RememberedRun, RunOrigin } from '../../domain/jobMemory.ts'
import type { Remark } from '../../domain/remarks.ts'
import type { LogLine, Report, Run } from '../../domain/report.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'
import { rememberedColumns, rememberedRun, rememberedRuns } from './rememberedRuns.ts'

type Whose = Pick<NewBackup, 'serverId' | 'jobId' | 'receivedAt' | 'origin'>

/** Whose the run is, and when and how it came: what stays when it is told anew. */
const whose = rowCodec<Whose>('Backup', {
  serverId: 'plain',
  jobId: 'plain',
  receivedAt: 'plain',
  origin: 'plain',
})

interface Telling extends Omit<MarkedRun, 'id'>, Pick<NewBackup, 'orderedAt' | 'remarks'> {
  status: Run['status']
  bodyHash: Run['bodyHash']
  asText: boolean
}

/** How its report told of it, and what is made of that. */
const telling = rowCodec<Telling>('Backup', {
  machineId: 'plain',
  machineName: 'plain',
  backupId: 'plain',
  backupName: 'plain',
  orderedAt: 'plain',
  status: 'plain',
  bodyHash: 'plain',
  asText: 'plain',
  remarks: json(),
})

/** What the run did. */
const figures = rowCodec<Omit<Run, 'status' | 'bodyHash' | 'asText' | 'preventedReason' | 'failedFiles'>>('Backup', {
  mainOperation: 'plain',
  parsedResult: 'plain',
  beganAt: 'plain',
  endedAt: 'plain',
  durationSeconds: 'plain',
  version: 'plain',
  dryRun: 'plain',
  partial: 'plain',
  interrupted: 'plain',
  prevented: 'plain',
  messages: 'plain',
  warnings: 'plain',
  errors: 'plain',
  exception: 'plain',
  logLinesDropped: 'plain',
  logLinesCut: 'plain',
  examinedFiles: 'plain',
  openedFiles: 'plain',
  addedFiles: 'plain',
  modifiedFiles: 'plain',
  deletedFiles: 'plain',
  timestampChangedFiles: 'plain',
  notProcessedFiles: 'plain',
  tooLargeFiles: 'plain',
  filesWithError: 'plain',
  addedFolders: 'plain',
  modifiedFolders: 'plain',
  deletedFolders: 'plain',
  addedSymlinks: 'plain',
  modifiedSymlinks: 'plain',
  deletedSymlinks: 'plain',
  sourceSize: 'plain',
  openedSize: 'plain',
  addedSize: 'plain',
  modifiedSize: 'plain',
  uploadedSize: 'plain',
  downloadedSize: 'plain',
  storedSize: 'plain',
  storedFiles: 'plain',
  versions: 'plain',
  unknownSize: 'plain',
  unknownFiles: 'plain',
  lastBackupAt: 'plain',
  remoteCalls: 'plain',
  uploadedFiles: 'plain',
  downloadedFiles: 'plain',
  deletedRemoteFiles: 'plain',
  createdRemoteFolders: 'plain',
  retries: 'plain',
  totalQuota: 'plain',
  freeQuota: 'plain',
  assignedQuota: 'plain',
  quotaError: 'plain',
  quotaWarning: 'plain',
  operatingSystem: 'plain',
  operatingSystemDetail: 'plain',
  installationType: 'plain',
  updateChannel: 'plain',
  destinationType: 'plain',
  destinationHostSuffix: 'plain',
  nextScheduledRun: 'plain',
  availableVersions: json(),
  subResults: json(),
})

export interface NewBackup {
  serverId: number
  jobId: number
  /** Whether Duplicati posted it, or it was found in a log there. */
  origin: RunOrigin
  /** The marks of this report. */
  machine: Report['machine']
  job: Report['job']
  receivedAt: Date
  orderedAt: Date
  run: Run
  remarks: Remark[]
}

/** A run that began at the same time. */
export interface Contemporary {
  id: number
  beganAt: Date
  machineName: string | null
  backupId: string | null
  asText: boolean
  origin: RunOrigin
}

/** The marks that a run came with; null where its report had none, or nobody knows. */
export interface MarkedRun {
  id: number
  machineId: string | null
  machineName: string | null
  backupId: string | null
  backupName: string | null
}

/** Where a run stands among all runs. */
export interface RunPlace {
  id: number
  /** In milliseconds since 1970. */
  at: number
  hasLog: number
}

export function backupTable(database: Database) {
  const insert = database.prepare<Stored[]>(`
    INSERT INTO backups (${whose.columns}, ${telling.columns}, ${figures.columns})
    VALUES (${whose.places}, ${telling.places}, ${figures.places})`)
  const insertLine = database.prepare<[number, string, number, string]>(
    'INSERT INTO log_lines (backup_id, level, sequence, text) VALUES (?, ?, ?, ?)',
  )
  // Sorted by +id: by id, SQLite would walk all runs of the job in that order.
  const contemporary = (when: string) =>
    database.prepare<
      [{ jobId: number; mainOperation: string; at: number; second: number }],
      Omit<Contemporary, 'beganAt' | 'asText'> & { beganAt: number; asText: number }
    >(`
      SELECT id, began_at AS beganAt, machine_name AS machineName, backup_id AS backupId, as_text AS asText, origin
      FROM backups WHERE job_id = :jobId AND main_operation = :mainOperation AND ${when} ORDER BY +id`)
  // A text knows its run by the second; what is known of a run by its text alone began at a whole one.
  const toTheSecond = contemporary('began_at >= :second AND began_at < :second + 1000')
  const toTheMillisecond = contemporary('began_at IN (:at, :second)')
  const replace = database.prepare<Stored[]>(
    `UPDATE backups SET ${telling.assignments}, ${figures.assignments},
      received_at = iif(origin = 'COLLECTED', ?, received_at), origin = ? WHERE id = ?`,
  )
  const remarksOf = database.prepare<[number], string | null>('SELECT remarks FROM backups WHERE id = ?').pluck()
  const preventedSince = database
    .prepare<[number, number], number>(
      'SELECT ordered_at FROM backups WHERE job_id = ? AND ordered_at > ? AND prevented ORDER BY ordered_at DESC LIMIT 100',
    )
    .pluck()
  const latestMachine = database.prepare<[number], Report['machine']>(`
    SELECT b.machine_id AS id, coalesce(b.machine_name, s.name) AS name
    FROM servers s JOIN backups b ON b.id = s.latest_backup_id WHERE s.id = ?`)
  const placeOf = database.prepare<[number], { serverId: number; name: string; beganAt: number | null }>(`
    SELECT b.server_id AS serverId, j.name, b.began_at AS beganAt FROM backups b JOIN backup_jobs j ON j.id = b.job_id WHERE b.id = ?`)
  const removeLog = database.prepare<[number]>('DELETE FROM log_lines WHERE backup_id = ?')
  const acknowledge = database
    .prepare<[number], Stored[]>(`UPDATE backups SET acknowledged = true WHERE id = ? RETURNING ${rememberedColumns}`)
    .raw()
    .safeIntegers()
  const marks = database.prepare<[number], MarkedRun>(`
    SELECT id, machine_id AS machineId, machine_name AS machineName, backup_id AS backupId, backup_name AS backupName
    FROM backups WHERE job_id = ? ORDER BY ordered_at, id`)
  const latestMachineName = database
    .prepare<[number], string>(
      'SELECT machine_name FROM backups WHERE server_id = ? AND machine_name IS NOT NULL ORDER BY ordered_at DESC, id DESC LIMIT 1',
    )
    .pluck()
  const moveRuns = database.prepare<[{ ids: string; jobId: number; serverId: number }]>(`
    UPDATE backups SET job_id = :jobId, server_id = :serverId WHERE id IN (SELECT value FROM json_each(:ids))`)
  const byBodyHash = database
    .prepare<[number, number, string], number>(
      'SELECT id FROM backups WHERE job_id = ? AND ordered_at >= ? AND body_hash = ? ORDER BY +id LIMIT 1',
    )
    .pluck()
  const remove = database
    .prepare<[number], Stored[]>(`DELETE FROM backups WHERE id = ? RETURNING ${rememberedColumns}`)
    .raw()
    .safeIntegers()
  const removeLines = database.prepare<[{ id: number; limit: number }]>(`
    DELETE FROM log_lines WHERE backup_id = :id
      AND (level, sequence) IN (SELECT level, sequence FROM log_lines WHERE backup_id = :id LIMIT :limit)`)
  const countDropped = database.prepare<[number, number]>(
    'UPDATE backups SET log_lines_dropped = log_lines_dropped + ? WHERE id = ?',
  )
  const placesBefore = database.prepare<[number, number, number, number], RunPlace>(`
    SELECT id, ordered_at AS at, EXISTS (SELECT 1 FROM log_lines WHERE backup_id = backups.id) AS hasLog FROM backups
    WHERE (ordered_at, id) > (?, ?) AND ordered_at < ? ORDER BY ordered_at, id LIMIT ?`)
  const nthLatest = database
    .prepare<[number, number], number>(`
      SELECT ordered_at FROM backups WHERE job_id = ? AND NOT dryrun AND NOT prevented
      ORDER BY ordered_at DESC, id DESC LIMIT 1 OFFSET ? - 1`)
    .pluck()
  const ofServer = database
    .prepare<[number, number], number>('SELECT id FROM backups WHERE server_id = ? ORDER BY ordered_at, id LIMIT ?')
    .pluck()
  const ofJob = database
    .prepare<[number, number], number>('SELECT id FROM backups WHERE job_id = ? ORDER BY ordered_at, id LIMIT ?')
    .pluck()
  const prunable = database
    .prepare<[{ jobId: number; olderThan: number; keepLatest: number; limit: number }], number>(`
      SELECT b.id FROM backup_jobs j, backups b LEFT JOIN (
        SELECT ordered_at, id FROM backups WHERE job_id = :jobId AND NOT dryrun AND NOT prevented
        ORDER BY ordered_at DESC, id DESC LIMIT 1 OFFSET :keepLatest - 1
      ) kept
      WHERE j.id = :jobId AND b.job_id = :jobId AND b.ordered_at < :olderThan
        AND ((b.ordered_at, b.id) < (kept.ordered_at, kept.id)
          AND b.ordered_at IS NOT j.measured_at AND b.ordered_at IS NOT j.scheduled_at
          AND b.ordered_at IS NOT j.last_success_at AND b.ordered_at IS NOT j.conclusive_at
          AND b.ordered_at IS NOT j.baseline_at OR b.dryrun OR b.prevented)
      ORDER BY b.ordered_at, b.id LIMIT :limit`)
    .pluck()
  const moveToServer = database.prepare<[{ jobId: number; serverId: number }]>(
    'UPDATE backups SET server_id = :serverId WHERE job_id = :jobId',
  )
  const moveToJob = database.prepare<[{ from: number; into: number; serverId: number }]>(
    'UPDATE backups SET server_id = :serverId, job_id = :into WHERE job_id = :from',
  )
  const removeTwins = database.prepare<[{ from: number; into: number }]>(`
    DELETE FROM backups WHERE id IN (
      SELECT a.id FROM backups a JOIN backups b ON b.job_id = :into AND b.main_operation = a.main_operation
        AND b.began_at = a.began_at AND (${figures.columnsOf('a')}) IS (${figures.columnsOf('b')})
      WHERE a.job_id = :from)`)
  const remembered = rememberedRuns(database)

  return {
    /** The runs of the job that may be the one that began then, told by text, to the second, or by JSON, to the millisecond. */
    contemporaries: (jobId: number, mainOperation: string, beganAt: Date, asText: boolean): Contemporary[] => {
      const at = beganAt.getTime()
      const second = Math.floor(at / 1000) * 1000
      return (asText ? toTheSecond : toTheMillisecond)
        .all({ jobId, mainOperation, at, second })
        .map((row) => ({ ...row, beganAt: new Date(row.beganAt), asText: row.asText === 1 }))
    },
    /** A report without begin time that was received at `since` or later. */
    findByBodyHash: (jobId: number, bodyHash: string, since: Date): number | undefined =>
      byBodyHash.get(jobId, since.getTime(), bodyHash),
    insert: (row: NewBackup, logLines: LogLine[]): number => {
      const id = Number(insert.run(...whose.write(row), ...cellsOf(row)).lastInsertRowid)
      for (const line of logLines) insertLine.run(id, line.level, line.sequence, line.text)
      return id
    },
    remarksOf: (id: number): Remark[] => JSON.parse(remarksOf.get(id) ?? '[]') as Remark[],
    /** Tells the run anew, with another log; its number stays, and when it was received, unless it was only collected. */
    replace: (id: number, row: NewBackup, logLines: LogLine[]) => {
      replace.run(...cellsOf(row), row.receivedAt.getTime(), row.origin, id)
      removeLog.run(id)
      for (const line of logLines) insertLine.run(id, line.level, line.sequence, line.text)
    },
    /** Notes that somebody knows of what is wrong with the run; what its job remembers of it is the caller's to mend. */
    acknowledge: (id: number): RememberedRun | undefined => {
      const row = acknowledge.get(id)
      return row && rememberedRun(row).run
    },
    /** The runs of a job with their marks, by their place in time. */
    marks: (jobId: number): MarkedRun[] => marks.all(jobId),
    /** When runs of the job that a script prevented were to begin after that moment, ascending; the latest hundred at most. */
    preventedSince: (jobId: number, at: Date): Date[] =>
      preventedSince
        .all(jobId, at.getTime())
        .map((began) => new Date(began))
        .reverse(),
    /** The machine of the server's latest run. */
    latestMachine: (serverId: number): Report['machine'] | undefined => latestMachine.get(serverId),
    /** When a run began and what its job is called; undefined if there is none. */
    placeOf: (id: number) => placeOf.get(id),
    /** The machine name in the server's latest report that has one. */
    latestMachineName: (serverId: number): string | undefined => latestMachineName.get(serverId),
    moveRuns: (ids: number[], jobId: number, serverId: number) =>
      void moveRuns.run({ ids: JSON.stringify(ids), jobId, serverId }),
    /** What there was of the run, or undefined if there is none. */
    remove: (id: number): { jobId: number; run: RememberedRun } | undefined => {
      const row = remove.get(id)
      return row && rememberedRun(row)
    },
    /** Removes at most `limit` lines of the log of a run; how many it were. */
    removeLines: (id: number, limit: number): number => removeLines.run({ id, limit }).changes,
    /** Notes that log lines of the run are not there any more. */
    countDropped: (id: number, lines: number) => void countDropped.run(lines, id),
    /** At most `limit` runs that began before `olderThan`, from `after` on, and whether they have a log. */
    placesBefore: (olderThan: Date, after: RunPlace | null, limit: number): RunPlace[] =>
      placesBefore.all(after?.at ?? -(2 ** 53), after?.id ?? 0, olderThan.getTime(), limit),
    /** When the job's nth latest run began that is no dry run; undefined if it has fewer. */
    nthLatest: (jobId: number, nth: number): Date | undefined => {
      const at = nthLatest.get(jobId, nth)
      return at === undefined ? undefined : new Date(at)
    },
    /** At most `limit` runs, the oldest first. */
    ofServer: (serverId: number, limit: number): number[] => ofServer.all(serverId, limit),
    ofJob: (jobId: number, limit: number): number[] => ofJob.all(jobId, limit),
    /**
     * At most `limit` runs of the job that began before `olderThan`, the oldest first; all if `limit` is negative. Left out
     * are, of the runs that are not dry runs, the latest `keepLatest`, which must be one at least, and those that tell the
     * latest known figures and the next run.
     */
    prunable: (jobId: number, olderThan: Date, keepLatest: number, limit: number): number[] =>
      prunable.all({ jobId, olderThan: olderThan.getTime(), keepLatest, limit }),
    /** What the job is to remember of its runs, by ascending number. */
    rememberedOf: remembered.ofJob,
    moveToServer: (jobId: number, serverId: number): number => moveToServer.run({ jobId, serverId }).changes,
    /** Removes the runs that the other job has too, to the last figure; how many those were. */
    removeTwins: (from: number, into: number): number => removeTwins.run({ from, into }).changes,
    /** Moves all runs to the other job; how many those were. */
    moveToJob: (from: number, into: number, serverId: number): number =>
      moveToJob.run({ from, into, serverId }).changes,
  }
}

/** The cells of how it was told and of what it did. */
function cellsOf({ run, machine, job, orderedAt, remarks }: NewBackup): Stored[] {
  const marks = { machineId: machine.id, machineName: machine.name, backupId: job.id, backupName: job.name }
  return [...telling.write({ ...run, ...marks, orderedAt, remarks }), ...figures.write(run)]
}
