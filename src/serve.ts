// Serves the app at its address, and stops it in order.

import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { refusalAtStart } from './database/file/storageFaults.ts'
import { howToMake } from './domain/access.ts'
import { uploadOption } from './domain/publicAddress.ts'
import { createClientErrorListener } from './http/door/clientError.ts'

/** Longer than common proxies keep a connection (nginx 60 s, AWS 60 s): one that is closed as they use it is an error of theirs. */
const keepAliveTimeout = 80_000
/** How often requests that take too long to come are looked for. */
const checkMs = 5000
/** How long a stop waits for clients who do not finish their requests, or do not take their answers. */
const patienceMs = 5000

/** How long what is no subscription may take to be answered before streams of events are cut off: a query can come as one, too. */
const answeringMs = 500

export interface Running {
  /** Like `http://localhost:9666`. */
  address: string
  /** Accepts nothing more, finishes what was accepted, and closes the database; `reason` is for the log. */
  stop(reason: string): Promise<void>
}

/**
 * Starts the app and listens.
 *
 * @throws Refusal if the database cannot be used; Error that says what to do if the address cannot be had
 */
export async function serve(config: Config, log: Logger): Promise<Running> {
  const app = await createApp(config, log)
  const { headersMs: headersTimeout, requestMs: requestTimeout, connections } = config.clientLimits
  const server = createServer(
    {
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(headersTimeout, checkMs),
    },
    app.listener,
  )
  server.on('clientError', createClientErrorListener(log))
  const streams = eventStreams(server)
  // What comes beyond is closed at once.
  server.maxConnections = connections
  try {
    const address = await listen(server, config)
    const token = await app.firstToken()
    if (token !== null) showToken(token, config.publicUrl)
    app.watchTheClock()
    log.info(`Listening on ${address}; GraphiQL is at ${config.publicUrl ?? ''}/graphql`)
    return { address, stop }
  } catch (error) {
    server.close()
    server.closeAllConnections()
    await app.close()
    throw refusalAtStart(config.databaseFile, error)
  }

  async function stop(reason: string) {
    log.info(`Stopping on ${reason}`)
    // Nothing more is accepted; requests in progress are finished, and connections that wait for a next request are ended.
    const closed = once(server, 'close')
    server.close()
    // A subscription that is ended in order is over for its client; one that is cut off is taken up again after a restart.
    const cutting = setTimeout(() => {
      for (const stream of streams) stream.destroy()
      app.endSubscriptions()
    }, answeringMs)
    // The connection of an answer that ends now is idle only then.
    const sweeping = setInterval(() => server.closeIdleConnections(), 50)
    const patience = setTimeout(() => server.closeAllConnections(), patienceMs)
    await closed
    clearInterval(sweeping)
    clearTimeout(patience)
    clearTimeout(cutting)
    await app.close()
    log.info('Stopped')
  }
}

/** The answers that are streams of events, while they last. */
function eventStreams(server: Server): Set<ServerResponse> {
  const streams = new Set<ServerResponse>()
  server.on('request', ({ headers }, response) => {
    if (!headers.accept?.includes('text/event-stream')) return
    streams.add(response)
    response.once('close', () => streams.delete(response))
  })
  return streams
}

/** Not into the log, which is kept. */
function showToken(token: string, publicUrl: string | null) {
  process.stdout.write(`
This server can be reached by others, so that it demands tokens. This one may do everything:

  ${token}

It is shown this once. Send it as \`Authorization: Bearer …\`; in GraphiQL, under Headers: { "authorization": "Bearer …" }.
If it is lost: ${howToMake('ADMIN')}

Each Duplicati needs another one, which may only post reports: ${howToMake('REPORT')}
Put it into the default options of Duplicati: ${uploadOption(publicUrl, 'TOKEN')}

`)
}

/**
 * Resolves with the first SIGTERM or SIGINT from now on. Later ones do nothing: npm passes a Ctrl-C on that the
 * terminal has sent already, and the second one must not cut the first one short.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })
}

/** @throws Error that says what to do if the address cannot be had */
export async function listen(server: Server, { host, port }: Config): Promise<string> {
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
