// The settings of a channel on their way in and out: checked as they are changed, and put together again for sending. How
// secrets are encrypted, and where all of it is stored, is left to others.

import { z } from 'zod'
import { badInput, type Issue } from '../domain/errors.ts'
import type { ChannelKind, ChannelSettings, Field, SettingValue } from './channel.ts'

/** What is stored of a channel. */
export interface StoredSettings {
  /** All that may be shown. */
  settings: ChannelSettings
  /** Those that are set, encrypted. */
  secrets: Record<string, string>
}

/**
 * The settings after a change. What is left out stays as it is, null clears: there is a default then, or none.
 *
 * Where secrets are sent to cannot be changed alone: they have to be given again with it. Otherwise whoever may change a
 * channel could have its secrets sent to himself.
 *
 * @param before null for a new channel
 * @param input not yet validated
 * @param seal encrypts the secret of that name; called only if everything is right
 * @throws DomainError BAD_USER_INPUT with everything that is wrong
 */
export function changedSettings(
  kind: ChannelKind,
  before: StoredSettings | null,
  input: unknown,
  seal: (name: string, secret: string) => string,
): StoredSettings {
  const fields = Object.entries<Field>(kind.fields)
  const read = z.record(z.string(), z.unknown(), 'must be an object').safeParse(input)
  const given = read.data ?? {}
  const issues = read.success ? unknownSettings(kind, given) : issuesOf(read.error, '')

  // As they will be. Of a secret that stays as it is that is the encrypted form.
  const after: ChannelSettings = {}
  for (const [name, field] of fields) {
    const known = (field.secret ? before?.secrets : before?.settings)?.[name]
    const parsed = given[name] == null ? null : field.schema.safeParse(given[name])
    after[name] = (parsed ? parsed.data : given[name] === undefined ? known : null) ?? field.default ?? null
    if (parsed?.error) issues.push(...issuesOf(parsed.error, name))
    else if (field.required && after[name] === null) issues.push({ path: name, message: 'must be set' })
  }
  const wrong = new Set(issues.map(({ path }) => path))
  issues.push(...(kind.issues?.(after) ?? []).filter(({ path }) => !wrong.has(path)))

  const stays = (name: string) => given[name] === undefined && before?.secrets[name] !== undefined
  const to = kind.secretsGoTo
  if (before && to && given[to] !== undefined && !wrong.has(to) && after[to] !== before.settings[to]) {
    for (const [name, { secret }] of fields) {
      if (secret && stays(name)) issues.push({ path: name, message: `must be given again, because ${to} has changed` })
    }
  }
  if (issues.length > 0) throw badInput('The settings of the channel are not valid', issues)

  const stored: StoredSettings = { settings: {}, secrets: {} }
  for (const [name, { secret }] of fields) {
    const value = after[name] ?? null
    if (!secret) stored.settings[name] = value
    else if (value !== null) stored.secrets[name] = stays(name) ? String(value) : seal(name, String(value))
  }
  return stored
}

/**
 * Everything that a channel of the kind is to be sent with.
 *
 * @param open decrypts the secret of that name; what it throws comes through
 */
export function openedSettings(
  kind: ChannelKind,
  { settings, secrets }: StoredSettings,
  open: (name: string, sealed: string) => string,
): ChannelSettings {
  return Object.fromEntries(
    Object.entries<Field>(kind.fields).map(([name, field]): [string, SettingValue] => {
      const sealed = secrets[name]
      if (field.secret) return [name, sealed === undefined ? null : open(name, sealed)]
      return [name, settings[name] ?? field.default ?? null]
    }),
  )
}

function unknownSettings({ kind, fields }: ChannelKind, given: Record<string, unknown>): Issue[] {
  const names = new Intl.ListFormat('en-GB').format(Object.keys(fields))
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((path) => ({ path, message: `is no setting of ${kind}; only ${names} are` }))
}

function issuesOf({ issues }: z.ZodError, at: string): Issue[] {
  return issues.map(({ path, message }) => ({ path: [at, ...path].filter((part) => part !== '').join('.'), message }))
}
