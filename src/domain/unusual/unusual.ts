// What is unusual about a run, judged by the earlier runs of its own job. Such remarks are information: they change neither the
// status of the run nor the state of the job.
//
// A figure is unusual only if it exceeds all of these: a floor; twice the median of the last runs; their median and six times
// their deviation (MAD); and clearly what there was before, which lets peaks of a week or a month pass.
//
// Long because the rules stand together with their thresholds.

import { clockTime, formatSize } from '../messages/humanFormats.ts'
import type { Remark } from '../remarks.ts'
import type { Run } from '../report.ts'
import type { UnusualLimits } from './limits.ts'
import { dayMs, filesOf, fillingOf, growthDaysAtLeast, runsAtLeast, usual, usualRuns } from './outlook.ts'
import { comparedRun, isComparable, type PastRun } from './pastRun.ts'
import { deviation, median } from './robust.ts'

/** How many are looked through for a run that was like it: of a daily job all of two and a half years, of an hourly one six weeks. */
const rememberedRuns = 1000
/** Ten runs of one day know nothing of the nights. */
const knownDays = 7
const deviations = 6
const times = 2
/** How many times what there was before it must exceed. */
const margin = 2
/** The same of files, if it concerns so large a share of all, and of versions. */
const smallMargin = 1.25
const largeShare = 0.25
/** Runs that are longer ago do not excuse that one takes long: a quarter ends every 92 days. */
const slowDays = 100
/** After a pause so many times the usual changes are expected at most, however long it was. */
const pausesAtMost = 30
/** How many days pass until it is remarked again that a destination fills up. */
const againDays = 7

/** Earlier runs of the same job that are comparable, ascending; at most so many, and those the latest. */
export type Earlier = (runs: number) => PastRun[]

/**
 * What is unusual about a run. Nothing of one that failed or was cut short, and nothing before the job has ten runs over a week.
 *
 * @param remarks what is remarked of it already: that the source shrank is not said twice
 * @param at its place in time
 * @param versions how many the job was known to have
 * @param limits from where on what is unusual
 * @param earlier asked only if a figure exceeds its floor, and for more than 60 runs only if it is unusual by these
 */
export function unusualIn(
  run: Run,
  remarks: readonly Remark[],
  at: Date,
  now: Date,
  versions: number | null,
  limits: UnusualLimits,
  earlier: Earlier,
): Remark[] {
  if (!isComparable(run)) return []
  const compared = comparedRun(run, at)
  const floors = floorsOf(limits)
  if (!mayBeUnusual(compared, versions, floors)) return []
  const recent = earlier(usualRuns)
  if (recent.length < runsAtLeast || found(compared, recent, recent, now, floors, 0).length === 0) return []
  const all = earlier(rememberedRuns)
  if (at.getTime() - (all[0]?.at.getTime() ?? 0) < knownDays * dayMs) return []
  const shrank = remarks.some(({ kind }) => kind === 'SOURCE_SHRANK' || kind === 'NOTHING_EXAMINED')
  return found(compared, recent, all, now, floors, growthDaysAtLeast).filter(
    ({ kind }) => !(shrank && kind === 'MANY_FILES_CHANGED'),
  )
}

interface Floors {
  files: number
  seconds: number
  /** Lost at once. */
  versions: number
  /** Within how many days a destination is full. */
  days: number
}

function floorsOf(limits: UnusualLimits): Floors {
  const never = Number.POSITIVE_INFINITY
  return {
    files: limits.MANY_FILES_CHANGED ?? never,
    seconds: limits.TOOK_LONG ?? never,
    versions: limits.FEWER_VERSIONS ?? never,
    days: limits.DESTINATION_FILLS_UP ?? 0,
  }
}

/** Whether any figure exceeds its floor: most runs are no more than that. */
function mayBeUnusual(run: PastRun, versions: number | null, floors: Floors): boolean {
  return (
    filesOf(run) > floors.files ||
    (run.seconds ?? 0) > floors.seconds ||
    (floors.days > 0 && (run.freeQuota !== null || run.assignedQuota !== null)) ||
    (run.versions !== null && versions !== null && versions - run.versions >= floors.versions)
  )
}

/**
 * @param recent say what is usual
 * @param all are looked through for runs that were alike
 * @param spanDays over how many days the growth must be known
 */
function found(
  run: PastRun,
  recent: readonly PastRun[],
  all: readonly PastRun[],
  now: Date,
  floors: Floors,
  spanDays: number,
): Remark[] {
  return [
    manyFiles(run, recent, all, floors),
    tookLong(run, recent, all, floors),
    fewerVersions(run, recent, all, floors),
    fillsUp(run, all, now, floors, spanDays),
  ].filter((remark) => remark !== null)
}

/** What encrypts files changes them, or deletes them and writes others. Many new files alone are a new folder. */
function manyFiles(run: PastRun, recent: readonly PastRun[], all: readonly PastRun[], floors: Floors): Remark | null {
  const files = recent.map(filesOf)
  const most = largest(all.map(filesOf))
  const isLargeShare = filesOf(run) > largeShare * run.examinedFiles
  if (
    !isBeyond(
      filesOf(run),
      floors.files,
      files,
      (isLargeShare ? smallMargin : margin) * most,
      pausesBefore(run, recent),
    )
  )
    return null
  const { modifiedFiles, deletedFiles } = run
  const what = `${modifiedFiles} files were changed and ${deletedFiles} have vanished from the source`
  return {
    kind: 'MANY_FILES_CHANGED',
    message: `${what}: usually it is about ${Math.round(median(files))} together, and it was never more than ${most}.`,
  }
}

/** How many of the usual intervals have passed since the run before. */
function pausesBefore({ at }: PastRun, recent: readonly PastRun[]): number {
  const last = recent.at(-1)
  const interval = intervalOf(recent)
  if (!last || !(interval > 0)) return 1
  return Math.min(Math.max(1, (at.getTime() - last.at.getTime()) / interval), pausesAtMost)
}

/** The usual time between two runs, in milliseconds. */
function intervalOf(recent: readonly PastRun[]): number {
  return median(recent.slice(1).map(({ at }, index) => at.getTime() - (recent[index]?.at.getTime() ?? 0)))
}

function tookLong(run: PastRun, recent: readonly PastRun[], all: readonly PastRun[], floors: Floors): Remark | null {
  const { seconds } = run
  if (seconds === null) return null
  const known = recent.map((one) => one.seconds).filter((value) => value !== null)
  if (known.length < runsAtLeast) return null
  const since = run.at.getTime() - slowDays * dayMs
  const longest = largest(
    all.filter((one) => one.at.getTime() >= since && !isFirst(one)).map((one) => one.seconds ?? 0),
  )
  if (!isBeyond(seconds, floors.seconds, known, margin * longest, 1) || savedMuch(run, recent)) return null
  const before = longest > 0 ? `, and in the last ${slowDays} days it never took more than ${clockTime(longest)}` : ''
  return {
    kind: 'TOOK_LONG',
    message: `The run took ${clockTime(seconds)} hours: usually it takes about ${clockTime(median(known))}${before}.`,
  }
}

/** Most of its files were new to it: it is the first, or nearly so, and takes as long as none after it. */
function isFirst({ addedFiles, examinedFiles }: PastRun): boolean {
  return addedFiles * 2 > examinedFiles
}

/** It took long because it moved more than usual, at the usual speed. */
function savedMuch(run: PastRun, recent: readonly PastRun[]): boolean {
  const size = usual(recent, ({ movedSize }) => movedSize) ?? 0
  const speed = usual(recent, speedOf)
  return speed !== null && run.movedSize > times * size && (speedOf(run) ?? 0) >= speed
}

function speedOf({ movedSize, seconds }: PastRun): number | null {
  return seconds === null ? null : movedSize / Math.max(1, seconds)
}

function isBeyond(value: number, floor: number, usualOnes: number[], most: number, pauses: number): boolean {
  const center = median(usualOnes)
  return (
    value > floor &&
    value > times * center * pauses &&
    value > (center + deviations * deviation(usualOnes)) * pauses &&
    value > most
  )
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/** More than a quarter of them went at once, more than ever before, and more than got too old meanwhile. */
function fewerVersions(
  run: PastRun,
  recent: readonly PastRun[],
  all: readonly PastRun[],
  floors: Floors,
): Remark | null {
  const before = recent.findLast(({ versions }) => versions !== null)
  // That none is left is a remark of its own.
  if (!before || before.versions === null || run.versions === null || run.versions === 0) return null
  const lost = before.versions - run.versions
  const aged = ((run.at.getTime() - before.at.getTime()) / intervalOf(recent)) * 1.5
  if (lost < floors.versions || lost * 4 <= before.versions || lost <= aged || lost <= smallMargin * mostLost(all))
    return null
  return {
    kind: 'FEWER_VERSIONS',
    message: `${run.versions} ${run.versions === 1 ? 'version is' : 'versions are'} left at the destination: there were ${before.versions} after the run before.`,
  }
}

/** How many versions went at once at most. */
function mostLost(runs: readonly PastRun[]): number {
  const known = runs.map(({ versions }) => versions).filter((versions) => versions !== null)
  return largest(known.slice(1).map((versions, index) => (known[index] ?? 0) - versions))
}

function fillsUp(run: PastRun, all: readonly PastRun[], now: Date, floors: Floors, spanDays: number): Remark | null {
  if (run.storedSize === null || (run.freeQuota === null && run.assignedQuota === null)) return null
  if (now.getTime() - run.at.getTime() > againDays * dayMs) return null
  const saidAt = all.findLast(({ remarked }) => remarked.includes('DESTINATION_FILLS_UP'))?.at
  if (saidAt && run.at.getTime() - saidAt.getTime() < againDays * dayMs) return null
  const filling = fillingOf([...all, run], spanDays)
  if (!filling?.fullAt || filling.free === null) return null
  const days = Math.floor((filling.fullAt.getTime() - run.at.getTime()) / dayMs)
  if (days >= floors.days) return null
  const when = days === 0 ? 'within a day' : `in about ${days === 1 ? '1 day' : `${days} days`}`
  return {
    kind: 'DESTINATION_FILLS_UP',
    message: `The destination will be full ${when}, on ${filling.fullAt.toISOString().slice(0, 10)}: ${formatSize(filling.free)} are free, and about ${formatSize(Math.round(filling.usedPerDay))} more are used every day.`,
  }
}
