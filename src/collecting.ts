// Collects runs for the command line.

import type { Logger } from 'pino'
import { openCommandContext } from './commandContext.ts'
import type { Config } from './config.ts'
import { DomainError } from './domain/errors.ts'
import { collect } from './services/asking/collect.ts'

export interface CollectedOfServer {
  server: string
  name: string
  collected: number
  known: number
  busy: string[]
  problem: string | null
}

/**
 * Asks the Duplicati of one server, or of all that are connected.
 *
 * @param which the number of a server, its id, or its name or alias; null: all
 * @param dryRun counts, and records nothing
 * @param progress is told of each job that was read
 * @throws DomainError NOT_FOUND for a server that is not there, CONFLICT for a name that several have
 */
export async function collectRuns(
  config: Config,
  log: Logger,
  changes: Logger,
  which: string | null,
  dryRun: boolean,
  progress: (text: string) => void,
): Promise<CollectedOfServer[]> {
  const context = await openCommandContext(config, log, changes)
  const { reader } = context.database
  try {
    const servers = await reader.server.findMany({
      select: { id: true, name: true, alias: true },
      where: which === null ? { connection: { isNot: null } } : whereOf(which),
      orderBy: { id: 'asc' },
    })
    if (which !== null && servers.length === 0) throw new DomainError('NOT_FOUND', `There is no server ${which}.`)
    if (which !== null && servers.length > 1) {
      const ids = servers.map(({ id }) => `Server:${id}`).join(', ')
      throw new DomainError('CONFLICT', `Several servers are called ${which}: ${ids}. Give the number of one.`)
    }
    const all: CollectedOfServer[] = []
    for (const { id, name, alias } of servers) {
      const shown = alias ?? name
      const options = { dryRun, progress: (job: string) => progress(`${shown}: ${job} was read`) }
      const { asked: _, ...collected } = await collect(context, id, options)
      all.push({ server: `Server:${id}`, name: shown, ...collected })
    }
    return all
  } finally {
    await context.database.close()
  }
}

function whereOf(which: string) {
  const number = /^(?:Server:)?(\d{1,9})$/.exec(which)?.[1]
  return number ? { id: Number(number) } : { OR: [{ name: which }, { alias: which }] }
}
