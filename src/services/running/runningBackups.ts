// The runs that are under way, as Duplicati posts them. They are in memory alone: after a restart the next posts tell of them again.

import { givenUpAt, heard, type LiveRun, type ReportedTimes, reported, type StatusPost } from '../../domain/running.ts'

export interface RunningBackups {
  /** Takes what a post tells of a run of the job. */
  hear(job: JobOfServer, post: StatusPost): void
  /** Takes note that a report of the job was recorded. */
  report(jobId: number, times: ReportedTimes): void
  /** The run of the job that is under way; null if none is. */
  of(jobId: number): LiveRun | null
  /** Forgets what is given up. @returns the servers that a report was lost of, once each */
  giveUp(): number[]
  /** When there is something to give up next; null if nothing is known of any run. */
  nextAt(): Date | null
  /** Another one whenever something else is shown: of answers that were kept, those with another one do not hold. */
  version(): number
}

interface JobOfServer {
  jobId: number
  serverId: number
}

interface Known {
  serverId: number
  run: LiveRun
}

/** The job that was heard of longest ago is forgotten for the next. */
const mostJobs = 10_000

/** @param tell is called when what is shown of a job has changed, for its figures only now and then */
export function createRunningBackups(clock: () => Date, tell: (jobId: number) => void): RunningBackups {
  /** By the number of the job, the one that was heard of longest ago first. */
  const all = new Map<number, Known>()
  let version = 0

  function forget(jobId: number) {
    const known = all.get(jobId)
    all.delete(jobId)
    if (known?.run.stage === 'RUNNING') changed(jobId, true)
  }

  function changed(jobId: number, isToTell: boolean) {
    version += 1
    if (isToTell) tell(jobId)
  }

  return {
    hear: ({ jobId, serverId }, post) => {
      const told = heard(all.get(jobId)?.run ?? null, post, clock())
      if (!told) return
      all.delete(jobId)
      all.set(jobId, { serverId, run: told.run })
      changed(jobId, told.isToTell)
      const [oldest] = all.keys()
      if (all.size > mostJobs && oldest !== undefined) forget(oldest)
    },
    report: (jobId, times) => {
      const known = all.get(jobId)
      if (!known) return
      const run = reported(known.run, times)
      all.set(jobId, { ...known, run })
      if (known.run.stage === 'RUNNING' && run.stage !== 'RUNNING') changed(jobId, true)
    },
    of: (jobId) => {
      const run = all.get(jobId)?.run
      return run?.stage === 'RUNNING' ? run : null
    },
    giveUp: () => {
      const now = clock()
      const over = [...all].filter(([, { run }]) => givenUpAt(run) <= now)
      for (const [jobId] of over) forget(jobId)
      return [...new Set(over.filter(([, { run }]) => run.stage === 'ENDED').map(([, { serverId }]) => serverId))]
    },
    nextAt: () => {
      let next: Date | null = null
      for (const { run } of all.values()) {
        const at = givenUpAt(run)
        if (next === null || at < next) next = at
      }
      return next
    },
    version: () => version,
  }
}
