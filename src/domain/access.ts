// Who may do what: what the scope of a token grants, and to whom the server is open without one. Where a request came from,
// and which token it holds, others find out.

import { DomainError } from './errors.ts'
import { uploadAddress } from './publicAddress.ts'

/** What a token grants: to post reports, to read everything, to do everything. */
export type Scope = 'REPORT' | 'READ' | 'ADMIN'

/** What a way in asks for: a scope; any token, where the fields of a query say more; or nothing. */
export type Needs = Scope | 'TOKEN' | 'NOTHING'

/** A way in, as it declares itself. */
export interface Way {
  needs: Needs
  /** Older releases had it, and asked nobody for a token. */
  ofOldReleases?: boolean
}

/** How the server is set up. */
export interface Rules {
  /** False: everybody may do everything. */
  enforced: boolean
  /** Whether it listens to this machine alone. */
  onLoopback: boolean
  /** Whether there ever was a token. */
  anyToken: boolean
  /** Whether clients of older releases are refused too. */
  requireToken: boolean
  /** The address under which others reach the server; null if nobody said. */
  publicUrl: string | null
}

/** Where a request came from. */
export interface Arrival {
  /** The client's address, for the log. */
  address: string
  /** The name under which the server was asked, with or without a port. */
  host: string
  /** Whether a proxy says that it passed the request on. */
  forwarded: boolean
  /** Whether a browser sends it for a page of another site, and it could change something. */
  forOtherSite: boolean
  /** The page's origin, where a browser names one that is another and not allowed; null otherwise. */
  otherOrigin: string | null
}

/** A token as it is stored. */
export interface Token {
  id: number
  name: string
  scope: Scope
  /** The only server whose reports it may post; null: of any. */
  serverId: number | null
  prefix: string
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** A token that a request holds: null if there is none like that. */
export interface Held {
  token: Token | null
  /** It stood in the address, where proxies and histories keep it. */
  inAddress: boolean
}

/** On whose behalf something is done. */
export interface Caller {
  /** For the log. */
  name: string
  /** Null: nothing but what needs nothing. */
  scope: Scope | null
  /** The only server whose reports it may post; null: of any. */
  serverId: number | null
  tokenId: number | null
}

/** Who acts when no request does. */
export const theServer: Caller = { name: 'the server', scope: 'ADMIN', serverId: null, tokenId: null }

/** Whether the scope is enough. */
export function grants(scope: Scope | null, needs: Needs): boolean {
  if (needs === 'NOTHING' || scope === 'ADMIN') return true
  return scope !== null && (needs === 'TOKEN' || needs === scope)
}

/** Everything that the scope is enough for, the least first. */
export function scopesOf(scope: Scope | null): Scope[] {
  const all: Scope[] = ['REPORT', 'READ', 'ADMIN']
  return all.filter((one) => grants(scope, one))
}

/**
 * Callers of the same key are answered alike, whoever they are.
 *
 * @returns like `READ`, `REPORT:7` or `NONE`
 */
export function grantKey({ scope, serverId }: Caller): string {
  return serverId === null ? (scope ?? 'NONE') : `${scope}:${serverId}`
}

/**
 * The caller of a request that may come in.
 *
 * @param held null if the request holds no token
 * @throws DomainError UNAUTHENTICATED, or FORBIDDEN for a token that does not grant this
 */
export function admit(way: Way, rules: Rules, arrival: Arrival, held: Held | null, now: Date): Caller {
  const open = openScope(way, rules, arrival)
  const withoutToken = { name: `${arrival.address} without a token`, scope: open, serverId: null, tokenId: null }
  if (!rules.enforced) return withoutToken
  const refusal = held ? refusalOf(held, way, rules, now) : null
  if (held?.token && !refusal) {
    const { id, name, scope, serverId } = held.token
    return { name: `${name} (Token:${id})`, scope, serverId, tokenId: id }
  }
  if (grants(open, way.needs)) return withoutToken
  if (refusal) throw refusal
  // Also what changes nothing: the browser lets the page read no answer, so that a token would not help.
  if (arrival.otherOrigin !== null) throw new DomainError('FORBIDDEN', originMissing(arrival.otherOrigin))
  if (arrival.forOtherSite) throw new DomainError('FORBIDDEN', otherSite)
  throw new DomainError('UNAUTHENTICATED', howToComeIn(way, rules))
}

/** What is wrong with a token by itself, at whatever it is held: a sentence, or null. */
function flawOf({ prefix, revokedAt, expiresAt }: Token, now: Date): string | null {
  if (revokedAt) return `The token ${prefix}… was revoked at ${revokedAt.toISOString()}.`
  if (expiresAt && expiresAt <= now) return `The token ${prefix}… expired at ${expiresAt.toISOString()}.`
  return null
}

/** Whether this names the machine itself; a port may follow. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)(?::\d+)?$/i.test(host)
}

/** What is granted without a token. */
function openScope({ needs, ofOldReleases }: Way, rules: Rules, arrival: Arrival): Scope | null {
  if (!rules.enforced) return 'ADMIN'
  // Any page can make a browser send forms to this machine.
  if (arrival.forOtherSite) return null
  // Another name is a page's whose own name leads here, and what was forwarded comes from elsewhere.
  const fromHere = rules.onLoopback && isLoopback(arrival.host) && !arrival.forwarded
  if (fromHere && !rules.anyToken) return 'ADMIN'
  if (rules.requireToken || !ofOldReleases) return null
  return needs === 'REPORT' ? 'REPORT' : 'READ'
}

function refusalOf({ token, inAddress }: Held, { needs }: Way, rules: Rules, now: Date): DomainError | null {
  if (!token) return new DomainError('UNAUTHENTICATED', `There is no such token. ${howToMake(needs)}`)
  const flaw = flawOf(token, now)
  if (flaw) return new DomainError('UNAUTHENTICATED', `${flaw} ${howToMake(needs)}`)
  if (inAddress && token.scope !== 'REPORT') {
    return new DomainError(
      'FORBIDDEN',
      `Only a token of the scope REPORT may be part of an address, and ${token.prefix}… has the scope ${token.scope}. ${howToMake('REPORT')} Put it into ${uploadAddress(rules.publicUrl)}/TOKEN, and revoke this one, which proxies may have logged.`,
    )
  }
  if (grants(token.scope, needs)) return null
  return new DomainError(
    'FORBIDDEN',
    `This needs a token of the scope ${needs}; that of ${token.prefix}… is ${token.scope}. ${howToMake(needs)}`,
  )
}

/** What a page of another site is told. */
export function originMissing(origin: string): string {
  return `Pages of ${origin} may not use this server: the origin is missing in CORS_ORIGINS.`
}

/** The same where the browser does not name the origin. */
const otherSite = 'A page of another site may not use this server: its origin is missing in CORS_ORIGINS.'

function howToComeIn({ needs }: Way, { anyToken, onLoopback, publicUrl }: Rules): string {
  const header = 'A token is needed, in the header `Authorization: Bearer TOKEN`'
  const elsewhere: Partial<Record<Needs, string>> = {
    REPORT: `, or in the address: ${uploadAddress(publicUrl)}/TOKEN`,
    // GraphiQL shows this instead of the schema.
    TOKEN: '; in GraphiQL, under Headers: {"authorization": "Bearer TOKEN"}, and then press Re-fetch GraphQL schema',
  }
  const how = `${header}${elsewhere[needs] ?? ''}.`
  if (anyToken || !onLoopback) return `${how} ${howToMake(needs)}`
  return `${how} There is none yet, so this server accepts only requests to http://localhost, without a proxy. ${howToMake('ADMIN')}`
}

/**
 * The command that makes a token, for whoever runs the server, in a sentence.
 *
 * @param needs what the token is for
 */
export function howToMake(needs: Needs): string {
  const isNarrow = needs === 'REPORT' || needs === 'READ'
  const command = `duplistatus token create${isNarrow ? ` --scope ${needs.toLowerCase()}` : ''}`
  const what = needs === 'TOKEN' ? 'an ADMIN token (add --scope read for one that can only read)' : 'one'
  return `\`npx ${command}\` makes ${what}; in Docker, \`docker exec duplistatus ${command}\`.`
}
