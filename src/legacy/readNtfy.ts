// Reads to which ntfy the old release sent. The address and the token are secrets: no note repeats them.

import { type Fields, fieldsOf, type Note } from './oldValue.ts'

export interface LegacyNtfy {
  /** The address of the server, without the topic. */
  url: string
  topic: string
  accessToken: string | null
}

/** Far more than any of the three needs. */
const maxLength = 1000

/**
 * The first of these that can be sent to: `ntfy_config`, where releases from 0.8 on keep it, and what is within
 * `notifications`. Without a topic an old release had nowhere to send to.
 */
export function readNtfy(config: Fields | null, notifications: Fields | null, note: Note): LegacyNtfy | null {
  return (
    ntfyOf(config, 'ntfy_config', note) ??
    ntfyOf(fieldsOf(notifications?.ntfy, 'notifications.ntfy', note), 'notifications.ntfy', note)
  )
}

function ntfyOf(fields: Fields | null, name: string, note: Note): LegacyNtfy | null {
  if (!fields) return null
  const topic = secretText(fields.topic, `${name}.topic`, note)
  if (topic === null) return null
  const url = secretText(fields.url, `${name}.url`, note)
  if (url === null || !isAddress(url)) {
    note(`${name}.url is not an http or https address`)
    return null
  }
  return { url, topic, accessToken: secretText(fields.accessToken, `${name}.accessToken`, note) }
}

function secretText(value: unknown, name: string, note: Note): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value.length <= maxLength && !/\p{Cc}|\p{Surrogate}/u.test(value.trim())) {
    return value.trim() || null
  }
  note(`${name} is not a text of one line`)
  return null
}

function isAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url)
}
