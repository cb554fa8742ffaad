// What an invented run logs.

import type { DemoRun } from './jobRuns.ts'
import type { Line, TimedLine } from './logLines.ts'
import type { Random } from './random.ts'
import { invariantTime, sizeText } from './times.ts'
import { volume } from './troubles.ts'

/** What goes wrong, which is all that Duplicati sends unless told otherwise. */
export function troubleLog(run: DemoRun): TimedLine[] {
  const { trouble } = run
  return at(run, trouble?.thrown ? 1 : 0.4, trouble?.lines ?? [])
}

/** All lines, in their order. */
export function wholeLog(run: DemoRun, random: Random): TimedLine[] {
  const before = at(run, 0, [
    information('Controller-StartingOperation', 'The operation Backup has started'),
    event('List - Started:  ()'),
  ])
  if (run.trouble?.thrown) return [...before, ...troubleLog(run)]
  if (run.dryRun) return [...before, ...at(run, 0.5, wouldUpload(random))]
  return [
    ...before,
    ...at(run, 0.3, uploads(run, random)),
    ...troubleLog(run),
    ...at(run, 0.9, retention(run)),
    ...at(run, 1, [event(`Get - Completed: ${volume(random)} (49.98 MiB)`)]),
  ]
}

/** The lines, written when the given share of the run had passed. */
function at({ beganAt, endedAt }: DemoRun, share: number, lines: Line[]): TimedLine[] {
  const moment = Math.round(beganAt + (endedAt - beganAt) * share)
  return lines.map((line) => ({ ...line, at: moment }))
}

function uploads({ transfer }: DemoRun, random: Random): Line[] {
  const count = Math.min(3, Math.ceil(transfer.uploadedFiles / 2))
  const size = sizeText(Math.min(50 * 2 ** 20, transfer.uploadedSize))
  return Array.from({ length: count }, () => volume(random)).flatMap((file) => [
    event(`Put - Started: ${file} (${size})`),
    event(`Put - Completed: ${file} (${size})`),
  ])
}

/** The lines from which the versions at the destination are known. */
function retention({ machine, job, transfer: { considered, deleted, compaction } }: DemoRun): Line[] {
  if (!job.retention || !('policy' in job.retention)) return []
  const frames = job.retention.policy.map(({ days, every }) => `${days}.00:00:00 / ${every}.00:00:00`)
  const list = (versions: number[]) => versions.map((version) => invariantTime(version, machine.timeZone)).join(', ')
  const policy = (id: string, text: string) => information(`Operation.DeleteHandler:RetentionPolicy-${id}`, text)
  return [
    policy('StartCheck', 'Start checking if backups can be removed'),
    policy('FramesAndIntervals', `Time frames and intervals pairs: ${frames.join(', ')}`),
    policy('BackupList', `Backups to consider: ${list(considered)}`),
    policy('BackupsToDelete', 'Backups outside of all time frames and thus getting deleted: '),
    policy('AllBackupsToDelete', `All backups to delete: ${list(deleted)}`),
    ...(deleted.length > 0
      ? [information('Operation.DeleteHandler-DeleteRemoteFileset', `Deleting ${deleted.length} remote fileset(s) ...`)]
      : []),
    information(
      'Operation.CompactHandler-CompactReason',
      compaction ? 'Compacting because there are 21 small volumes' : 'Compacting not required',
    ),
  ]
}

function wouldUpload(random: Random): Line[] {
  return Array.from({ length: 4 }, () => ({
    level: 'DryRun',
    id: 'Backend.BackendManager-WouldUploadVolume',
    text: `Would upload volume: ${volume(random)}, size: 49.98 MiB`,
  }))
}

function event(text: string): Line {
  return information('BasicResults-BackendEvent', `Backend event: ${text}`)
}

function information(id: string, text: string): Line {
  return { level: 'Information', id, text }
}
