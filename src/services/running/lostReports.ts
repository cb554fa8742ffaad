// A run that ended and whose report did not come: it is looked for in the log of its Duplicati.

import type { Collector } from '../asking/collector.ts'
import type { Context } from '../context.ts'

export interface LostReports {
  /** Gives up what nothing more is heard of, and begins to ask the Duplicatis of the runs whose reports did not come. */
  begin(): Promise<void>
  /** The same, and waits until they were asked. */
  settle(): Promise<void>
}

export function createLostReports(
  { database, running, log }: Pick<Context, 'database' | 'running' | 'log'>,
  collector: Collector,
): LostReports {
  async function ask(serverId: number) {
    try {
      await collector.collect(serverId)
    } catch (err) {
      log.error({ err, server: `Server:${serverId}` }, 'A Duplicati could not be asked for a report that did not come')
    }
  }

  /** Servers without a connection are left alone. */
  function askAll(): Promise<void>[] {
    const silent = running.giveUp()
    const asked = silent.filter((id) => database.writer.read(({ connections }) => connections.find(id)))
    return asked.map(ask)
  }

  return {
    begin: async () => void askAll(),
    settle: async () => void (await Promise.all(askAll())),
  }
}
