// The REST side of servers: /api/servers and /api/servers/:id.

import type { Server } from '../../generated/prisma/client.ts'
import type { Context } from '../../services/context.ts'
import { findServer } from '../../services/servers/findServer.ts'
import { updateServer } from '../../services/servers/updateServer.ts'
import type { Allowance } from '../door/bodyMemory.ts'
import { readJson } from '../door/text.ts'
import { json } from '../respond.ts'

export async function listServers(_: Request, { database }: Context): Promise<Response> {
  const servers = await database.reader.server.findMany({ orderBy: { id: 'asc' } })
  return json({ status: 'success', data: servers.map(serverBody) })
}

export async function getServer(_: Request, context: Context, id: string): Promise<Response> {
  return json({ status: 'success', data: serverBody(await readServer(context, await findServer(context, id))) })
}

/** PUT and PATCH alike: a field that is left out stays as it is, null clears it. */
export async function changeServer(
  request: Request,
  context: Context,
  id: string,
  allowance: Allowance,
): Promise<Response> {
  const serverId = await findServer(context, id)
  await updateServer(context, serverId, await readJson(request, allowance))
  return json({ status: 'success', data: serverBody(await readServer(context, serverId)) })
}

function readServer({ database }: Context, id: number): Promise<Server> {
  return database.reader.server.findUniqueOrThrow({ where: { id } })
}

function serverBody(server: Server) {
  return {
    id: server.id,
    name: server.name,
    alias: server.alias,
    notes: server.notes,
    url: server.url,
    last_seen: server.lastSeen,
    created_at: server.createdAt,
    updated_at: server.updatedAt,
  }
}
