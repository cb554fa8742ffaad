// Serves an invented history from a folder that is gone afterwards.

import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { startProgress } from '../database/takeOver/progress.ts'
import { listen, serve, stopSignal } from '../serve.ts'
import { makeDemoDatabase } from './makeDemoDatabase.ts'
import { tour } from './tour.ts'

/**
 * Runs until SIGTERM or SIGINT. The database of `config` is left alone.
 *
 * @throws Error that says what to do if the address cannot be had
 */
export async function runDemo(config: Config, seed: number, log: Logger): Promise<void> {
  await tryAddress(config)
  const told = stopSignal()
  const stopping = new AbortController()
  told.then(() => stopping.abort())
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-demo-'))
  try {
    const demo = { ...config, databaseFile: join(folder, 'demo.db'), copies: null }
    console.log(`Writing a year of invented history to ${folder}`)
    const onProgress = startProgress('Writing', 'runs', log)
    const summary = await makeDemoDatabase(demo, { seed, now: new Date(), onProgress, signal: stopping.signal }, log)
    if (stopping.signal.aborted) return
    const server = await serve(demo, log)
    console.log(tour(server.address, summary))
    await server.stop(await told)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Before a year is written: nobody waits for that to hear then that the port is taken. */
async function tryAddress(config: Config) {
  const server = createServer()
  await listen(server, config)
  server.close()
  await once(server, 'close')
}
