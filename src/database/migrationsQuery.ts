// Which migrations the file has. The start applies those that are missing before anything is served.

import type { PrismaClient } from '../generated/prisma/client.ts'

export interface Migrations {
  applied: number
  last: string | null
}

export async function readMigrations(reader: PrismaClient): Promise<Migrations> {
  const names = await reader.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`
  return { applied: names.length, last: names.at(-1)?.name ?? null }
}
