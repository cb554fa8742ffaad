// Finds what may be one thing under two numbers: servers and jobs of one name that do not report side by side. A person decides.

import type { Context } from './context.ts'

export interface Duplicates {
  name: string
  ids: number[]
}

/** A server or a job, and when its first and its last run took place; null if none did. */
interface Reporter {
  id: number
  from: Date | null
  until: Date | null
}

/** The place in time of the first run. The index has it at its beginning. */
async function firstRun(context: Context, where: { serverId: number } | { jobId: number }): Promise<Date | null> {
  const orderBy = [{ orderedAt: 'asc' }, { id: 'asc' }] as const
  const run = await context.database.reader.backup.findFirst({
    where,
    select: { orderedAt: true },
    orderBy: [...orderBy],
  })
  return run?.orderedAt ?? null
}

/** Servers that share a name, and of which one may have become the other: they never reported in turns. By name. */
export async function findDuplicateServers(context: Context): Promise<Duplicates[]> {
  const { database } = context
  const shared = await database.reader.server.groupBy({
    by: 'name',
    having: { id: { _count: { gt: 1 } } },
    orderBy: { name: 'asc' },
  })
  const servers = await database.reader.server.findMany({
    where: { name: { in: shared.map(({ name }) => name) } },
    select: { id: true, name: true, latestBackup: { select: { orderedAt: true } } },
    orderBy: { id: 'asc' },
  })
  const reporters = await Promise.all(
    servers.map(async ({ id, name, latestBackup }) => ({
      ...{ id, name, until: latestBackup?.orderedAt ?? null },
      from: await firstRun(context, { serverId: id }),
    })),
  )
  return shared.flatMap(({ name }) =>
    successorsIn(
      name,
      reporters.filter((one) => one.name === name),
    ),
  )
}

/** Jobs of one server that share a name, and of which one may have become the other. By server and name. */
export async function findDuplicateJobs(context: Context): Promise<(Duplicates & { serverId: number })[]> {
  const { database } = context
  const shared = await database.reader.backupJob.groupBy({
    by: ['serverId', 'name'],
    having: { id: { _count: { gt: 1 } } },
    orderBy: [{ serverId: 'asc' }, { name: 'asc' }],
  })
  const jobs = await database.reader.backupJob.findMany({
    where: { name: { in: shared.map(({ name }) => name) }, serverId: { in: shared.map(({ serverId }) => serverId) } },
    select: { id: true, serverId: true, name: true, latestAt: true },
    orderBy: { id: 'asc' },
  })
  const reporters = await Promise.all(
    jobs.map(async ({ latestAt, ...job }) => ({
      ...job,
      until: latestAt,
      from: await firstRun(context, { jobId: job.id }),
    })),
  )
  return shared.flatMap(({ serverId, name }) =>
    successorsIn(
      name,
      reporters.filter((one) => one.serverId === serverId && one.name === name),
    ).map((duplicates) => ({ ...duplicates, serverId })),
  )
}

/** Machine-ids that several machines share: each counts together with the machine's name. */
export async function findClonedMachineIds({ database }: Context): Promise<{ machineId: string; ids: number[] }[]> {
  const found = await database.reader.machineId.findMany({
    where: { name: { not: '' } },
    select: { id: true, serverId: true },
    orderBy: [{ id: 'asc' }, { serverId: 'asc' }],
  })
  const servers = new Map<string, Set<number>>()
  for (const { id, serverId } of found) servers.set(id, (servers.get(id) ?? new Set()).add(serverId))
  return [...servers].map(([machineId, ids]) => ({ machineId, ids: [...ids] })).filter(({ ids }) => ids.length > 1)
}

/** Those of which one can have gone on as another one of them: it began when the other had ended. None, or one group. */
function successorsIn(name: string, reporters: Reporter[]): Duplicates[] {
  const follows = (one: Reporter, other: Reporter) => !other.until || !one.from || other.until <= one.from
  const ids = reporters
    .filter((one) => reporters.some((other) => other !== one && (follows(one, other) || follows(other, one))))
    .map(({ id }) => id)
  return ids.length > 1 ? [{ name, ids }] : []
}
