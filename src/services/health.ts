// The figures by which whoever runs the server sees that it is well.

import { readMigrations } from '../database/migrationsQuery.ts'
import type { Context } from './context.ts'
import { readFigures } from './figures.ts'
import { proveWritable } from './readiness.ts'

/** @throws what the database throws when it cannot be read */
export async function readHealth(context: Context) {
  const { database, counters } = context
  const groups = await database.reader.quarantine.groupBy({ by: ['repaired'], _count: true })
  const rows = (repaired: boolean) => groups.find((group) => group.repaired === repaired)?._count ?? 0
  const access = await database.reader.access.findFirst()
  const { databaseSize, walSize, lastCopyAt, waitingWrites, notifications } = await readFigures(context)
  return {
    quarantine: { repaired: rows(true), setAside: rows(false) },
    access: {
      requireToken: access?.requireToken ?? true,
      requestsWithoutToken: counters.requestsWithoutToken,
    },
    storage: {
      size: databaseSize,
      walSize,
      lastCopyAt,
      writable: await proveWritable(database.writer).then(
        () => true,
        () => false,
      ),
    },
    migrations: await readMigrations(database.reader),
    queue: {
      uploads: { receiving: counters.uploads.running, waiting: counters.uploads.waiting },
      writes: waitingWrites,
      notifications: { pending: notifications.pending + notifications.sending, dead: notifications.dead },
    },
  }
}
