// The figures by which whoever runs the server sees that it is well.

import type { Context } from '../context.ts'
import { countOf } from './counters.ts'
import { never, readFigures } from './figures.ts'
import { proveWritable, requireRoom } from './readiness.ts'

async function proveRoom(context: Context): Promise<void> {
  requireRoom(context)
  await proveWritable(context.database.writer)
}

/** @throws what the database throws when it cannot be read */
export async function readHealth(context: Context) {
  const { database, counters } = context
  const known = database.writer.read(({ health, tokens }) => ({
    quarantine: health.quarantine(),
    migrations: health.migrations(),
    requireToken: tokens.requiresToken(),
  }))
  const { databaseSize, walSize, lastCopyAt, waitingWrites, notifications } = await readFigures(context)
  return {
    quarantine: known.quarantine,
    access: {
      requireToken: known.requireToken,
      requestsWithoutToken: await countOf(counters.requestsWithoutToken),
    },
    storage: {
      size: databaseSize,
      walSize,
      lastCopyAt: lastCopyAt === never ? null : lastCopyAt,
      writable: await proveRoom(context).then(
        () => true,
        () => false,
      ),
    },
    migrations: known.migrations,
    queue: {
      uploads: { receiving: counters.uploads.running, waiting: counters.uploads.waiting },
      writes: waitingWrites,
      notifications: { pending: notifications.pending + notifications.sending, dead: notifications.dead },
    },
  }
}
