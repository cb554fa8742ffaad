// Finds the server that somebody means by its number, one of its machine-ids, or its name.

import { DomainError } from '../domain/errors.ts'
import type { Context } from './context.ts'

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

/** The names that several servers share, with the numbers of those servers. */
export async function findNamesakes({ database }: Context): Promise<{ name: string; ids: number[] }[]> {
  const shared = await database.reader.server.groupBy({
    by: 'name',
    having: { id: { _count: { gt: 1 } } },
    orderBy: { name: 'asc' },
  })
  const servers = await database.reader.server.findMany({
    where: { name: { in: shared.map(({ name }) => name) } },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  })
  return shared.map(({ name }) => ({ name, ids: servers.filter((one) => one.name === name).map(({ id }) => id) }))
}

/** The number of the server that Duplicati reports under this machine-id, or null. */
export async function findServerByMachineId({ database }: Context, machineId: string): Promise<number | null> {
  const found = await database.reader.machineId.findUnique({ where: { id: machineId }, select: { serverId: true } })
  return found?.serverId ?? null
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
