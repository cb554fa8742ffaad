// Makes the database files of the benchmark: 50 servers of 4 jobs each, with runs over the last years and lines of their
// logs. The statements are those of the server itself, so that `duplistatus verify` finds nothing wrong with the file.

import Database from 'better-sqlite3'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { backupJobTable } from '../../src/database/tables/backupJobTable.ts'
import { backupTable } from '../../src/database/tables/backupTable.ts'
import { serverTable } from '../../src/database/tables/serverTable.ts'
import { openWriter } from '../../src/database/writer.ts'
import { emptyMemory, type JobMemory, withRun } from '../../src/domain/jobMemory.ts'
import type { Report, Run } from '../../src/domain/report.ts'
import { readReport } from '../../src/duplicati/readReport.ts'
import type { Context } from '../../src/services/context.ts'
import { judgeJobs } from '../../src/services/jobs/judgeJobs.ts'
import { report } from '../support/report.ts'

const serverCount = 50
const jobNames = ['Documents', 'Photos', 'Mail', 'System']
const dayMs = 24 * 60 * 60 * 1000

/** Every job runs once a day; with more runs than that gives in two years, more often. */
export async function writeRuns(file: string, runs: number, now: Date): Promise<void> {
  applyMigrations(file, migrationNames())
  const database = new Database(file)
  // The file is new: should the process die, nobody wants the half of it.
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -262144')
  database.transaction(() => fill(database, runs, now))()
  database.pragma('journal_mode = WAL')
  database.close()
  const writer = openWriter(file)
  await judgeJobs({ database: { writer }, clock: () => now } as unknown as Context, new Map())
  await writer.close()
}

function fill(database: Database.Database, runs: number, now: Date) {
  const servers = serverTable(database)
  const jobs = backupJobTable(database)
  const backups = backupTable(database)
  const perJob = runs / (serverCount * jobNames.length)
  const stepMs = Math.min(dayMs, (2 * 365 * dayMs) / perJob)
  const { run: template } = templateReport()

  const all = Array.from({ length: serverCount }, (_, index) => {
    const serverId = servers.insert(`server-${String(index + 1).padStart(2, '0')}`, now)
    servers.addMachineId(serverId, `machine-${index + 1}`)
    return jobNames.map((name, place) => {
      const jobId = jobs.insert(serverId, name, now)
      jobs.setBackupId(jobId, `DB-${place + 1}`)
      const machine = { id: null, name: null }
      return { serverId, jobId, machine, job: { id: `DB-${place + 1}`, name }, history: emptyMemory as JobMemory }
    })
  }).flat()

  for (let round = 0; round < perJob; round++) {
    for (const [index, one] of all.entries()) {
      const orderedAt = new Date(Math.floor(now.getTime() - (perJob - round) * stepMs + index * 60_000))
      const run = varied(template, round * 977 + index * 131, orderedAt, new Date(now.getTime() + 7 * dayMs))
      const id = backups.insert(
        { ...one, origin: 'REPORTED', receivedAt: orderedAt, orderedAt, run, remarks: [] },
        logLines(run),
      )
      const judged = { acknowledged: false, savedNothing: false }
      one.history = withRun(one.history, {
        ...run,
        ...judged,
        origin: 'REPORTED',
        id,
        orderedAt,
        receivedAt: orderedAt,
      })
    }
  }
  for (const { serverId, jobId, history } of all) {
    jobs.setMemory(jobId, history)
    servers.see(serverId, history.latestAt ?? now)
    servers.refreshLatest(serverId)
  }
  database.exec('UPDATE backup_jobs SET state_since = NULL')
}

function templateReport(): Report {
  const read = readReport(report(), { machine: null, maxLogLines: 0, text: () => '' })
  if ('ignored' in read) throw new Error('The template is no backup')
  return read.report
}

/** Most runs are good; every 17th warns, every 41st fails. The number stands for chance, so that a file is the same each time. */
function varied(template: Run, number: number, beganAt: Date, nextScheduledRun: Date): Run {
  const durationSeconds = 60 + (number % 7200)
  const failed = number % 41 === 0
  const warned = !failed && number % 17 === 0
  return {
    ...template,
    status: failed ? 'ERROR' : warned ? 'WARNING' : 'SUCCESS',
    beganAt,
    endedAt: new Date(beganAt.getTime() + durationSeconds * 1000),
    durationSeconds,
    errors: failed ? 1 : 0,
    warnings: warned ? 2 : 0,
    examinedFiles: 100_000 + (number % 9973),
    sourceSize: 500_000_000_000 + number * 4096,
    uploadedSize: 1_000_000 + (number % 99_991) * 1000,
    storedSize: 700_000_000_000 + number * 8192,
    versions: 7 + (number % 5),
    nextScheduledRun,
  }
}

function logLines({ status }: Run): Report['logLines'] {
  const text = '2026-01-14 02:26:01 +00 - [Information-Duplicati.Library.Main.Operation.BackupHandler]: a line of a log'
  const level = status === 'SUCCESS' ? 'INFORMATION' : status === 'WARNING' ? 'WARNING' : 'ERROR'
  return [
    { level, sequence: 0, text },
    { level, sequence: 1, text },
  ]
}
