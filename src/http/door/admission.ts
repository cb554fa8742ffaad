// The door: for every request, before anything else is done, it finds out where the request comes from and which token it
// holds, and lets domain/access decide.

import type { Logger } from 'pino'
import { admit, type Caller, grants, type Held, isLoopback, type Rules, type Way } from '../../domain/access.ts'
import { DomainError } from '../../domain/errors.ts'
import { proofOf } from '../../services/access/tokenSecret.ts'
import type { Context } from '../../services/context.ts'
import { type Asking, type Connection, createArrivals } from './arrival.ts'
import { createFailureLimit } from './failureLimit.ts'

/** Who was let in, and is not counted yet. */
export interface Guest {
  caller: Caller
  /** That of the database when they were let in; null if it could not be told. */
  version: number | null
  /** To be called once. */
  count(): void
}

export interface Admission {
  /**
   * Who the request acts for. It is counted, and so are wrong tokens: to be called once for each request.
   *
   * @param log of the request
   * @param tokenInPath what stands in the address where a token can stand
   * @throws DomainError UNAUTHENTICATED, FORBIDDEN, or RATE_LIMITED after too many wrong tokens from one address; UNAVAILABLE
   * if the database cannot be read now
   */
  admit(request: Asking, connection: Connection, way: Way, log: Logger, tokenInPath?: string): Caller
  /**
   * Who `admit` would say that it is, with nothing counted yet.
   *
   * @throws DomainError UNAUTHENTICATED, FORBIDDEN, UNAVAILABLE
   */
  foresee(request: Asking, connection: Connection, way: Way): Guest
}

/** The proof of somebody who holds none, which is that of no token. */
const noToken = proofOf('')

/** How exactly it is known when a token was last used, in milliseconds: writing it costs a sync of the disk. */
const lastUsedMs = 60_000

export function createAdmission({ config, database, clock, log, counters }: Context): Admission {
  const arrivalOf = createArrivals(config.trustedProxies, config.corsOrigins)
  const failures = createFailureLimit(config.clientLimits.tokenFailures)
  const onLoopback = isLoopback(config.host)
  const noticed = new Map<number, number>()

  function read(token: string | null, { needs }: Way, version: number | null) {
    if (!config.auth) return { token: null, anyToken: true, requireToken: false }
    try {
      return database.access.read(token === null ? noToken : proofOf(token), version)
    } catch (error) {
      // What needs nothing is answered also while the database cannot be read.
      if (needs === 'NOTHING') return { token: null, anyToken: true, requireToken: true }
      throw error
    }
  }

  /** Written in the background, and tried again at the next use after a minute if that fails. */
  function notice(id: number, lastUsedAt: Date | null, now: Date) {
    const last = Math.max(noticed.get(id) ?? 0, lastUsedAt?.getTime() ?? 0)
    if (now.getTime() - last < lastUsedMs) return
    noticed.set(id, now.getTime())
    database.writer
      .write(({ tokens }) => tokens.use(id, now))
      .catch((error) => log.warn({ err: error }, 'The use of a token could not be noted'))
  }

  /** All that decides, read once; nothing is counted yet. */
  function look(request: Asking, connection: Connection, way: Way, tokenInPath?: string) {
    const now = clock()
    const arrival = arrivalOf(request, connection)
    const { text, inAddress } = tokenOf(request, way, tokenInPath)
    const version = database.beginSnapshot()
    const { token, ...stored } = read(text, way, version)
    const rules: Rules = { enforced: config.auth, onLoopback, publicUrl: config.publicUrl, ...stored }
    const held: Held | null = text === null ? null : { token, inAddress }
    return {
      version,
      decide: () => admit(way, rules, arrival, held, now),
      count: (caller: Caller) => {
        if (token && caller.tokenId !== null) notice(token.id, token.lastUsedAt, now)
        if (isOnlyOpenYet(caller, way, rules)) counters.requestsWithoutToken += 1
      },
      countRefusal: (error: unknown, log: Logger) => {
        if (!(error instanceof DomainError) || text === null || error.code !== 'UNAUTHENTICATED') return
        failures(arrival.address, now)
        log.warn({ address: arrival.address, reason: error.message }, 'A token was refused')
      },
    }
  }

  return {
    admit: (request, connection, way, log, tokenInPath) => {
      const { decide, count, countRefusal } = look(request, connection, way, tokenInPath)
      try {
        const caller = decide()
        count(caller)
        return caller
      } catch (error) {
        countRefusal(error, log)
        throw error
      }
    },
    foresee: (...asked) => {
      const { version, decide, count } = look(...asked)
      const caller = decide()
      return { caller, version, count: () => count(caller) }
    },
  }
}

/** Whether requireToken will refuse it. */
function isOnlyOpenYet({ tokenId, scope }: Caller, { needs }: Way, { enforced }: Rules): boolean {
  return enforced && tokenId === null && scope !== 'ADMIN' && needs !== 'NOTHING' && grants(scope, needs)
}

/** Duplicati cannot send headers: for reports alone, the token may stand in the address. */
function tokenOf(
  { headers, url }: Asking,
  { needs }: Way,
  inPath?: string,
): { text: string | null; inAddress: boolean } {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return { text: bearer, inAddress: false }
  const inAddress = needs === 'REPORT' ? inPath || new URL(url).searchParams.get('token') : null
  return { text: inAddress || null, inAddress: true }
}
