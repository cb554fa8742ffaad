// The statements that write the digests of channels: when they are due, and what the last ones said already.

import type { Database } from 'better-sqlite3'
import type { DigestTime } from '../../domain/schedule/digestTime.ts'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

export interface StoredDigest extends DigestTime {
  channelId: number
  /** Null: that of the settings. */
  timeZone: string | null
  /** Null: all jobs. */
  tag: string | null
  /** When the last one was written, or it was set. */
  sinceAt: Date
  /** The number of the last run that was counted by then. */
  countedId: number
  nextAt: Date
  createdAt: Date
  updatedAt: Date
}

const digests = rowCodec<StoredDigest>('Digest', {
  channelId: 'plain',
  period: 'plain',
  timeOfDay: 'plain',
  weekday: 'plain',
  timeZone: 'plain',
  tag: 'plain',
  sinceAt: 'plain',
  countedId: 'plain',
  nextAt: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})

export function digestTable(database: Database) {
  const find = database.prepare<[number], Stored[]>(`SELECT ${digests.columns} FROM digests WHERE channel_id = ?`).raw()
  const all = database.prepare<[], Stored[]>(`SELECT ${digests.columns} FROM digests ORDER BY channel_id`).raw()
  const set = database.prepare<Stored[]>(
    `INSERT OR REPLACE INTO digests (${digests.columns}) VALUES (${digests.places})`,
  )
  const remove = database.prepare<[number]>('DELETE FROM digests WHERE channel_id = ?')
  const nextAt = database.prepare<[], number | null>('SELECT min(next_at) FROM digests').pluck()
  const lastRunId = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM backups').pluck()

  return {
    find: (channelId: number): StoredDigest | undefined => {
      const row = find.get(channelId)
      return row && digests.read(row)
    },
    all: (): StoredDigest[] => all.all().map(digests.read),
    /** Puts it in the place of the one that the channel had. */
    set: (digest: StoredDigest) => void set.run(...digests.write(digest)),
    /** The number of the latest run; 0 if there is none. */
    lastRunId: (): number => lastRunId.get() ?? 0,
    remove: (channelId: number) => void remove.run(channelId),
    /** When the next one is due; null if there is none. */
    nextAt: (): Date | null => {
      const at = nextAt.get() ?? null
      return at === null ? null : new Date(at)
    },
  }
}
