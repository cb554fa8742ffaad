// What a run does at its destination: it uploads, deletes old versions, repacks, and checks samples.

import type { Job } from './machine.ts'
import type { Random } from './random.ts'
import { outdated } from './retention.ts'
import type { Source } from './source.ts'

/** What lies at the destination. Sizes are bytes. */
export interface Stored {
  size: number
  volumes: number
  /** The versions, newest first: when they were made, and what nothing needs once they are deleted. */
  versions: { at: number; perishable: number }[]
  /** Volumes that were not full, waiting to be repacked. */
  smallVolumes: number
  smallSize: number
  /** What no version needs any more. */
  waste: number
}

interface Compaction {
  deletedFiles: number
  deletedSize: number
  downloadedFiles: number
  downloadedSize: number
  uploadedFiles: number
  uploadedSize: number
}

/** What a run did, and left. */
export interface Transfer {
  stored: Stored
  uploadedFiles: number
  uploadedSize: number
  downloadedFiles: number
  downloadedSize: number
  deletedFiles: number
  /** When the versions were made that retention looked at, newest first. */
  considered: number[]
  /** Those of them it deleted. */
  deleted: number[]
  /** Null if nothing was repacked. */
  compaction: Compaction | null
}

export const nothingStored: Stored = { size: 0, volumes: 0, versions: [], smallVolumes: 0, smallSize: 0, waste: 0 }

const volumeSize = 50 * 2 ** 20
const samples = 3
const maxSmallVolumes = 20

/** What a run does that only looks. */
export function lookedAt(stored: Stored): Transfer {
  return {
    stored,
    uploadedFiles: 0,
    uploadedSize: 0,
    downloadedFiles: 0,
    downloadedSize: 0,
    deletedFiles: 0,
    considered: [],
    deleted: [],
    compaction: null,
  }
}

/** Adds a version made at `at`. */
export function backUp(before: Stored, source: Source, job: Job, at: number, random: Random): Transfer {
  const changes = Math.round((source.addedSize + source.modifiedSize * 0.6) * random.between(0.66, 0.8))
  const size = changes + source.files * 40
  const volumes = Math.ceil(size / volumeSize)
  const perishable = job.replaces ? size : Math.round(source.modifiedSize * 0.4)
  const all = [{ at, perishable }, ...before.versions]
  const considered = before.versions.map((version) => version.at)
  const deleted = job.retention ? outdated(job.retention, [at, ...considered], at) : []
  const gone = new Set(deleted)
  const freed = all.filter((version) => gone.has(version.at)).reduce((sum, version) => sum + version.perishable, 0)
  const grown: Stored = {
    size: before.size + size,
    volumes: before.volumes + volumes,
    versions: all.filter((version) => !gone.has(version.at)),
    smallVolumes: before.smallVolumes + 1,
    smallSize: before.smallSize + (size % volumeSize),
    waste: before.waste + freed,
  }
  const compaction = grown.smallVolumes > maxSmallVolumes || grown.waste > grown.size / 4 ? repack(grown) : null
  return {
    stored: compaction ? repacked(grown, compaction) : grown,
    uploadedFiles: 2 * volumes + 1 + (compaction?.uploadedFiles ?? 0),
    uploadedSize: size + (compaction?.uploadedSize ?? 0),
    downloadedFiles: samples + (compaction?.downloadedFiles ?? 0),
    downloadedSize: Math.round(Math.min(size, volumeSize) * random.between(0.9, 1)) + (compaction?.downloadedSize ?? 0),
    deletedFiles: deleted.length + (compaction?.deletedFiles ?? 0),
    considered,
    deleted,
    compaction,
  }
}

/** The small volumes become full ones, and those that hold little else than waste go. */
function repack({ smallVolumes, smallSize, waste }: Stored): Compaction {
  const needed = Math.round(waste / 5)
  return {
    deletedFiles: 2 * (smallVolumes + Math.ceil((waste + needed) / volumeSize)),
    deletedSize: smallSize + waste + needed,
    downloadedFiles: smallVolumes + Math.ceil(needed / volumeSize),
    downloadedSize: smallSize + needed,
    uploadedFiles: 2 * Math.ceil((smallSize + needed) / volumeSize),
    uploadedSize: smallSize + needed,
  }
}

function repacked(stored: Stored, { deletedFiles, deletedSize, uploadedFiles, uploadedSize }: Compaction): Stored {
  return {
    ...stored,
    size: stored.size - deletedSize + uploadedSize,
    volumes: stored.volumes + (uploadedFiles - deletedFiles) / 2,
    smallVolumes: 0,
    smallSize: 0,
    waste: 0,
  }
}
