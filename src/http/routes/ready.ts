// GET /api/ready: whether requests may be sent here now.

import type { Context } from '../../services/context.ts'
import { requireReady } from '../../services/upkeep/readiness.ts'
import { json } from '../respond.ts'

/** @throws DomainError UNAVAILABLE with the reason */
export async function getReady(_: Request, context: Context): Promise<Response> {
  await requireReady(context)
  return json({ status: 'ready', timestamp: context.clock() })
}
