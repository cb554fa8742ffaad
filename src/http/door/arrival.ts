// Where a request comes from: the address of its client, the name it asked for, whether a proxy passed it on, and whether a
// browser sends it for a page of another site.

import { BlockList, isIP } from 'node:net'
import type { Arrival } from '../../domain/access.ts'

/** What the HTTP server knows of a request that the request itself does not say. */
export interface Connection {
  /** The address at the other end. */
  address: string
  /** The Host as it was sent; empty if there was none. */
  host: string
}

/** What is looked at of a request. */
export interface Asking {
  method: string
  url: string
  headers: Pick<Headers, 'get' | 'keys'>
}

/** Whoever passes a request on says so in one of these, or in any that begins with `x-forwarded`. */
const forwardingHeaders = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
])

/** Makes what tells of a request where it comes from. */
export function createArrivals(trustedProxies: string[], corsOrigins: string[]) {
  const trusted = blockList(trustedProxies)
  return ({ method, headers }: Asking, { address, host }: Connection): Arrival => {
    const isOther = isForOtherSite(headers, host, corsOrigins)
    const origin = headers.get('origin')
    return {
      address: clientAddress(plain(address), headers.get('x-forwarded-for') ?? '', trusted),
      host,
      forwarded: [...headers.keys()].some((name) => name.startsWith('x-forwarded') || forwardingHeaders.has(name)),
      forOtherSite: method !== 'GET' && method !== 'HEAD' && isOther,
      // A page that may hide its origin sends "null".
      otherOrigin: isOther && origin !== 'null' ? origin : null,
    }
  }
}

/**
 * Browsers say for whom they send a request. Those that do not say it with sec-fetch-site, because the address is not https,
 * name the origin of the page.
 */
function isForOtherSite(headers: Asking['headers'], host: string, corsOrigins: string[]): boolean {
  const origin = headers.get('origin')
  if (origin !== null && corsOrigins.includes(origin)) return false
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  return origin !== null && (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase())
}

/** Every proxy adds, at the end, whom it got the request from: the last one who is no trusted proxy is the client. */
function clientAddress(address: string, forwardedFor: string, trusted: BlockList): string {
  let client = address
  for (const entry of forwardedFor.split(',').reverse()) {
    const from = plain(entry.trim())
    if (isIP(from) === 0 || !isIn(trusted, client)) return client
    client = from
  }
  return client
}

/** Without a port, and IPv4 as such: `[::1]:80` is `::1`, `::ffff:10.0.0.1` is `10.0.0.1`. */
function plain(address: string): string {
  const withoutPort = /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address
  return withoutPort.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

function blockList(networks: string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
