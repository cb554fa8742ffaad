// Starts the server, and stops it when it is told to.

import { readConfig } from './config.ts'
import { createLogger, standardOutput } from './logger.ts'
import { serve, stopSignal } from './serve.ts'

async function main() {
  const config = readConfig(process.env)
  const server = await serve(config, createLogger(config.logLevel, await standardOutput()))
  await server.stop(await stopSignal())
  process.exit(0)
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
