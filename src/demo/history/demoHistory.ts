// A year of reports of machines that do not exist, the same for the same seed and moment.

import { fleet } from './fleet.ts'
import { type DemoRun, jobRuns } from './jobRuns.ts'
import { randomOf } from './random.ts'
import { reportOf } from './report.ts'

export interface SentReport {
  receivedAt: Date
  /** The machine's name, as in `?machine=NAME`, where its release of Duplicati does not send it. */
  machine: string | null
  /** The document that Duplicati posts. */
  report: object
}

/** All reports received before `now`, in the order of receipt. Each is made when it is taken: all at once are many. */
export function demoHistory(seed: number, now: Date): { size: number } & Iterable<SentReport> {
  const runs = fleet
    .flatMap((machine) => machine.jobs.flatMap((job) => [...jobRuns(machine, job, seed, now.getTime())]))
    .sort((a, b) => a.receivedAt - b.receivedAt)
  return {
    size: runs.length,
    *[Symbol.iterator]() {
      for (const run of runs) yield sent(run, seed)
    },
  }
}

function sent(run: DemoRun, seed: number): SentReport {
  const { machine, job, release, beganAt, receivedAt } = run
  const name = [seed, machine.name, machine.sinceDaysAgo] as const
  const machineId = randomOf(...name, 'machine-id').id()
  return {
    receivedAt: new Date(receivedAt),
    machine: release.minor < 2.1 ? machine.name : null,
    report: reportOf(run, machineId, randomOf(...name, job.id, beganAt, 'report')),
  }
}
