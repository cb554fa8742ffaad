// Starts the server, and stops it when it is told to.

import { createServer } from 'node:http'
import { createServerAdapter } from '@whatwg-node/server'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { createLogger } from './logger.ts'

async function main() {
  const config = readConfig(process.env)
  const log = createLogger(config.logLevel)
  const app = await createApp(config, log)
  const server = createServer(createServerAdapter(app.fetch))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, resolve)
  })
  log.info(`Listening on ${address(config, server.address())}; GraphiQL is at /graphql`)

  async function stop(signal: string) {
    log.info(`Stopping on ${signal}`)
    // Stops accepting, lets requests in progress finish, and ends connections that wait for a next request.
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    await closed
    await app.close()
    log.info('Stopped')
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(signal).then(() => process.exit(0)))
}

function address({ host }: Config, listening: ReturnType<ReturnType<typeof createServer>['address']>): string {
  const port = typeof listening === 'object' ? listening?.port : listening
  return `http://${host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
