// GET /api/health: whether the server answers and its database can be read.

import type { Context } from '../services/context.ts'
import { json } from './respond.ts'

/** @throws what the database throws */
export async function getHealth(_: Request, { database, clock }: Context): Promise<Response> {
  await database.reader.$queryRaw`SELECT 1`
  return json({ status: 'healthy', database: 'connected', timestamp: clock() })
}
