// What is told of the server itself: how large its database is, and what waits.

import { setImmediate as othersTurn } from 'node:timers/promises'
import { readFileSizes } from '../../database/file/fileSizes.ts'
import type { Context } from '../context.ts'
import { lastCopy } from './copies.ts'

export interface Figures {
  /** In bytes. */
  databaseSize: number
  walSize: number
  /** When the database was last copied on schedule: `never` if it was not, and null where no copies are to be made. */
  lastCopyAt: Date | null
  /** Writes that wait for the next transaction. */
  waitingWrites: number
  /** Messages by their status; SENT ones are left out, because nobody waits for them, and they are many. */
  notifications: { pending: number; sending: number; dead: number }
}

/** So long ago that every alert about old copies fires. */
export const never = new Date(0)

export async function readFigures(context: Context): Promise<Figures> {
  const { config, database } = context
  const sizes = await readFileSizes(config.databaseFile)
  return {
    databaseSize: sizes.file,
    walSize: sizes.log,
    lastCopyAt: config.copies && (lastCopy(context)?.madeAt ?? never),
    waitingWrites: database.writer.waiting(),
    notifications: database.writer.read(({ health }) => health.notifications()),
  }
}

export type JobFigures = ReturnType<Context['database']['jobFigures']['page']>[number]

/** How many jobs are read at once, in one or two milliseconds. */
const jobsAtOnce = 250

/** Reads what is known of every job, some at a time: between them others are answered. */
export async function* figuresOfJobs({ database }: Context): AsyncGenerator<JobFigures> {
  for (let after = 0; ; ) {
    const page = database.jobFigures.page(after, jobsAtOnce)
    yield* page
    if (page.length < jobsAtOnce) return
    after = page.at(-1)?.id ?? after
    await othersTurn()
  }
}
