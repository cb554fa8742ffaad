// What the simulated chat services have in common: they accept what the published API describes, refuse everything else, and record what
// people see.

import type { z } from 'zod'
import type { ChannelSettings } from '../../src/notify/channel.ts'
import type { HttpReceiver, Reaction, ReceivedRequest } from './httpReceiver.ts'

export interface Shown {
  title: string
  text: string
  /** The link that opens, or the address below the text. */
  link: string | null
  /** Whether the phone stays silent. */
  silent?: boolean
  /** Its priority, colour or type, whichever the service has. */
  look: unknown
  /** The names that it notifies. */
  pings: string[]
}

export interface ChatService extends HttpReceiver {
  kind: string
  /** The settings of a channel that posts to it. */
  settings: ChannelSettings
  /** What people see, in order, repetitions too. */
  shown: Shown[]
}

export type Answer = Exclude<Reaction, string>

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The body, or what is wrong with it: it is no JSON, a field is missing or unknown, or a value is not allowed. */
export function readAs<T>({ headers, body }: ReceivedRequest, schema: z.ZodType<T>): { given: T } | { wrong: string } {
  if (headers['content-type'] !== 'application/json') return { wrong: 'content type' }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { wrong: 'no JSON' }
  }
  const { success, data, error } = schema.safeParse(value)
  return success
    ? { given: data }
    : { wrong: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }
}

/** Text and the address below it. */
export function withoutLink(text: string): { text: string; link: string | null } {
  const link = /\n\n(https?:\S+)$/.exec(text)
  return link ? { text: text.slice(0, link.index), link: link[1] ?? null } : { text, link: null }
}

/** The names that an `@` notifies, as Mattermost and Telegram find them: not within a word. */
export function namesIn(text: string): string[] {
  return text.match(/(?<![\p{L}\p{N}])@\w+/gu) ?? []
}
