// Finds the server that somebody means by its number, one of its machine-ids, or its name.

import { DomainError } from '../../domain/errors.ts'
import type { Context } from '../context.ts'

/**
 * The number of the server of this exact name, or null.
 *
 * @throws DomainError CONFLICT if several servers share the name; it names them
 */
export async function findServerByName({ database }: Context, name: string): Promise<number | null> {
  const found = await database.reader.server.findMany({ where: { name }, select: { id: true }, orderBy: { id: 'asc' } })
  if (found.length > 1) {
    const list = found.map(({ id }) => `Server:${id}`).join(', ')
    throw new DomainError(
      'CONFLICT',
      `${found.length} servers are named "${name}": ${list}. Use the id of one of them.`,
    )
  }
  return found[0]?.id ?? null
}

/**
 * The number of the server that Duplicati reports under this machine-id, or null.
 *
 * @throws DomainError CONFLICT if several machines share the id; it names their servers
 */
export async function findServerByMachineId({ database }: Context, machineId: string): Promise<number | null> {
  const found = await database.reader.machineId.findMany({
    where: { id: machineId },
    select: { serverId: true },
    orderBy: { serverId: 'asc' },
  })
  const servers = [...new Set(found.map(({ serverId }) => serverId))]
  if (servers.length > 1) {
    const list = servers.map((id) => `Server:${id}`).join(', ')
    throw new DomainError(
      'CONFLICT',
      `Several machines report under "${machineId}": ${list}. Use the id of one of them.`,
    )
  }
  return servers[0] ?? null
}

/**
 * The number of the server meant by a part of an address: tried as number, then as machine-id, then as name.
 *
 * @throws DomainError NOT_FOUND, or CONFLICT for a name that several servers share
 */
export async function findServer(context: Context, id: string): Promise<number> {
  const found =
    (await findServerByNumber(context, id)) ??
    (await findServerByMachineId(context, id)) ??
    (await findServerByName(context, id))
  if (found === null) throw new DomainError('NOT_FOUND', `There is no server "${id}".`)
  return found
}

async function findServerByNumber({ database }: Context, id: string): Promise<number | null> {
  if (!/^[1-9]\d{0,14}$/.test(id)) return null
  const found = await database.reader.server.findUnique({ where: { id: Number(id) }, select: { id: true } })
  return found?.id ?? null
}
