// Reads by which mail server the old release sent, and to whom. Only user and password were encrypted. No note says more than
// the port and how it is encrypted.

import type { OldKey } from './oldKey.ts'
import { type Fields, type Note, shown, textOf } from './oldValue.ts'

export interface LegacyMail {
  host: string
  /** Null: the usual one. */
  port: number | null
  security: 'TLS' | 'STARTTLS' | 'NONE'
  /** Null, as is the password: without logging in. */
  user: string | null
  password: string | null
  /** The sender; null if nothing names one. */
  from: string | null
  /** Those whom it sent to, if nobody else was set for a job. */
  to: string[]
  /** Why user and password are missing though the server wants them, as a part of a sentence; null if nothing is missing. */
  locked: string | null
}

/** How releases from 1.0 on named it. */
const securities: Record<string, LegacyMail['security']> = { plain: 'NONE', starttls: 'STARTTLS', ssl: 'TLS' }

const maxName = 200

/** The mail server of `smtp_config`, where releases from 0.8 on keep it; null without a host. */
export function readMail(config: Fields | null, key: OldKey, note: Note): LegacyMail | null {
  if (!config) return null
  const text = (field: string) => textOf(config[field], `smtp_config.${field}`, note)
  const host = text('host')
  if (host === null) {
    note('smtp_config names no host')
    return null
  }
  const port = portOf(config.port, note)
  const to = addressesIn(text('mailto'))
  const { known, ...login } = loginOf(text('username'), text('password'), key)
  return {
    host,
    port,
    security: securityOf(config, port, note),
    ...(config.requireAuth === false ? { user: null, password: null, locked: null } : login),
    from: senderOf(text('senderName'), [text('fromAddress'), known], to, note),
    to,
  }
}

/** Addresses that stand in one line, between commas. */
export function addressesIn(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
}

function portOf(value: unknown, note: Note): number | null {
  if (value === undefined || value === null || value === '') return null
  const port = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  note(`smtp_config.port is not a port: ${shown(value)}`)
  return null
}

/** Before 1.0 nothing was said, or whether it is encrypted from the beginning; on port 465 nothing else is possible. */
function securityOf({ connectionType, secure }: Fields, port: number | null, note: Note): LegacyMail['security'] {
  const type = textOf(connectionType, 'smtp_config.connectionType', note)
  if (type !== null && Object.hasOwn(securities, type)) return securities[type] ?? 'STARTTLS'
  if (type !== null) note(`smtp_config.connectionType is ${shown(type)}, taken as starttls`)
  return type === null && (secure === true || port === 465) ? 'TLS' : 'STARTTLS'
}

/** With the user also where it is known alone: it can be the sender. */
function loginOf(username: string | null, secret: string | null, key: OldKey) {
  const known = username === null ? '' : key.open(username)
  const password = secret === null ? '' : key.open(secret)
  const none = { user: null, password: null, known }
  if (known === null || password === null) return { ...none, locked: key.trouble }
  if (known === '' && password === '') return { ...none, locked: null }
  if (known === '' || password === '') return { ...none, locked: 'one of the two was empty' }
  return { user: known, password, known, locked: null }
}

/** Old releases sent as `"name" <address of the sender, or user>`, though a user need not be an address. */
function senderOf(name: string | null, named: (string | null)[], to: string[], note: Note): string | null {
  const own = named.find((text) => /^[^\s<>@]+@[^\s<>@]+$/.test(text ?? ''))
  const recipient = to.find((text) => /^(?:[^<>]*<)?[^\s<>@]+@[^\s<>@]+>?$/.test(text)) ?? null
  if (!own && recipient)
    note('smtp_config names no sender that is an address: mails are sent as from the first recipient')
  if (!own) return recipient
  const shownName = name
    ?.replace(/[<>"\p{Cc}]/gu, '')
    .slice(0, maxName)
    .trim()
  return `${shownName || 'duplistatus'} <${own}>`
}
