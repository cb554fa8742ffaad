// Makes a channel for each audience of an old release, and rules of what it was told, and finds out whom nobody tells of any more.

import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import type { LegacySettings } from '../../legacy/readLegacySettings.ts'
import type { Context } from '../context.ts'
import { addChannel } from '../telling/channels.ts'
import { type Audience, audiencesOf, nameOf } from './legacyAudiences.ts'

/** What the log has to say. */
export interface Adopted {
  /** What could not be taken over. */
  problems: string[]
  /** What was taken over, and is not as a person would expect. */
  notices: string[]
}

/** How many jobs a line of the log names. */
const namedJobs = 100

/** Writes them inside a transaction. What cannot be made is said, and takes nothing else with it. */
export function adoptLegacyChannels(tables: Tables, context: Context, legacy: LegacySettings): Adopted {
  const problems: string[] = []
  const now = context.clock()
  const named = (jobIds: number[]) => namesOf(tables, jobIds)
  const locked = legacy.mail?.locked ?? null
  const made: Audience[] = []
  const unmade: Audience[] = []
  for (const audience of audiencesOf(tables, legacy, problems)) {
    const isOff = audience.kind === 'EMAIL' && locked !== null
    const channelId = make(tables, context, audience, isOff, problems)
    if (channelId === null) {
      unmade.push(audience)
      continue
    }
    made.push(audience)
    for (const [jobId, events] of audience.told) {
      tables.channels.setRule({ channelId, serverId: null, jobId, tag: null, events, repeat: legacy.repeat }, now)
    }
  }
  const off = locked === null ? [] : made.filter(({ kind }) => kind === 'EMAIL')
  const heard = new Set(jobsOf(made.filter((audience) => !off.includes(audience))))
  const alone = (audiences: Audience[]) => jobsOf(audiences).filter((jobId) => !heard.has(jobId))
  return {
    problems,
    notices: [
      ...lockedNotices(off, locked, named, alone(off)),
      ...unmadeNotices(named, alone(unmade)),
      ...trusting(made),
    ],
  }
}

/** @returns its number; null if it cannot be made */
function make(
  tables: Tables,
  context: Context,
  { kind, name, setting, settings }: Audience,
  isOff: boolean,
  problems: string[],
): number | null {
  try {
    const id = addChannel(tables, context, kind, name, settings)
    const channel = tables.channels.find(id)
    if (isOff && channel) tables.channels.update({ ...channel, enabled: false }, context.clock())
    return id
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'BAD_USER_INPUT') throw error
    problems.push(`${setting}: ${error.message}`)
    return null
  }
}

function lockedNotices(off: Audience[], locked: string | null, named: (jobs: number[]) => string, alone: number[]) {
  if (off.length === 0) return []
  const names = off.map(({ name }) => JSON.stringify(name)).join(', ')
  const one = off.length === 1
  const state = `${names} ${one ? 'has' : 'have'} no user and password and ${one ? 'is' : 'are'} switched off, because ${locked}.`
  const remedy = `both, and enabled: true, with updateChannel`
  return alone.length === 0
    ? [`${state} Set ${remedy}.`]
    : [`${state} ${silenced(alone, 'by e-mail alone')} until you set ${remedy}: ${named(alone)}`]
}

function unmadeNotices(named: (jobs: number[]) => string, alone: number[]) {
  const remedy = 'there is a channel (createChannel) with rules for them (setNotificationRule)'
  return alone.length === 0
    ? []
    : [`${silenced(alone, 'only in a way that was not taken over')} until ${remedy}: ${named(alone)}`]
}

function silenced({ length }: number[], how: string): string {
  return length === 1
    ? `1 job was reported ${how}, and nobody is told about it`
    : `${length} jobs were reported ${how}, and nobody is told about them`
}

function trusting(made: Audience[]) {
  const names = made
    .filter(({ settings }) => settings.allowUntrustedCertificate)
    .map(({ name }) => JSON.stringify(name))
  if (names.length === 0) return []
  return [
    `The old release did not check the certificate of the mail server, and ${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not either. If the server has a trusted certificate, set allowUntrustedCertificate to false with updateChannel.`,
  ]
}

/** The jobs that something is told of. */
function jobsOf(audiences: Audience[]): number[] {
  return [
    ...new Set(audiences.flatMap(({ told }) => told.flatMap(([jobId, events]) => (events.length > 0 ? jobId : [])))),
  ]
}

function namesOf(tables: Tables, jobIds: number[]): string {
  const names = jobIds.slice(0, namedJobs).map((jobId) => nameOf(tables, jobId))
  const more = jobIds.length - names.length
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
