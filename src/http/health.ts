// GET /api/health: whether the server answers, its database can be read, and nothing waits to be looked at.

import { grants } from '../domain/access.ts'
import type { Context } from '../services/context.ts'
import { json } from './respond.ts'

/**
 * The figures are for those who may read.
 *
 * @throws what the database throws
 */
export async function getHealth(_: Request, { database, clock, caller, counters }: Context): Promise<Response> {
  const groups = await database.reader.quarantine.groupBy({ by: ['repaired'], _count: true })
  const rows = (repaired: boolean) => groups.find((group) => group.repaired === repaired)?._count ?? 0
  const status = { status: 'healthy', database: 'connected', timestamp: clock() }
  if (!grants(caller.scope, 'READ')) return json(status)
  const access = await database.reader.access.findFirst()
  return json({
    ...status,
    quarantine: { repaired: rows(true), setAside: rows(false) },
    access: {
      requireToken: access?.requireToken ?? true,
      requestsWithoutToken: counters.requestsWithoutToken,
    },
  })
}
