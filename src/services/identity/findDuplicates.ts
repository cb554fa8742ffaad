// Finds what may be one thing under two numbers: servers and jobs of one name that do not report side by side. A person decides.

import type { Namesake } from '../../database/queries/duplicatesQuery.ts'
import type { Context } from '../context.ts'

export interface Duplicates {
  /** Of jobs, the server that they are of. */
  serverId: number
  name: string
  ids: number[]
}

/** Servers that share a name, and of which one may have become the other: they never reported in turns. By name. */
export function findDuplicateServers({ database }: Context): Duplicates[] {
  return groups(database.duplicates.servers(), ({ name }) => name).flatMap(successorsIn)
}

/** Jobs of one server that share a name, and of which one may have become the other. By server and name. */
export function findDuplicateJobs({ database }: Context): Duplicates[] {
  return groups(database.duplicates.jobs(), ({ serverId, name }) => `${serverId} ${name}`).flatMap(successorsIn)
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

function groups(namesakes: Namesake[], keyOf: (one: Namesake) => string): Namesake[][] {
  const found = new Map<string, Namesake[]>()
  for (const one of namesakes) {
    const group = found.get(keyOf(one))
    if (group) group.push(one)
    else found.set(keyOf(one), [one])
  }
  return [...found.values()]
}

/** Those of which one can have gone on as another one of them: it began when the other had ended. None, or one group. */
function successorsIn(namesakes: Namesake[]): Duplicates[] {
  const [first] = namesakes
  if (!first) return []
  // Without a run, it may have been before or after any other.
  const beginOf = ({ from }: Namesake) => from ?? Number.POSITIVE_INFINITY
  const endOf = ({ until }: Namesake) => until ?? Number.NEGATIVE_INFINITY
  // The first and the second in each order: whoever is the one is compared with the other.
  const [earliest, nextEarliest] = namesakes.toSorted((a, b) => endOf(a) - endOf(b) || 0)
  const [latest, nextLatest] = namesakes.toSorted((a, b) => beginOf(b) - beginOf(a) || 0)
  const ids = namesakes
    .filter((one) => {
      const before = one === earliest ? nextEarliest : earliest
      const after = one === latest ? nextLatest : latest
      return (before && endOf(before) <= beginOf(one)) || (after && endOf(one) <= beginOf(after))
    })
    .map(({ id }) => id)
  return ids.length > 1 ? [{ serverId: first.serverId, name: first.name, ids }] : []
}
