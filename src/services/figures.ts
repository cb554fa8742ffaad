// What is told of the server itself: how large its database is, and what waits.

import { readFileSizes } from '../database/fileSizes.ts'
import { readJobFigures } from '../database/jobFiguresQuery.ts'
import type { Context } from './context.ts'
import { lastCopy } from './copies.ts'

export interface Figures {
  /** In bytes. */
  databaseSize: number
  walSize: number
  /** When the database was last copied on schedule; null if it was not. */
  lastCopyAt: Date | null
  /** Writes that wait for the next transaction. */
  waitingWrites: number
  /** Messages by their status; SENT ones are left out, because nobody waits for them, and they are many. */
  notifications: { pending: number; sending: number; dead: number }
}

export async function readFigures(context: Context): Promise<Figures> {
  const { config, database } = context
  const sizes = await readFileSizes(config.databaseFile)
  return {
    databaseSize: sizes.file,
    walSize: sizes.log,
    lastCopyAt: lastCopy(context)?.madeAt ?? null,
    waitingWrites: database.writer.waiting(),
    notifications: database.writer.read(({ health }) => health.notifications()),
  }
}

export type JobFigures = Awaited<ReturnType<typeof readJobFigures>>[number]

/** What is known of every job, in one statement. */
export function figuresOfJobs({ database }: Context): Promise<JobFigures[]> {
  return readJobFigures(database.reader)
}
