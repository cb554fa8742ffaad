// GET /api/health: whether the server answers, its database can be read, and nothing waits to be looked at.

import { grants } from '../../domain/access.ts'
import { retryAfterSeconds } from '../../domain/errors.ts'
import type { Context } from '../../services/context.ts'
import { readHealth } from '../../services/upkeep/health.ts'
import { requireReadable } from '../../services/upkeep/readiness.ts'
import { json } from '../respond.ts'

/** Always answers: 503 if the database cannot be read. The figures are for those who may read. */
export async function getHealth(_: Request, context: Context): Promise<Response> {
  const { clock, caller, log } = context
  try {
    requireReadable(context)
    const status = { status: 'healthy', database: 'connected', timestamp: clock() }
    return json(grants(caller.scope, 'READ') ? { ...status, ...(await readHealth(context)) } : status)
  } catch (error) {
    log.error({ err: error }, 'The database cannot be read')
    const status = { status: 'unhealthy', database: 'disconnected', timestamp: clock() }
    return json(status, 503, { 'retry-after': String(retryAfterSeconds) })
  }
}
