// What a run finds at its source: how much there is, and what has changed since the run before.

import type { Job } from './machine.ts'
import type { Random } from './random.ts'

/** Sizes are bytes. */
export interface Source {
  files: number
  size: number
  addedFiles: number
  addedSize: number
  modifiedFiles: number
  modifiedSize: number
  deletedFiles: number
  openedFiles: number
  openedSize: number
  addedFolders: number
}

/** What a run that failed at once has seen. */
export const unseen: Source = {
  files: 0,
  size: 0,
  addedFiles: 0,
  addedSize: 0,
  modifiedFiles: 0,
  modifiedSize: 0,
  deletedFiles: 0,
  openedFiles: 0,
  openedSize: 0,
  addedFolders: 0,
}

/** The first time, when everything is new. */
export function firstSource({ files, size }: Job): Source {
  const bytes = Math.round(size)
  const everything = { addedFiles: files, addedSize: bytes, openedFiles: files, openedSize: bytes }
  return { ...unseen, ...everything, files, size: bytes, addedFolders: Math.ceil(files / 14) }
}

/** The source so many days after it was as `before`. */
export function laterSource(before: Source, job: Job, days: number, random: Random): Source {
  // Now and then somebody comes home with a camera.
  const changed = job.changesPerDay * days * random.noise(0.6) * (random.chance(0.02) ? 12 : 1)
  const fileSize = before.size / before.files
  const addedSize = Math.round(changed * 0.6)
  const modifiedSize = Math.round(changed * 0.4)
  const addedFiles = Math.ceil(addedSize / fileSize)
  const modifiedFiles = Math.ceil(modifiedSize / fileSize)
  const deletedFiles = job.replaces ? addedFiles : Math.floor(addedFiles * random.between(0, 0.9))
  const touchedFiles = random.whole(0, 12)
  return {
    files: before.files + addedFiles - deletedFiles,
    size: before.size + Math.round(addedSize * (1 - (0.995 * deletedFiles) / addedFiles)),
    addedFiles,
    addedSize,
    modifiedFiles,
    modifiedSize,
    deletedFiles,
    openedFiles: addedFiles + modifiedFiles + touchedFiles,
    openedSize: addedSize + modifiedSize + Math.round(touchedFiles * fileSize),
    addedFolders: Math.floor(addedFiles / 14),
  }
}

/** The same where a program has written most files anew. */
export function rewritten(source: Source): Source {
  const modifiedFiles = Math.round(source.files * 0.8)
  return { ...source, modifiedFiles, openedFiles: source.addedFiles + modifiedFiles }
}
