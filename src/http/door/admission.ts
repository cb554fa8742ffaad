// The door: for every request, before anything else is done, it finds out where the request comes from and which token it
// holds, and lets domain/access decide.

import type { Logger } from 'pino'
import { admit, type Caller, grants, type Held, isLoopback, type Rules, type Way } from '../../domain/access.ts'
import { DomainError } from '../../domain/errors.ts'
import { proofOf } from '../../services/access/tokenSecret.ts'
import type { Context } from '../../services/context.ts'
import { type Asking, type Connection, createArrivals } from './arrival.ts'
import { createFailureLimit } from './failureLimit.ts'

/** What was decided about a request, with nothing counted yet. */
export interface Visit {
  /** Who it acts for; null if it is refused. */
  caller: Caller | null
  /** That of the database when it was decided; null if it could not be told. */
  version: number | null
  /**
   * Who it acts for. That is counted, and so are wrong tokens: to be called once for each request.
   *
   * @param log of the request
   * @throws DomainError UNAUTHENTICATED, FORBIDDEN, or RATE_LIMITED after too many wrong tokens from one address; UNAVAILABLE
   * if the database cannot be read now
   */
  enter(log: Logger): Caller
}

/**
 * Decides about a request; it never throws.
 *
 * @param tokenInPath what stands in the address where a token can stand
 */
export type Admission = (request: Asking, connection: Connection, way: Way, tokenInPath?: string) => Visit

/** The proof of somebody who holds none, which is that of no token. */
const noToken = proofOf('')

/** How exactly it is known when a token was last used, in milliseconds: writing it costs a sync of the disk. */
const lastUsedMs = 60_000

export function createAdmission({ config, database, clock, log, counters }: Context): Admission {
  const arrivalOf = createArrivals(config.trustedProxies, config.corsOrigins)
  const failures = createFailureLimit(config.clientLimits.tokenFailures, clock)
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

  function countRefusal(error: unknown, token: string | null, address: string, log: Logger) {
    if (!(error instanceof DomainError) || token === null || error.code !== 'UNAUTHENTICATED') return
    failures(address)
    log.warn({ address, reason: error.message }, 'A token was refused')
  }

  return (request, connection, way, tokenInPath) => {
    const now = clock()
    const arrival = arrivalOf(request, connection)
    const { text, inAddress } = tokenOf(request, way, tokenInPath)
    const refused = (error: unknown, version: number | null): Visit => ({
      caller: null,
      version,
      enter: (log) => {
        countRefusal(error, text, arrival.address, log)
        throw error
      },
    })
    let version: number | null = null
    try {
      version = database.beginSnapshot()
      const { token, ...stored } = read(text, way, version)
      const rules: Rules = { enforced: config.auth, onLoopback, publicUrl: config.publicUrl, ...stored }
      const held: Held | null = text === null ? null : { token, inAddress }
      const caller = admit(way, rules, arrival, held, now)
      const enter = () => {
        if (token && caller.tokenId !== null) notice(token.id, token.lastUsedAt, now)
        if (isOnlyOpenYet(caller, way, rules)) counters.requestsWithoutToken.inc()
        return caller
      }
      return { caller, version, enter }
    } catch (error) {
      return refused(error, version)
    }
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
