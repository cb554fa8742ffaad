// Ids that a person can read: `Server:1`, `BackupJob:7`, `Backup:123`.

import { badInput } from '../../domain/errors.ts'

const nodeTypes = [
  'Server',
  'BackupJob',
  'Backup',
  'Transition',
  'Channel',
  'NotificationRule',
  'UnusualRule',
  'Notification',
] as const

/** Tokens have ids too, but are no nodes. */
type IdType = (typeof nodeTypes)[number] | 'Token'

const globalId = new RegExp(`^(${nodeTypes.join('|')}):([1-9]\\d{0,14})$`)

export function encodeGlobalId(type: string, key: string | number | bigint): string {
  return `${type}:${key}`
}

/** @throws DomainError BAD_USER_INPUT if it is not an id of this server */
export function decodeGlobalId(id: string): { typename: string; id: string } {
  const match = globalId.exec(id)
  if (!match?.[1] || !match[2])
    throw badInput('This is not an id', [{ path: 'id', message: `${quoted(id)} must be like Server:1` }])
  return { typename: match[1], id: match[2] }
}

/**
 * The key in an argument whose type is known: `Server:1`, or only `1`.
 *
 * @param path where the argument stands, for the message
 * @throws DomainError BAD_USER_INPUT if it is neither
 */
export function keyOf(type: IdType, id: string | number, path: string): number {
  const text = String(id)
  const key = text.startsWith(`${type}:`) ? text.slice(type.length + 1) : text
  if (/^[1-9]\d{0,14}$/.test(key)) return Number(key)
  throw badInput('This is not an id', [{ path, message: `${quoted(text)} must be like ${type}:1, or only 1` }])
}

function quoted(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 60)}…` : id)
}
