// A year of the invented jobs, whose troubles are others: how often one of their runs is said to be unusual.

import { expect, it } from 'vitest'
import { demoHistory } from '../../src/demo/history/demoHistory.ts'
import { placeInTime } from '../../src/domain/schedule/schedule.ts'
import { readReport } from '../../src/duplicati/readReport.ts'
import { start } from '../support/app.ts'
import { judgedRuns } from '../support/judgedRuns.ts'

it.each([1])(
  'at most two runs of a job are unusual in a year without anything unusual, with seed %i',
  (seed) => {
    const jobs = new Map<string, ReturnType<typeof judgedRuns>>()
    const said = new Map<string, string[]>()
    for (const sent of demoHistory(seed, start)) {
      const read = readReport(sent.report, { machine: sent.machine, maxLogLines: 0, text: () => '' })
      if (!('report' in read)) throw new Error(`No backup: ${read.ignored}`)
      const { machine, job, run } = read.report
      const key = `${machine.id ?? machine.name}/${job.id ?? job.name}`
      const judge = jobs.get(key) ?? judgedRuns()
      jobs.set(key, judge)
      const at = placeInTime(run.beganAt, sent.receivedAt)
      const messages = judge(run, at, sent.receivedAt).map(({ message }) => `${at.toISOString()} ${message}`)
      said.set(key, [...(said.get(key) ?? []), ...messages])
    }
    expect(said.size).toBeGreaterThan(15)
    expect([...said].filter(([, messages]) => messages.length > 2)).toEqual([])
  },
  120_000,
)
