import { describe, expect, it } from 'vitest'
import { type JobFacts, jobState, severityOf, statesBySeverity, worstState } from '../../src/domain/jobState.ts'

const now = new Date('2026-08-01T12:00:00.000Z')
const before = new Date(now.getTime() - 1)
const after = new Date(now.getTime() + 1)
const job = (facts: Partial<JobFacts> = {}): JobFacts => ({
  paused: false,
  dueAt: null,
  overdueAt: null,
  lastStatus: 'SUCCESS',
  lastStopped: false,
  conclusiveStatus: null,
  ...facts,
})

/** The latest run was stopped; the last conclusive one ended like this. */
const stopped = (conclusiveStatus: JobFacts['conclusiveStatus']) =>
  ({ lastStatus: 'WARNING', lastStopped: true, conclusiveStatus }) as const

describe('jobState', () => {
  it.each([
    ['PAUSED, whatever else holds', { paused: true, dueAt: before, overdueAt: before, lastStatus: 'FATAL' }, 'PAUSED'],
    ['OVERDUE an instant after the tolerance', { dueAt: before, overdueAt: before, lastStatus: 'FATAL' }, 'OVERDUE'],
    ['LATE at the end of the tolerance', { dueAt: before, overdueAt: now }, 'LATE'],
    ['LATE an instant after it was due', { dueAt: before, overdueAt: after, lastStatus: 'ERROR' }, 'LATE'],
    ['still on time at the due time', { dueAt: now, overdueAt: after }, 'OK'],
    ['FAILED after an error', { lastStatus: 'ERROR', dueAt: after, overdueAt: after }, 'FAILED'],
    ['FAILED after a fatal run', { lastStatus: 'FATAL' }, 'FAILED'],
    ['WARNING after a warning', { lastStatus: 'WARNING' }, 'WARNING'],
    ['WARNING after a run nobody knows of', { lastStatus: 'UNKNOWN' }, 'WARNING'],
    ['FAILED while all runs since an error were stopped', stopped('ERROR'), 'FAILED'],
    ['WARNING after a stopped run since a success', stopped('SUCCESS'), 'WARNING'],
    ['WARNING after a stopped run, if no other is known', stopped(null), 'WARNING'],
    [
      'WARNING after a run nobody knows of since an error',
      { lastStatus: 'UNKNOWN', conclusiveStatus: 'FATAL' },
      'WARNING',
    ],
    ['OK after a success', {}, 'OK'],
    ['NEW without a run', { lastStatus: null }, 'NEW'],
  ] as const)('is %s', (_, facts, state) => {
    expect(jobState(job(facts), now)).toBe(state)
  })
})

describe('worstState', () => {
  it.each([
    ['NEW without jobs', [], 'NEW'],
    ['PAUSED if all jobs are', ['PAUSED', 'PAUSED'], 'PAUSED'],
    ['that of the jobs that are not paused', ['PAUSED', 'OK'], 'OK'],
    ['the worst', ['OK', 'WARNING', 'FAILED'], 'FAILED'],
    ['overdue before failed', ['FAILED', 'OVERDUE'], 'OVERDUE'],
    ['OK before NEW', ['NEW', 'OK'], 'OK'],
  ] as const)('is %s', (_, states, state) => {
    expect(worstState(states)).toBe(state)
  })
})

it('statesBySeverity begins with the worst, and ends with what is no trouble', () => {
  expect(statesBySeverity).toEqual(['OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW', 'PAUSED'])
})

it('severityOf is the higher, the worse', () => {
  expect(statesBySeverity.map(severityOf)).toEqual([6, 5, 4, 3, 2, 1, 0])
})
