// Fills a database with the invented history, on the path that a real report takes.

import { readReport } from '../duplicati/readReport.ts'
import type { Context } from '../services/context.ts'
import { updateBackupJob } from '../services/jobs/updateBackupJob.ts'
import { recordReport } from '../services/reports/recordReport.ts'
import { findServer } from '../services/servers/findServer.ts'
import { updateServer } from '../services/servers/updateServer.ts'
import { demoHistory, type SentReport } from './history/demoHistory.ts'

export interface Filling {
  /** Chooses the history; the same seed and moment give the same one. */
  seed: number
  /** The present of the history. */
  now: Date
  onProgress?: (done: number, total: number) => void
  /** Ends the filling early. */
  signal?: AbortSignal
}

/** How many reports are written in one transaction. */
const batchSize = 250
/** How long ago somebody named a server. */
const namedMs = 100 * 24 * 60 * 60 * 1000

/** Afterwards the empty database holds the history, every report received at its own time. */
export async function fillDemo(context: Context, { seed, now, onProgress, signal }: Filling): Promise<void> {
  const history = demoHistory(seed, now)
  const [first] = history
  // All of it is told as it happens, so that what was missed is known from the beginning.
  await context.database.writer.write(({ settings }) => settings.setMissedSince(first?.receivedAt ?? now))
  let done = 0
  let isScheduled = false
  for (const batch of batches(history)) {
    await Promise.all(batch.map((sent) => receive(context, sent)))
    if (!isScheduled) isScheduled = await scheduleLaptop({ ...context, clock: () => batch.at(-1)?.receivedAt ?? now })
    done += batch.length
    onProgress?.(done, history.size)
    if (signal?.aborted) return
  }
  const then = { ...context, clock: () => new Date(now.getTime() - namedMs) }
  await updateServer(then, await findServer(then, 'nas'), {
    alias: 'Basement NAS',
    notes: 'Behind the boiler. The key to the rack hangs beside the door.',
    url: 'http://nas.example:8200',
    tags: ['home'],
  })
  await updateServer(then, await findServer(then, 'laptop-anna'), { tags: ['home'] })
  for (const name of ['OFFICE-PC', 'filesrv-old', 'web-01']) {
    await updateServer(then, await findServer(then, name), { tags: ['office'] })
  }
}

/** Somebody expects the laptop every day, though it sleeps on some: what Duplicati announces tells of one due time alone. */
async function scheduleLaptop(context: Context): Promise<boolean> {
  const job = await context.database.reader.backupJob.findFirst({
    where: { name: 'Home', server: { name: 'laptop-anna' } },
    select: { id: true },
  })
  if (!job) return false
  const schedule = { interval: '1D', timeOfDay: '12:30', timeZone: 'Europe/Berlin' }
  await updateBackupJob(context, job.id, { schedule })
  return true
}

function* batches(history: Iterable<SentReport>): Generator<SentReport[]> {
  let batch: SentReport[] = []
  for (const sent of history) {
    if (batch.push(sent) < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function receive(context: Context, { receivedAt, machine, report }: SentReport) {
  const { maxLogLines } = context.config
  const read = readReport(report, { machine, maxLogLines, text: () => JSON.stringify(report) })
  if ('report' in read) await recordReport({ ...context, clock: () => receivedAt }, read.report)
}
