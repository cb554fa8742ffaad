// What every way to tell people has in common: what it is given, the settings it needs, and how it fails. When to send, and
// when to try again, is decided by whoever sends.

import type { z } from 'zod'
import type { Issue } from '../domain/errors.ts'
import type { JobState } from '../domain/jobState.ts'
import type { Message, MessageEvent } from '../domain/messages/notification.ts'

export interface OutgoingMessage extends Message {
  /** A UUID, the same at every try: the far end can tell a repetition by it. */
  key: string
  event: MessageEvent | 'TEST'
  createdAt: Date
  /** The page of this server that shows what it is about; null if nobody said under which address people reach it. */
  link: string | null
  /** What can be done about it by a click, each with an address of its own. */
  actions: { action: string; label: string; url: string }[]
  /** The first of `jobs`; null in a digest and in a test message. */
  job: OutgoingMessage['jobs'][number] | null
  /** What it is about: several jobs of one server if they got into trouble together. */
  jobs: {
    id: number
    name: string
    server: { id: number; name: string; url: string | null }
    state: JobState
    dueAt: Date | null
    backupId: number | null
  }[]
}

/** What opens when somebody taps the message: the page of this server, or else the Duplicati of the job. */
export function opens({ link, job }: OutgoingMessage): string | null {
  const url = job?.server.url ?? ''
  // In databases of old releases this can be any text, and services refuse a message whose link is invalid.
  return link ?? (/^https?:/i.test(url) && URL.canParse(url) ? url : null)
}

/** What stands below the text where a service has no buttons: a line for each of its actions, or nothing. */
export function actionLines({ actions }: OutgoingMessage): string {
  return actions.length === 0 ? '' : `\n\n${actions.map(({ label, url }) => `${label}: ${url}`).join('\n')}`
}

/**
 * The only failure of a channel. Its message is a whole sentence for whoever looks after the channel. It has no `cause`:
 * errors of libraries can hold the request, and with it a secret.
 */
export class ChannelError extends Error {
  override name = 'ChannelError' as const
  /** Whether another try is of no use until somebody changes something. */
  readonly permanent: boolean
  /** How long the far end asks to be left alone; null if it does not say. */
  readonly retryAfterMs: number | null

  constructor(message: string, options: { permanent: boolean; retryAfterMs?: number | null }) {
    super(message)
    this.permanent = options.permanent
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

export type SettingValue = string | number | boolean | string[] | null

export type ChannelSettings = Record<string, SettingValue>

/** One setting of a kind: enough to check it, to store it, and to make fields of GraphQL types for it. */
export interface Field {
  /** The scalar, or the enum with its values and what they mean. */
  type: 'String' | 'Int' | 'Boolean' | { name: string; values: Record<string, string> }
  /** Whether it is a list of these. */
  list?: true
  description: string
  /** Stored encrypted, and never shown. */
  secret?: true
  /** Whoever knows it can send or read along: shown to those alone who may change it. In the log an address is its origin. */
  confidential?: true
  /** It cannot be absent, so it has no default either. */
  required?: true
  /** What holds when nothing is set; null if this is left out. */
  default?: SettingValue
  /** Says what it must be, and what becomes of what was written; null never gets here. */
  schema: z.ZodType<SettingValue>
}

/** A kind of channel. Adding one touches its own file and channelKinds.ts. */
export interface ChannelKind<Settings extends ChannelSettings = ChannelSettings> {
  kind: string
  description: string
  fields: Record<keyof Settings & string, Field>
  /** The setting that says whose machine the secrets are sent to; null if they are not sent. */
  secretsGoTo: (keyof Settings & string) | null
  /** What is wrong with settings that are right one by one. */
  issues?(settings: Settings): Issue[]
  /**
   * Sends the message, and waits until the far end has taken it.
   *
   * @param signal ends the attempt
   * @returns what the far end answered
   * @throws ChannelError
   */
  send(settings: Settings, message: OutgoingMessage, signal: AbortSignal): Promise<string>
}
