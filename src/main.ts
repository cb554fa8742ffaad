// Starts the server, and stops it when it is told to.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServerAdapter } from '@whatwg-node/server'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { createLogger } from './logger.ts'

async function main() {
  const config = readConfig(process.env)
  const log = createLogger(config.logLevel)
  const app = await createApp(config, log)
  const server = createServer(createServerAdapter(app.fetch))
  try {
    log.info(`Listening on ${await listen(server, config)}; GraphiQL is at /graphql`)
  } catch (error) {
    await app.close()
    throw error
  }

  let stopping = false
  async function stop(signal: string) {
    // npm passes a Ctrl-C on that the terminal has sent already: the second one must not cut the first one short.
    if (stopping) return
    stopping = true
    log.info(`Stopping on ${signal}`)
    // Nothing more is accepted; requests in progress are finished, connections that wait for a next one are ended.
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    await closed
    await app.close()
    log.info('Stopped')
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** @throws Error that says what to do if the address cannot be had */
async function listen(server: Server, { host, port }: Config): Promise<string> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const problems: Record<string, string> = {
      EADDRINUSE: `Port ${port} of ${host} is taken; stop what listens there, or set PORT.`,
      EACCES: `Port ${port} of ${host} may not be used; set PORT to one above 1023.`,
      EADDRNOTAVAIL: `This machine has no address ${host}; set HOST.`,
      ENOTFOUND: `There is no host ${host}; set HOST.`,
    }
    throw new Error(problems[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message, { cause: error })
  }
  const address = server.address()
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${typeof address === 'object' ? address?.port : port}`
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
