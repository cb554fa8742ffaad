// The run that is under way, in a line.

import type { JobRowFragment } from '../generated/graphql.ts'
import { bytes, counted } from './sizes.ts'
import { moment } from './times.ts'

/** Such as `running since today 02:00: reading files, 53 files, 18.8 MB`. */
export function runningWords(
  { phase, since, files, bytes: size }: NonNullable<JobRowFragment['running']>,
  now: Date,
  language?: string,
): string {
  const begun = `running since ${moment(new Date(since), now, language)}: ${phases[phase] ?? spelled(phase)}`
  const done = [
    Number(files) > 0 && counted(Number(files), 'file', language),
    Number(size) > 0 && bytes(Number(size), language),
  ]
  return [begun, ...done].filter(Boolean).join(', ')
}

const phases: Record<string, string> = {
  Backup_Begin: 'starting',
  Sync_Begin: 'starting',
  Backup_PreBackupVerify: 'checking the destination',
  Backup_PreviousBackupFinalize: 'finishing the previous backup',
  Backup_ProcessingFiles: 'reading files',
  Backup_WaitForUpload: 'uploading',
  Backup_VerificationUpload: 'uploading',
  Backup_Delete: 'deleting old versions',
  Backup_PostBackupVerify: 'checking the destination',
  Backup_PostBackupTest: 'testing samples',
  Backup_Compact: 'compacting the destination',
  Backup_RemoteSynchronization: 'copying to other destinations',
  Backup_Finalize: 'finishing',
  Backup_Complete: 'finishing',
  RunScript_Running: 'running a script',
  Recreate_Running: 'recreating its database',
}

/** A phase of a later release: `Sync_CopyingFiles` is `copying files`. */
function spelled(phase: string): string {
  const words = phase.replace(/^[^_]*_/, '').replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
  return words.toLowerCase()
}
