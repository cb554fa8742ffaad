// What is told of an invented machine and its jobs before anything runs. Times are counted in days before the present.

import type { Retention } from './retention.ts'
import type { Schedule } from './schedule.ts'

/** What can go wrong; troubles.ts tells how it looks. */
export type TroubleName =
  | 'retried'
  | 'lockedFiles'
  | 'deniedFiles'
  | 'unknownFile'
  | 'stopped'
  | 'brokenVolume'
  | 'timedOut'
  | 'loginRefused'
  | 'accessRefused'
  | 'remoteMissing'
  | 'sourceMissing'

export interface Machine {
  name: string
  timeZone: string
  system: System
  /** The release of Duplicati it ran first, and those that followed, in their order. */
  release: Release
  upgrades: { daysAgo: number; release: Release }[]
  /** It reports from here on … */
  sinceDaysAgo: number
  /** … to here; it is silent afterwards. */
  untilDaysAgo: number
  /** Files that make trouble now and then. */
  awkwardFiles: string[]
  jobs: Job[]
}

export interface System {
  /** As Duplicati calls it. */
  operatingSystem: 'Windows' | 'Linux' | 'MacOS'
  detail: string
  installationType: string
}

export interface Release {
  /** What decides which fields a report has. */
  minor: 2.0 | 2.1 | 2.2 | 2.3
  /** As Duplicati writes it. */
  version: string
}

export interface Job {
  /** Duplicati's id, such as `DB-1`. */
  id: string
  name: string
  /** What it was called before. */
  renamed?: { daysAgo: number; from: string }
  /** When a program wrote most of its files anew, as ransomware would. */
  rewrittenDaysAgo?: number
  /** Null if it is only started by hand. */
  schedule: Schedule | null
  /** When it was started by hand. */
  byHandDaysAgo?: number[]
  /** When it was only tried. */
  dryRunsDaysAgo?: number[]
  /** When it was set up, if later than its machine. */
  sinceDaysAgo?: number
  destination: Destination
  retention: Retention | null
  /** At the first run: bytes and files. */
  size: number
  files: number
  /** Bytes. */
  changesPerDay: number
  /** Whether what is new replaces what was there before, as dumps do. */
  replaces?: boolean
  bytesPerSecond: number
  /** Whether it sends its whole log, at level Information. */
  sendsLog?: boolean
  /** The share of scheduled runs that do not take place, or take place hours later, because the machine sleeps. */
  asleep?: number
  /** What goes wrong, and the share of runs in which it does. The latest run is spared. */
  troubles: Partial<Record<TroubleName, number>>
  /** What has gone wrong in every run of the last days. */
  ending?: { trouble: TroubleName; days: number }
  /** Whether its latest run has not been heard of yet. */
  late?: boolean
}

interface Destination {
  /** As Duplicati calls it. */
  type: string
  hostSuffix?: string
  /** Bytes it holds in all, where it tells. */
  quota?: number
}
