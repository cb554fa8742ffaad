// Judges the runs of a job in their order, as recording them does, without a database.

import { emptyMemory, type JobMemory, withRun } from '../../src/domain/jobMemory.ts'
import { judgeEvidence, type Remark } from '../../src/domain/remarks.ts'
import type { Run } from '../../src/domain/report.ts'
import { usualLimits } from '../../src/domain/unusual/limits.ts'
import { comparedRun, isComparable, type PastRun } from '../../src/domain/unusual/pastRun.ts'
import { unusualIn } from '../../src/domain/unusual/unusual.ts'

/** Gives the unusual remarks of each run that it is given; they come in the order of time. */
export function judgedRuns(): (run: Run, at: Date, receivedAt?: Date) => Remark[] {
  const past: PastRun[] = []
  let memory: JobMemory = emptyMemory
  let id = 0
  return (run, at, receivedAt = at) => {
    id += 1
    const { status, remarks } = judgeEvidence(run, memory, receivedAt)
    const judged = { ...run, status }
    const unusual = unusualIn(judged, remarks, at, receivedAt, memory.versions, usualLimits, (runs) =>
      past.slice(-runs),
    )
    if (isComparable(judged)) past.push({ ...comparedRun(judged, at), remarked: unusual.map(({ kind }) => kind) })
    memory = withRun(memory, {
      ...judged,
      origin: 'REPORTED',
      id,
      orderedAt: at,
      receivedAt,
      acknowledged: false,
      savedNothing: false,
    })
    return unusual
  }
}
