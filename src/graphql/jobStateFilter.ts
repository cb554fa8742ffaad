// The rule of domain/jobState.ts as conditions for the database: which jobs and servers are in a state at a moment.

import { type JobState, jobStates } from '../domain/jobState.ts'
import type { Prisma } from '../generated/prisma/client.ts'

/** The jobs that are in one of the states at `now`. */
export function jobsInState(states: readonly JobState[], now: Date): Prisma.BackupJobWhereInput {
  return { OR: states.map((state) => jobIs(state, now)) }
}

/** The servers that are in one of the states at `now`. */
export function serversInState(states: readonly JobState[], now: Date): Prisma.ServerWhereInput {
  return { OR: states.map((state) => serverIs(state, now)) }
}

function jobIs(state: JobState, now: Date): Prisma.BackupJobWhereInput {
  switch (state) {
    case 'PAUSED':
      return { paused: true }
    case 'OVERDUE':
      return { paused: false, overdueAt: { lt: now } }
    case 'LATE':
      return { paused: false, dueAt: { lt: now }, AND: notBefore('overdueAt', now) }
    case 'FAILED':
      return { ...onTime(now), lastStatus: { in: ['ERROR', 'FATAL'] } }
    case 'WARNING':
      return { ...onTime(now), lastStatus: { in: ['WARNING', 'UNKNOWN'] } }
    case 'OK':
      return { ...onTime(now), lastStatus: 'SUCCESS' }
    case 'NEW':
      return { ...onTime(now), lastStatus: null }
  }
}

/** A job of the server is in the state, and none that is not paused is in a worse one. */
function serverIs(state: JobState, now: Date): Prisma.ServerWhereInput {
  if (state === 'PAUSED') return { jobs: { some: {}, every: { paused: true } } }
  const worse = jobStates.slice(1, jobStates.indexOf(state))
  const isWorst = { jobs: { some: jobIs(state, now), none: jobsInState(worse, now) } }
  return state === 'NEW' ? { OR: [isWorst, { jobs: { none: {} } }] } : isWorst
}

function onTime(now: Date): Prisma.BackupJobWhereInput {
  return { paused: false, AND: [notBefore('overdueAt', now), notBefore('dueAt', now)] }
}

function notBefore(column: 'dueAt' | 'overdueAt', now: Date): Prisma.BackupJobWhereInput {
  return { OR: [{ [column]: null }, { [column]: { gte: now } }] }
}
