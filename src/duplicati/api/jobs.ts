// The jobs of a Duplicati. Their answers hold the address of the destination with its password, and before 2.3 the passphrase:
// nothing is kept but what is named here.

import { z } from 'zod'
import type { Int64 } from '../../domain/report.ts'
import type { Duplicati } from './session.ts'
import {
  idText,
  optionalCompactTime,
  optionalCount,
  optionalInt64,
  optionalText,
  optionalTime,
  shownText,
} from './values.ts'

export interface Job {
  /** In Duplicati's addresses and states; not used again for another job. */
  id: string
  name: string
  /** `Sync` jobs (2.3.1) never report, and their log cannot be read. */
  operationType: 'Backup' | 'Sync'
  /** Null: it is only run by hand. */
  schedule: JobSchedule | null
  /** Of the last run that came to its end. */
  lastStartedAt: Date | null
  lastFinishedAt: Date | null
  /** Stays when later runs succeed: the last run failed if this is later than `lastFinishedAt`. */
  lastErrorAt: Date | null
  lastErrorMessage: string | null
  lastSyncStartedAt: Date | null
  lastSyncFinishedAt: Date | null
  versions: number | null
  /** In bytes; as Duplicati tells them, where -1 is "not set". */
  totalQuota: Int64 | null
  freeQuota: Int64 | null
  assignedQuota: Int64 | null
}

export interface JobSchedule {
  /** When it is due next; while Duplicati is paused, a time that has passed. */
  time: Date | null
  /** Such as `1D`. */
  repeat: string | null
  /** Names of days as the release writes them, which may be there twice: `mon`, `Monday`. */
  allowedDays: string[]
  /** When a run was last let begin by it. */
  lastRun: Date | null
}

/** What a job says of itself in reports in place of what Duplicati knows. Null: nothing. */
export interface JobOverrides {
  machineId: string | null
  machineName: string | null
  backupId: string | null
  backupName: string | null
  /** Where this job posts its reports instead. Can hold tokens. */
  jsonUrls: string | null
}

const schedule = z
  .object({
    Time: optionalTime,
    Repeat: optionalText,
    AllowedDays: z.array(z.string()).nullish().catch(null),
    Rule: optionalText,
    LastRun: optionalTime,
  })
  .transform(
    ({ Time, Repeat, AllowedDays, Rule, LastRun }): JobSchedule => ({
      time: Time,
      repeat: Repeat,
      allowedDays: AllowedDays ?? daysOfRule(Rule),
      lastRun: LastRun,
    }),
  )

const metadata = z.object({
  LastBackupStarted: optionalCompactTime,
  LastBackupFinished: optionalCompactTime,
  LastErrorDate: optionalCompactTime,
  LastErrorMessage: shownText,
  LastSyncStarted: optionalCompactTime,
  LastSyncFinished: optionalCompactTime,
  BackupListCount: optionalCount,
  TotalQuotaSpace: optionalInt64,
  FreeQuotaSpace: optionalInt64,
  AssignedQuotaSpace: optionalInt64,
})

const jobs = z.array(
  z
    .object({
      Backup: z.object({
        ID: idText,
        Name: z.string(),
        OperationType: z.enum(['Backup', 'Sync']).catch('Backup'),
        Metadata: metadata.catch(metadata.parse({})),
      }),
      Schedule: schedule.nullish(),
    })
    .transform(({ Backup: { ID, Name, OperationType, Metadata }, Schedule }): Job => {
      return {
        id: ID,
        name: Name,
        operationType: OperationType,
        schedule: Schedule ?? null,
        lastStartedAt: Metadata.LastBackupStarted,
        lastFinishedAt: Metadata.LastBackupFinished,
        lastErrorAt: Metadata.LastErrorDate,
        lastErrorMessage: Metadata.LastErrorMessage,
        lastSyncStartedAt: Metadata.LastSyncStarted,
        lastSyncFinishedAt: Metadata.LastSyncFinished,
        versions: Metadata.BackupListCount,
        totalQuota: Metadata.TotalQuotaSpace,
        freeQuota: Metadata.FreeQuotaSpace,
        assignedQuota: Metadata.AssignedQuotaSpace,
      }
    }),
)

const setting = z.object({ Name: optionalText, Value: optionalText })

const overrides = z
  .object({ Backup: z.object({ Settings: z.array(setting).nullish() }) })
  .transform(({ Backup: { Settings } }): JobOverrides => {
    const setTo = (name: string) => Settings?.find(({ Name }) => Name?.replace(/^--/, '') === name)?.Value ?? null
    return {
      machineId: setTo('machine-id'),
      machineName: setTo('machine-name'),
      backupId: setTo('backup-id'),
      backupName: setTo('backup-name'),
      jsonUrls: setTo('send-http-json-urls'),
    }
  })

export function readJobs(duplicati: Duplicati): Promise<Job[]> {
  return duplicati.get('api/v1/backups', jobs)
}

/** @throws DuplicatiProblem NOT_FOUND if the job has been deleted */
export function readJobOverrides(duplicati: Duplicati, jobId: string): Promise<JobOverrides> {
  return duplicati.get(`api/v1/backup/${encodeURIComponent(jobId)}`, overrides)
}

/** What reports of a job carry as `backup-id`, unless the job overrides it. */
export function backupIdOf(jobId: string): string {
  return `DB-${jobId}`
}

/** Of `AllowedWeekDays=Monday,Tuesday`, which may stand between others with `;` between them. */
function daysOfRule(rule: string | null): string[] {
  return /(?:^|;)\s*AllowedWeekDays=([^;]*)/i.exec(rule ?? '')?.[1]?.split(',') ?? []
}
