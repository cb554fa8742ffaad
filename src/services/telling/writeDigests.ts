// Writes the digests that are due into the outbox. What one says is read bit by bit, so that others are answered in between; it is
// written, and its next time set, in one transaction: each is written once, whenever the server dies. One that fell due several times
// while the server was down is written once.

import { setImmediate as othersTurn } from 'node:timers/promises'
import type { StoredDigest } from '../../database/tables/digestTable.ts'
import type { Tables } from '../../database/writer.ts'
import { createDigest, type DigestBuilder, type DigestRuns, type DigestScope } from '../../domain/messages/digest.ts'
import type { Message } from '../../domain/messages/notification.ts'
import { defaultTemplates, type Template } from '../../domain/messages/template.ts'
import { isFailure } from '../../domain/runStatus.ts'
import { nextDigest } from '../../domain/schedule/digestTime.ts'
import type { Context } from '../context.ts'
import { passTimeOfJobs } from '../jobs/watchJobs.ts'
import { timeZoneOf } from './notify.ts'

/** How many jobs, and how many runs, are read at once: some milliseconds. */
const jobsAtOnce = 250
const runsAtOnce = 2000

const dayMs = 24 * 60 * 60 * 1000

/** The next digest is never further away than this, in days, unless a clock was ahead when it was set. */
const furthest = { DAILY: 3, WEEKLY: 15, MONTHLY: 63 }

export interface DigestWriting {
  /** Writes every digest that is due. */
  writeDue(): Promise<void>
  /** When the next one is due; null if there is none. */
  nextAt(): Date | null
  /** Ends it before the next page is read; what is not written yet is written by the next start. */
  stop(): void
}

export function createDigests(context: Context): DigestWriting {
  const { database, clock, log } = context
  const { writer } = database
  let stopped = false

  async function writeDue() {
    const now = clock()
    if (!writer.read(({ digests }) => digests.nextAt())) return
    const all = writer.read(({ digests }) => digests.all())
    for (const digest of all) if (isTooFar(digest, now)) await setRight(digest)
    const due = all.filter(({ nextAt }) => nextAt <= now)
    if (due.length === 0) return
    // What was late when it fell due may be overdue by now.
    await passTimeOfJobs(context)
    let failure: unknown
    for (const digest of due) {
      if (stopped) return
      try {
        await write(digest)
      } catch (error) {
        log.error({ err: error, channel: digest.channelId }, 'A digest could not be written')
        failure = error
      }
    }
    if (failure) throw failure
  }

  async function write(digest: StoredDigest) {
    const until = clock()
    const { template, timeZone, isEnabled } = writer.read((tables) => ({
      template: tables.settings.template('DIGEST') ?? defaultTemplates.DIGEST,
      timeZone: zoneOf(tables, digest),
      isEnabled: tables.channels.find(digest.channelId)?.enabled ?? false,
    }))
    const countedId = database.digests.lastId()
    const scope = { ...digest, since: digest.sinceAt }
    const message = isEnabled
      ? await gather(context, { ...scope, until, untilId: countedId }, template, timeZone, () => stopped)
      : null
    if (isEnabled && !message) return
    await writer.write((tables) => {
      const known = tables.digests.find(digest.channelId)
      // Somebody changed it meanwhile.
      if (known?.nextAt.getTime() !== digest.nextAt.getTime() || known.updatedAt > digest.updatedAt) return
      const now = clock()
      const nextAt = nextDigest(known, now, zoneOf(tables, known))
      // A channel that is switched off misses it, and the next one says what ran since the last.
      if (!message || !tables.channels.find(known.channelId)?.enabled) return tables.digests.set({ ...known, nextAt })
      tables.digests.set({ ...known, nextAt, sinceAt: until, countedId })
      tables.notifications.insertDigest(known.channelId, message, now)
    })
    context.events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: digest.channelId })
  }

  async function setRight({ channelId }: StoredDigest) {
    await writer.write((tables) => {
      const digest = tables.digests.find(channelId)
      if (digest) tables.digests.set({ ...digest, nextAt: nextDigest(digest, clock(), zoneOf(tables, digest)) })
    })
  }

  return {
    writeDue,
    nextAt: () => writer.read(({ digests }) => digests.nextAt()),
    stop: () => {
      stopped = true
    },
  }
}

/** The digest of all jobs and of the last day, as it would be now. */
export async function previewDigest(context: Context, template: Template): Promise<Message> {
  const { database, clock } = context
  const until = clock()
  const since = new Date(until.getTime() - dayMs)
  const counted = { countedId: database.digests.lastIdAt(since), untilId: database.digests.lastId() }
  const timeZone = database.writer.read(timeZoneOf)
  const scope: Scope = { period: 'DAILY', tag: null, since, until, ...counted }
  return (await gather(context, scope, template, timeZone, () => false)) as Message
}

interface Scope extends DigestScope {
  until: Date
  /** The last run that was counted before, and the last that is counted now. */
  countedId: number
  untilId: number
}

/** Null if it was stopped. */
async function gather(
  context: Context,
  scope: Scope,
  template: Template,
  timeZone: string,
  isStopped: () => boolean,
): Promise<Message | null> {
  const { digests, tags } = context.database
  const { tag, since, until, countedId, untilId } = scope
  const ofTag = tag === null ? null : new Set(tags.jobsOf(tag, Number.MAX_SAFE_INTEGER))
  const isMeant = (jobId: number) => ofTag === null || ofTag.has(jobId)
  const digest: DigestBuilder = createDigest(scope, until, timeZone)
  for (let after = 0; ; ) {
    const page = digests.page(after, jobsAtOnce, countedId, until)
    for (const { id, ...job } of page) if (isMeant(id)) digest.add(job)
    if (page.length < jobsAtOnce) break
    after = page.at(-1)?.id ?? after
    await othersTurn()
    if (isStopped()) return null
  }
  const runs: DigestRuns = { succeeded: 0, warned: 0, failed: 0, missed: 0 }
  for (let after = countedId; after < untilId; after += runsAtOnce) {
    for (const { jobId, status, runs: count } of digests.runs(after, Math.min(after + runsAtOnce, untilId))) {
      if (!isMeant(jobId)) continue
      runs[isFailure(status) ? 'failed' : status === 'SUCCESS' ? 'succeeded' : 'warned'] += count
    }
    await othersTurn()
    if (isStopped()) return null
  }
  for (const { jobId, missed } of digests.missed(since, until)) if (isMeant(jobId)) runs.missed += missed
  return digest.compose(template, runs)
}

function isTooFar({ period, nextAt }: StoredDigest, now: Date): boolean {
  return nextAt.getTime() - now.getTime() > furthest[period] * dayMs
}

function zoneOf(tables: Tables, { timeZone }: StoredDigest): string {
  return timeZone ?? timeZoneOf(tables)
}
