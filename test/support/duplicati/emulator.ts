// A Duplicati server on loopback, as far as its API is used: what it answers was recorded from genuine ones of three
// generations, and its state is what a test makes of it.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { EmulatedJob } from './jobs.ts'
import { type Generation, recorded } from './recorded.ts'

export const password = 'Correct-Horse-9'
export const foreverToken = 'eyJ.forever.token'
export const preAuthToken = 'pre-auth_token-1'

const tlsFile = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** An answer in place of the right one, or none: `STALL` never answers, `DRIP` never ends, `FLOOD` sends 200 MB. */
export type Lie = Answer | 'STALL' | 'DRIP' | 'FLOOD'

interface EmulatorRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Emulator {
  /** By its IP. */
  url: string
  requests: EmulatorRequest[]
  /** Connections that were made, with or without a request. */
  connections: () => number
  jobs: EmulatedJob[]
  settings: Record<string, unknown>
  notifications: object[]
  /** Task 3 runs, of this job; null: none. */
  runningJobId: string | null
  paused: boolean
  /** What `next` says of a job's log while it runs. */
  databaseLocked: boolean
  /** Logins that were not given back. */
  families: () => number
  /** Makes all access tokens that were given for passwords worthless. */
  expireLogins(): void
  /** Answers the next requests of a path, or the path and all below it, in this way from now on. */
  lie(path: string, lie: Lie): void
}

export interface EmulatorOptions {
  secure?: boolean
  /** The path below which a proxy serves it, such as `/duplicati`. */
  base?: string
  allowedHostnames?: string[]
}

/** Listens until the test ends. */
export async function startDuplicati(generation: Generation, options: EmulatorOptions = {}): Promise<Emulator> {
  const { secure = false, base = '', allowedHostnames = [] } = options
  const tokens = new Set<string>()
  const families = new Map<string, string>()
  const lies = new Map<string, Lie>()
  let connections = 0

  const emulator: Emulator = {
    url: '',
    requests: [],
    connections: () => connections,
    jobs: [],
    settings: { ...recorded<Record<string, unknown>>('2.3.0.4', 'serversettings').body },
    notifications: [],
    runningJobId: null,
    paused: false,
    databaseLocked: false,
    families: () => families.size,
    expireLogins: () => tokens.clear(),
    lie: (path, lie) => void lies.set(path, lie),
  }

  async function receive(incoming: IncomingMessage, response: ServerResponse) {
    const { method = '', url = '', headers } = incoming
    const request = { method, path: url, headers, body: await text(incoming) }
    emulator.requests.push(request)
    const path = url.startsWith(base) ? url.slice(base.length) : null
    const lie = path === null ? undefined : lies.get(path.split('?', 1)[0] ?? '')
    if (lie === 'STALL') return
    if (lie === 'DRIP') return drip(response)
    if (lie === 'FLOOD') return flood(response)
    const answer = lie ?? (path === null ? { status: 404 } : answerTo(path, request))
    const { status, headers: fields, body = '' } = answer
    response.writeHead(status, fields)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  function answerTo(whole: string, request: EmulatorRequest): Answer {
    const { pathname, searchParams } = new URL(whole, 'http://emulator')
    const { method, body } = request
    const isKnown = isAuthorized(request)
    if (!isAllowed(request.headers.host ?? '')) {
      if (generation === '2.1.0.5' && !isKnown && !pathname.startsWith('/api/v1/auth/')) {
        return recorded(generation, 'host-not-allowed-without-token')
      }
      const name = (request.headers.host ?? '').replace(/:\d+$/, '')
      return json(403, { Error: `Invalid hostname: ${name}`, Code: 403 })
    }
    if (pathname === '/') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html>' }
    if (pathname === '/api/v1/auth/login') return login(JSON.parse(body))
    if (pathname === '/api/v1/auth/refresh/logout') return logout(request)
    if (pathname === '/api/v1/auth/status') {
      return recorded(generation === 'next' ? '2.3.0.4' : generation, 'auth-status')
    }
    if (!isKnown) {
      const file = request.headers.authorization === undefined ? 'no-token' : 'bad-token'
      return recorded(generation === 'next' ? '2.3.0.4' : generation, file)
    }
    if (method === 'PATCH') return pathname === '/api/v1/serversettings' ? patchSettings(body) : { status: 404 }
    return answerOf(pathname, searchParams)
  }

  function login(given: { Password: string }): Answer {
    if (given.Password !== password) return recorded(generation === 'next' ? '2.3.0.4' : generation, 'login-wrong')
    const AccessToken = randomUUID()
    tokens.add(AccessToken)
    const { status, headers } = recorded(generation, 'login')
    if (generation === '2.1.0.5') return { status, headers, body: { AccessToken } }
    const [cookie, RefreshNonce] = [randomUUID(), randomUUID()]
    families.set(cookie, RefreshNonce)
    return {
      status,
      headers: { ...headers, 'set-cookie': (headers['set-cookie'] ?? '').replace('=TOKEN', `=${cookie}`) },
      body: { AccessToken, RefreshNonce },
    }
  }

  function logout({ headers, body }: EmulatorRequest): Answer {
    const cookie = /RefreshToken_\d+=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? ''
    if (families.get(cookie) === JSON.parse(body).Nonce) families.delete(cookie)
    return recorded('2.3.0.4', 'logout')
  }

  function patchSettings(body: string): Answer {
    for (const [name, value] of Object.entries(JSON.parse(body))) {
      if (value === null) delete emulator.settings[name]
      else emulator.settings[name] = value
    }
    return { status: 200 }
  }

  function answerOf(pathname: string, query: URLSearchParams): Answer {
    const [, id, log] = /^\/api\/v1\/backup\/([^/]+)(\/log)?$/.exec(pathname) ?? []
    if (id !== undefined) {
      const job = emulator.jobs.find((one) => one.id === id)
      if (!job) return recorded('2.3.0.4', 'backup-unknown')
      return log ? logOf(job, query) : json(200, { ...listed(job), DisplayNames: {} })
    }
    if (pathname === '/api/v1/systeminfo') return recorded(generation, 'systeminfo')
    if (pathname === '/api/v1/serversettings') return json(200, emulator.settings)
    if (pathname === '/api/v1/backups') return json(200, emulator.jobs.map(listed))
    if (pathname === '/api/v1/serverstate') return json(200, serverState())
    if (pathname === '/api/v1/progressstate') return progress()
    if (pathname === '/api/v1/tasks') {
      return json(200, emulator.runningJobId === null ? [] : [{ Status: 'Running', ID: 3 }])
    }
    if (pathname === '/api/v1/task/2' && generation !== '2.1.0.5') return recorded('2.3.0.4', 'task-failed')
    if (pathname.startsWith('/api/v1/task/')) return recorded('2.1.0.5', 'task-unknown')
    if (pathname === '/api/v1/notifications') return json(200, emulator.notifications)
    return { status: 404 }
  }

  /** As it was recorded, with what the job has. */
  function listed(job: EmulatedJob): object {
    const [first] = recorded<{ Backup: object }[]>(generation, 'backups').body
    const Settings = job.settings.map((setting) => ({ Filter: '', Argument: null, ...setting }))
    const type = generation === 'next' ? { OperationType: job.operationType } : {}
    const Backup = { ...first?.Backup, ID: job.id, Name: job.name, Metadata: job.metadata, Settings, ...type }
    return { Backup, Schedule: job.schedule }
  }

  function logOf(job: EmulatedJob, query: URLSearchParams): Answer {
    if (job.operationType === 'Sync') return json(500, { Error: 'An error occurred', Code: 500 })
    if (emulator.databaseLocked) return recorded('next', 'log-while-running')
    const asked = Number(query.get('pagesize') ?? 100)
    if (!Number.isInteger(asked)) return recorded('2.3.0.4', 'log-bad-pagesize')
    const offset = Number(query.get('offset') ?? Number.POSITIVE_INFINITY)
    const older = job.log.filter(({ ID }) => ID < offset)
    return json(200, older.slice(0, Math.min(500, Math.max(10, asked))))
  }

  function serverState(): object {
    const { runningJobId, paused } = emulator
    const state = recorded<object>(generation, 'serverstate-running').body
    const pause = recorded<{ EstimatedPauseEnd: string }>('2.3.0.4', 'serverstate-paused').body
    return {
      ...state,
      ActiveTask: runningJobId === null ? null : { Item1: 3, Item2: runningJobId },
      ...(paused && { ProgramState: 'Paused', EstimatedPauseEnd: pause.EstimatedPauseEnd }),
    }
  }

  function progress(): Answer {
    if (emulator.runningJobId === null) return recorded('2.3.0.4', 'progressstate-before-any-task')
    const { status, headers, body } = recorded<object>(generation, 'progressstate-running')
    return { status, headers, body: { ...body, BackupID: emulator.runningJobId } }
  }

  function isAuthorized({ headers: { authorization = '' } }: EmulatorRequest): boolean {
    if (authorization === `PreAuth ${preAuthToken}`) return generation !== '2.1.0.5'
    return authorization === `Bearer ${foreverToken}` || tokens.has(authorization.replace(/^Bearer /, ''))
  }

  function isAllowed(host: string): boolean {
    const name = host.replace(/:\d+$/, '')
    return /^(localhost|\[?[\d.:a-f]+\]?)$/.test(name) || allowedHostnames.includes(name)
  }

  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    receive(incoming, response).catch(() => incoming.socket.destroy())
  }
  const server = secure
    ? createSecureServer({ key: tlsFile('key'), cert: tlsFile('certificate') }, listener)
    : createServer(listener)
  server.on('connection', () => {
    connections += 1
  })
  // Handshakes that the far end breaks off.
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  emulator.url = `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}${base}`
  return emulator
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
}

function drip(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.once('close', () => clearInterval(timer))
}

function flood(response: ServerResponse) {
  let left = 200
  const part = Buffer.alloc(2 ** 20, ' ')
  const writeOn = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1
      if (!response.write(part)) return void response.once('drain', writeOn)
    }
    response.end()
  }
  writeOn()
}
