// A report of an invented run, as Duplicati would have posted it.

import { data } from './data.ts'
import type { DemoRun } from './jobRuns.ts'
import { sentLines } from './logLines.ts'
import type { Random } from './random.ts'
import { troubleLog, wholeLog } from './runLog.ts'
import { compactTimestamp } from './times.ts'
import { thrownText } from './troubles.ts'

/** How many log lines Duplicati sends unless told otherwise. */
const defaultLines = 100

/** The document that Duplicati posts after the run. */
export function reportOf(run: DemoRun, machineId: string, random: Random): object {
  const { machine, job, release, trouble, dryRun } = run
  return {
    Data: data(run, random),
    Extra: extra(run, machineId),
    LogLines:
      dryRun || job.sendsLog
        ? sentLines(wholeLog(run, random), machine.timeZone, Number.POSITIVE_INFINITY)
        : sentLines(troubleLog(run), machine.timeZone, defaultLines),
    ...(release.minor >= 2.1 && { Exception: trouble?.thrown ? thrownText(trouble.thrown, machine) : null }),
  }
}

/** Who sends it: every release says more. */
function extra({ machine, job, release, jobName, nextAt }: DemoRun, machineId: string): object {
  const { system } = machine
  return {
    OperationName: 'Backup',
    'backup-name': jobName,
    ...(release.minor >= 2.1 && { 'backup-id': job.id, 'machine-id': machineId, 'machine-name': machine.name }),
    ...(release.minor >= 2.2 && {
      'operating-system': system.operatingSystem,
      'installation-type': system.installationType,
      'destination-type': job.destination.type,
      'next-scheduled-run': nextAt === null ? null : compactTimestamp(nextAt),
      'update-channel': 'Stable',
      'operating-system-detailed': system.detail,
      'destination-host-suffix': job.destination.hostSuffix ?? null,
    }),
  }
}
