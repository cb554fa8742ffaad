// Starts the server, and stops it when it is told to.

import { readConfig, readEnvironment } from './config.ts'
import { createLogger, serverOutput } from './logger.ts'
import { serve, stopSignal } from './serve.ts'

async function main() {
  const config = readConfig(readEnvironment())
  const output = await serverOutput()
  const log = createLogger(config.logLevel, output)
  // Heard from the beginning: as process 1 of a container nothing is ended by a signal that it does not hear.
  const signal = stopSignal()
  const server = await Promise.race([serve(config, log), signal])
  if (typeof server === 'string') {
    // A start may be cut off anywhere: the database is whole, and the next start goes on.
    log.info(`Stopped on ${server} before the start was complete`)
  } else await server.stop(await signal)
  await output.flush()
  process.exit(0)
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
