// Makes, changes, tries and removes channels.

import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { StoredChannel } from '../../database/tables/channelTable.ts'
import type { Tables } from '../../database/writer.ts'
import { badInput, DomainError } from '../../domain/errors.ts'
import { ChannelError, type ChannelSettings } from '../../notify/channel.ts'
import { channelKinds } from '../../notify/channelKinds.ts'
import { changedSettings } from '../../notify/settings.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked, checkedTogether, unmodified } from '../input.ts'
import { secretPurpose, sendThrough } from './sendThrough.ts'

/** How long the far end of a test may take, in milliseconds. */
const patienceMs = 15_000

const name = z.string('must be text').trim().min(1, 'must not be blank').max(200, 'must not exceed 200 characters')
const newChannel = z.object({ name })
const channelChanges = z.object({
  name: name.exactOptional(),
  enabled: z.boolean('must be true or false').exactOptional(),
})

/** Settings as they were given, not yet validated. */
export interface GivenSettings {
  kind: string
  values: unknown
  /** Where they stand in the input. */
  path: string
}

/**
 * Makes a channel, which is told nothing until there is a rule for it.
 *
 * @param input `{ name }`, not yet validated
 * @returns its number
 * @throws DomainError BAD_USER_INPUT with everything that is wrong; UNAVAILABLE if its secrets cannot be encrypted
 */
export async function createChannel(context: Context, input: unknown, settings: GivenSettings): Promise<number> {
  const { kind, values, path } = settings
  const [given] = checkedTogether(
    'The channel cannot be made like this',
    ['', () => checked(newChannel, input, '')],
    [path, () => changedSettings(kindOf(kind), null, values, () => '')],
  )
  const made = await context.database.writer.write((tables) => {
    const id = addChannel(tables, context, kind, given.name, values)
    return tables.channels.find(id) as StoredChannel
  })
  logChange(context, { action: 'createChannel', target: `Channel:${made.id}`, before: null, after: logged(made) })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: made.id })
  return made.id
}

/** Makes a channel inside a transaction. */
export function addChannel(
  { channels }: Tables,
  { secrets, clock }: Context,
  kindName: string,
  name: string,
  settings: unknown,
): number {
  const now = clock()
  const kind = kindOf(kindName)
  // What is wrong is said before anything is written: whoever calls may go on without the channel.
  changedSettings(kind, null, settings, () => '')
  const id = channels.insert(kindName, name, now)
  const seal = (field: string, secret: string) => secrets.seal(secret, secretPurpose(id, field))
  channels.update({ id, name, enabled: true, ...changedSettings(kind, null, settings, seal) }, now)
  return id
}

/**
 * Changes a channel. What is left out stays as it is. What waits for a channel that is switched off is given up.
 *
 * @param input `{ name, enabled }`, not yet validated
 * @param settings those to change; of them null clears one; null changes none
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT, UNAVAILABLE
 */
export async function updateChannel(
  context: Context,
  id: number,
  input: unknown,
  settings: GivenSettings | null,
  ifUnmodifiedSince?: Date | null,
): Promise<void> {
  const { database, secrets, clock } = context
  const { before, after } = await database.writer.write(({ channels, notifications }) => {
    const now = clock()
    const before = unmodified(channels.find(id), `Channel:${id}`, ifUnmodifiedSince)
    const stored = { settings: before.settings as ChannelSettings, secrets: before.secrets }
    const seal = (field: string, secret: string) => secrets.seal(secret, secretPurpose(id, field))
    const [given, changed] = checkedTogether(
      'The channel cannot be changed like this',
      ['', () => checked(channelChanges, input, '')],
      [
        settings?.path ?? '',
        () => {
          if (!settings) return stored
          if (settings.kind === before.kind) return changedSettings(kindOf(before.kind), stored, settings.values, seal)
          throw badInput('', [{ path: '', message: `is of another kind; the channel is of the kind ${before.kind}` }])
        },
      ],
    )
    const after = { ...before, ...given, ...changed }
    channels.update(after, now)
    if (given.enabled === false) notifications.drop(id, 'The channel was switched off.', now)
    return { before, after }
  })
  if (isDeepStrictEqual(before, after)) return
  logChange(context, { action: 'updateChannel', target: `Channel:${id}`, before: logged(before), after: logged(after) })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: id })
}

/** @throws DomainError NOT_FOUND */
export async function deleteChannel(context: Context, id: number): Promise<void> {
  const removed = await context.database.writer.write(({ channels }) => {
    const channel = channels.find(id)
    channels.remove(id)
    return channel
  })
  if (!removed) throw noChannel(id)
  logChange(context, { action: 'deleteChannel', target: `Channel:${id}`, before: logged(removed), after: null })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: id })
}

export interface Tried {
  delivered: boolean
  /** What the far end answered, or what went wrong. */
  answer: string
}

/**
 * Sends a message through the channel, at once and once.
 *
 * @throws DomainError NOT_FOUND
 */
export async function testChannel(context: Context, id: number): Promise<Tried> {
  const channel = context.database.writer.read(({ channels }) => channels.find(id))
  if (!channel) throw noChannel(id)
  const message = {
    key: randomUUID(),
    event: 'TEST' as const,
    title: 'A test of duplistatus',
    message: `Messages of this kind arrive here through the channel ${channel.name}.`,
    priority: 'DEFAULT' as const,
    tags: [],
    createdAt: context.clock(),
    link: context.config.publicUrl,
    actions: [],
    job: null,
    jobs: [],
  }
  try {
    return { delivered: true, answer: await sendThrough(context, channel, message, AbortSignal.timeout(patienceMs)) }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return { delivered: false, answer: error.message }
  }
}

/** Of the secrets only which there are. */
function logged({ kind, name, enabled, settings, secrets }: StoredChannel) {
  const fields = channelKinds[kind]?.fields ?? {}
  const seen = Object.entries(settings).map(([field, value]) => [
    field,
    fields[field]?.confidential ? masked(value) : value,
  ])
  return { kind, name, enabled, settings: Object.fromEntries(seen), secrets: Object.keys(secrets) }
}

/** Of an address its origin: a path, or a topic, is all that somebody needs to send there. */
function masked(value: unknown): string {
  return typeof value === 'string' && URL.canParse(value) ? `${new URL(value).origin}/…` : '…'
}

function kindOf(name: string) {
  const kind = channelKinds[name]
  if (!kind)
    throw badInput('There is no such channel', [
      { path: 'kind', message: `must be one of ${Object.keys(channelKinds)}` },
    ])
  return kind
}

function noChannel(id: number) {
  return new DomainError('NOT_FOUND', `There is no Channel:${id}.`)
}
