// What the environment may give as an address: the file of the database, the host to listen at, and the URL under which others
// reach the server. What is wrong with one is a sentence that goes on after the name of the variable.

import { isIP } from 'node:net'

/** The path of the database file that DATABASE_URL names. */
export function databasePath(url: string): string {
  // file:///data/x.db is the same as file:/data/x.db.
  return url.replace(/^file:(?:\/\/(?=\/))?/, '')
}

/** What would become part of a file name by mistake. Null if nothing is wrong. */
export function problemInDatabaseUrl(url: string): string | null {
  if (!/^file:./.test(url)) return 'must be a file, like file:./data/backups.db'
  const path = databasePath(url)
  const [, host, below] = /^\/\/([^/]*)(.*)$/.exec(path) ?? []
  if (host !== undefined) {
    return `names the host ${host}, but the file must be on this machine: write file:/${host}${below}, or file:./${host}${below}`
  }
  if (path.startsWith(':')) return `must be a file: ${path} would be gone when the server stops`
  const shell = problemInPath(path)
  if (shell) return shell
  const [plain = '', parameters] = path.split('?')
  if (parameters !== undefined) return `has parameters, which mean nothing here: leave ?${parameters} out`
  const [encoded] = /%[\da-f]{2}/i.exec(plain) ?? []
  if (encoded !== undefined) return `is percent-encoded (${encoded}): write the path as it is, spaces included`
  if (/(?:^|\/)\.{0,2}$/.test(plain)) {
    return `names a folder: write the file in it too, like file:${plain.replace(/\/?$/, '/')}backups.db`
  }
  return null
}

/** What a shell would have replaced. From a file of variables, it comes as it stands there. */
export function problemInPath(path: string): string | null {
  const [start] = /^(?:~[^/]*|\$\w+|\$\{\w+\})(?=\/|$)/.exec(path) ?? []
  if (start === undefined) return null
  return `begins with ${start}, which stands for a folder in a shell alone: write the whole path, like /home/you${path.slice(start.length)}`
}

/** The host to listen at, as Node.js takes it: an IPv6 address without the brackets that it has in a URL. */
export function hostOf(text: string): string {
  const inBrackets = /^\[(.*)\]$/.exec(text)?.[1] ?? ''
  return isIP(inBrackets) === 6 ? inBrackets : text
}

/** Null if nothing is wrong. Whether there is such a host, listening shows. */
export function problemInHost(text: string): string | null {
  const host = hostOf(text)
  if (isIP(host) !== 0 || /^[\w.-]+$/.test(host)) return null
  if (/^\w+:\/\//.test(host)) return `must be an address or a name alone, like 127.0.0.1, and not ${host}`
  const [, alone, port] = /^(\[.*\]|[\w.-]+):(\d+)$/.exec(host) ?? []
  if (alone !== undefined) return `must be without a port: set HOST=${alone} and PORT=${port}`
  if (host === '*') return 'must be an address or a name; 0.0.0.0 stands for all addresses'
  return 'must be an address or a name, like 127.0.0.1'
}

/** The URL without a slash at its end, so that paths can follow it. */
export function publicUrlOf(text: string): string {
  return new URL(text).href.replace(/\/+$/, '')
}

/** Null if nothing is wrong. A path is fine: a proxy may serve us below one. */
export function problemInPublicUrl(text: string): string | null {
  const example = 'like https://backups.example'
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return `must be an http or https URL, ${example}`
  const { hostname, username, password, pathname } = new URL(text)
  if (username || password) return `must not hold a user or a password, ${example}`
  if (/[?#]/.test(text)) return `must have nothing after its path, ${example}`
  const route = /\/(?:api(?:\/.*)?|graphql)\/?$/i.exec(pathname)?.[0]
  if (route !== undefined) return `must be the address of the whole server: leave ${route} out`
  if (['0.0.0.0', '[::]'].includes(hostname))
    return `must be an address that others can reach, which ${hostname} is not`
  return null
}

/** Null if nothing is wrong. What is said never repeats the URL, which is a secret. `fetch` refuses a user or a password in it. */
export function problemInHeartbeatUrl(text: string): string | null {
  const example = 'like https://hc-ping.com/your-uuid'
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return `must be an http or https URL, ${example}`
  const { username, password } = new URL(text)
  return username || password ? `must not hold a user or a password, ${example}` : null
}
