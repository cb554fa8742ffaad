// The runs of one job over the year: when they took place, what they found and did, and what went wrong.

import { backUp, lookedAt, nothingStored, type Transfer } from './destination.ts'
import type { Job, Machine, Release } from './machine.ts'
import { dayMs, occasionsOf, troubleOf } from './occasions.ts'
import { type Random, randomOf } from './random.ts'
import { scheduledTimes } from './schedule.ts'
import { firstSource, laterSource, rewritten, type Source, unseen } from './source.ts'
import { type Trouble, troubles } from './troubles.ts'

export interface DemoRun {
  machine: Machine
  job: Job
  release: Release
  /** What the job was called then. */
  jobName: string
  dryRun: boolean
  /** Milliseconds since 1970, here and below. */
  beganAt: number
  endedAt: number
  receivedAt: number
  /** The next run, where one is planned. */
  nextAt: number | null
  trouble: Trouble | null
  source: Source
  transfer: Transfer
}

/** All runs of the job that are reported before `now`, in their order. Each draws from a chance of its own. */
export function* jobRuns(machine: Machine, job: Job, seed: number, now: number): Generator<DemoRun> {
  const occasions = occasionsOf(machine, job, now)
  const planned = job.schedule
    ? scheduledTimes(job.schedule, machine.timeZone, now, occasions[0]?.at ?? now, now + 9 * dayMs)
    : []
  let last: { at: number; source: Source } | null = null
  let stored = nothingStored
  for (const occasion of occasions) {
    const { at, kind } = occasion
    const random = randomOf(seed, machine.name, machine.sinceDaysAgo, job.id, at)
    const sleeps = random.chance(job.asleep ?? 0)
    if (sleeps && random.chance(0.6)) continue

    const release = releaseAt(machine, at, now)
    const troubleName = troubleOf(job, occasion, occasions, now, random)
    const trouble: Trouble | null = troubleName && troubles[troubleName]({ random, machine, release })
    const beganAt = soonAfter(at, sleeps ? random.between(600, 5 * 3600) : random.between(0.3, 4), now)
    const later = last && laterSource(last.source, job, (at - last.at) / dayMs, random)
    const rewrittenAt = now - (job.rewrittenDaysAgo ?? 0) * dayMs
    const isRewritten = job.rewrittenDaysAgo !== undefined && last && last.at < rewrittenAt && rewrittenAt <= at
    const found: Source = later ? (isRewritten ? rewritten(later) : later) : firstSource(job)
    const source = trouble?.thrown ? unseen : found
    const counts = kind !== 'dryRun' && !trouble?.thrown
    const transfer = counts ? backUp(stored, found, job, beganAt, random) : lookedAt(stored)
    const endedAt = soonAfter(beganAt, secondsOf(job, source, transfer, trouble, random), now)
    if (counts) last = { at, source }
    stored = transfer.stored
    yield {
      machine,
      job,
      release,
      jobName: job.renamed && at < now - job.renamed.daysAgo * dayMs ? job.renamed.from : job.name,
      dryRun: kind === 'dryRun',
      beganAt,
      endedAt,
      receivedAt: soonAfter(endedAt, random.between(0.2, 2.5), now),
      nextAt: kind === 'scheduled' ? (planned.find((time) => time > endedAt) ?? null) : null,
      trouble,
      source,
      transfer,
    }
  }
}

function releaseAt({ release, upgrades }: Machine, at: number, now: number): Release {
  return upgrades.findLast(({ daysAgo }) => at >= now - daysAgo * dayMs)?.release ?? release
}

/** So many seconds later; what would not be over at `now` is hurried, so that nothing is under way then. */
function soonAfter(at: number, seconds: number, now: number): number {
  return Math.round(at + Math.min(seconds * 1000, (now - at) / 2))
}

function secondsOf(job: Job, source: Source, transfer: Transfer, trouble: Trouble | null, random: Random): number {
  if (trouble?.thrown) return (trouble.patience ?? 2) * random.noise(0.2)
  const looking = 8 + source.files / 6000
  const moving = (transfer.uploadedSize + transfer.downloadedSize) / job.bytesPerSecond
  return (looking + moving + 30 * (trouble?.retries ?? 0)) * random.noise(0.15)
}
