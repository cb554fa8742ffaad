// The figures of a run in words; what did not happen is left out.

import type { RunQuery } from '../generated/graphql.ts'
import { bytes, count } from '../words/sizes.ts'

export type RunData = NonNullable<RunQuery['backup']>

export function kindOf({ dryRun, prevented, interrupted, partial, origin }: RunData): string {
  const words = [
    dryRun && 'dry run',
    prevented && 'prevented',
    interrupted && 'stopped by a person',
    partial && 'partial',
    origin === 'TAKEN_OVER' && 'from an older release',
    origin === 'COLLECTED' && 'asked of Duplicati',
  ]
  return words.filter(Boolean).join(', ')
}

export function sourceFacts(source: RunData['source']): [string, string | null][] {
  return [
    ['Opened', both(source.openedFiles, source.openedSize)],
    ['Added', both(source.addedFiles, source.addedSize)],
    ['Modified', both(source.modifiedFiles, source.modifiedSize)],
    ['Deleted', files(source.deletedFiles)],
    ['Only their time changed', files(source.timestampChangedFiles)],
    ['Left out', files(source.notProcessedFiles)],
    ['Too large', files(source.tooLargeFiles)],
    ['With an error', files(source.filesWithError)],
    ['Folders', changes(source.addedFolders, source.modifiedFolders, source.deletedFolders)],
    ['Links', changes(source.addedSymlinks, source.modifiedSymlinks, source.deletedSymlinks)],
  ]
}

export function destinationFacts(destination: RunData['destination']): [string, string | null][] {
  const quota = destination.totalQuota ?? destination.assignedQuota
  return [
    ['At', [destination.type, destination.hostSuffix].filter(Boolean).join(', ')],
    [
      'Files there',
      destination.storedFiles === null || destination.storedFiles === undefined ? null : files(destination.storedFiles),
    ],
    ['Unknown files there', both(destination.unknownFiles, destination.unknownSize)],
    ['Uploaded files', files(destination.uploadedFiles)],
    ['Downloaded', both(destination.downloadedFiles, destination.downloadedSize)],
    ['Deleted there', files(destination.deletedFiles)],
    ['Calls', some(destination.remoteCalls)],
    ['Tried again', some(destination.retries)],
    ['Space', quota ? `${size(destination.freeQuota) ?? 'unknown'} free of ${size(quota)}` : null],
    ['Quota', destination.quotaError ? 'exceeded' : destination.quotaWarning ? 'nearly reached' : null],
  ]
}

type Figure = number | string

export function size(value: Figure | null | undefined): string | null {
  return value === null || value === undefined ? null : bytes(value)
}

/** Null for none: what did not happen needs no line. */
function some(value: Figure): string | null {
  return Number(value) === 0 ? null : count(value)
}

export function files(value: Figure): string | null {
  return Number(value) === 0 ? null : `${count(value)} ${Number(value) === 1 ? 'file' : 'files'}`
}

function both(value: Figure, total: Figure): string | null {
  const named = files(value)
  return named && (Number(total) === 0 ? named : `${named}, ${bytes(total)}`)
}

function changes(added: Figure, modified: Figure, deleted: Figure): string {
  const words = [
    some(added) && `${some(added)} added`,
    some(modified) && `${some(modified)} modified`,
    some(deleted) && `${some(deleted)} deleted`,
  ]
  return words.filter(Boolean).join(', ')
}
