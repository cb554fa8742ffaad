// The statements by which whoever runs the server sees that it is well. They are prepared: a start is asked for its health
// first, and Prisma takes as long until its first answer as everything before.

import type { Database } from 'better-sqlite3'

export function healthQuery(database: Database) {
  // SENT ones are left out, because nobody waits for them, and they are many.
  const notifications = database.prepare<[], { pending: number; sending: number; dead: number }>(`
    SELECT count(*) FILTER (WHERE status = 'PENDING') AS pending, count(*) FILTER (WHERE status = 'SENDING') AS sending,
      count(*) FILTER (WHERE status = 'DEAD') AS dead
    FROM notifications WHERE status IN ('PENDING', 'SENDING', 'DEAD')`)
  const quarantine = database.prepare<[], { repaired: number; setAside: number }>(`
    SELECT count(*) FILTER (WHERE repaired) AS repaired, count(*) FILTER (WHERE NOT repaired) AS setAside FROM quarantine`)
  const migrations = database.prepare<[], { applied: number; last: string | null }>(`
    SELECT count(*) AS applied, max(migration_name) AS last FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`)

  return {
    /** Messages that wait, by their status. */
    notifications: () => notifications.get() as { pending: number; sending: number; dead: number },
    /** What a take-over of an old file could not carry on as it was. */
    quarantine: () => quarantine.get() as { repaired: number; setAside: number },
    /** Which migrations the file has. The start applies those that are missing before anything is served. */
    migrations: () => migrations.get() as { applied: number; last: string | null },
  }
}
