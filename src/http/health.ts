// GET /api/health: whether the server answers, its database can be read, and nothing waits to be looked at.

import type { Context } from '../services/context.ts'
import { json } from './respond.ts'

/** @throws what the database throws */
export async function getHealth(_: Request, { database, clock }: Context): Promise<Response> {
  const groups = await database.reader.quarantine.groupBy({ by: ['repaired'], _count: true })
  const rows = (repaired: boolean) => groups.find((group) => group.repaired === repaired)?._count ?? 0
  return json({
    status: 'healthy',
    database: 'connected',
    timestamp: clock(),
    quarantine: { repaired: rows(true), setAside: rows(false) },
  })
}
