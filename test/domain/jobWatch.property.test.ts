// Random lives of a job, with a watcher that sleeps now and then, against a simulation that goes minute by minute. The guess of
// a rhythm from the history is left out here, and calendars: they have tests of their own.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyMemory, type JobMemory, withRun } from '../../src/domain/jobMemory.ts'
import {
  absenceNoted,
  type JobWatch,
  passTime,
  resumption,
  runRecorded,
  type Step,
  troubleOf,
  type WatchSettings,
  watchChanged,
} from '../../src/domain/jobWatch.ts'
import { eventFor } from '../../src/domain/messages/eventFor.ts'
import type { RunStatus } from '../../src/domain/runStatus.ts'
import { absenceBefore, memorableAbsence } from '../../src/domain/schedule/absence.ts'
import { unwatched } from '../support/jobLife.ts'
import { type Deed, type Lived, listeners, type Run, simulate } from '../support/jobSimulation.ts'

const minute = 60_000
const hour = 60
const day = 24 * hour

const gap = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 * hour }) },
  // On time, or nearly so.
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 70 }).map((off) => day + off) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: 20 * day, max: 80 * day }) },
)

/** The server was away since the last deed. */
interface Start {
  do: 'start'
}

const report = fc.record({
  do: fc.constant('report' as const),
  run: fc.constantFrom(
    ...(['SUCCESS', 'SUCCESS', 'SUCCESS', 'WARNING', 'FAILED', 'FAILED', 'FAILED'] as const),
    ...(['STOPPED', 'UNKNOWN', 'PREVENTED'] as const),
  ),
  beganAgo: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3 * day })),
  // As a share of that: most runs are reported when they end.
  share: fc.constantFrom(0, 0.5, 1, 1),
  reason: fc.constantFrom(null, 'the disk is full', 'the disk is full', 'access is denied'),
  // Of one that was prevented nothing is.
  unusual: fc.constantFrom(true, false, false),
  announcedIn: fc.oneof(
    { weight: 6, arbitrary: fc.constant(day) },
    { weight: 2, arbitrary: fc.integer({ min: -day, max: 2 * day }) },
    { weight: 1, arbitrary: fc.constantFrom(-4 * day, 366 * day, 400 * day) },
    { weight: 3, arbitrary: fc.constant(null) },
  ),
})

const deed: fc.Arbitrary<Deed | Start> = fc.oneof(
  {
    weight: 12,
    arbitrary: report.map(({ share, ...rest }) => ({ ...rest, took: Math.floor(share * rest.beganAgo) })),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'start' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'acknowledge', 'unsnooze') }) },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('snooze' as const),
      minutes: fc.oneof(fc.constantFrom(hour, day, day + hour), fc.integer({ min: 1, max: 4 * day })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tolerance' as const), minutes: fc.constantFrom(0, 1, hour, day) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('schedule' as const), minutes: fc.constantFrom(null, 45, day, 7 * day) }),
  },
)

const watcher = fc.array(
  fc.record({
    awake: fc.integer({ min: 0, max: 5 * day }),
    looksEvery: fc.constantFrom(1, 1, 7, hour),
    asleep: fc.oneof(fc.integer({ min: 0, max: hour }), fc.integer({ min: 0, max: 40 * day })),
  }),
  { minLength: 1, maxLength: 6 },
)

const started = fc.integer({ min: 0, max: 800 }).map((days) => new Date(Date.UTC(2026, 0, 1) + days * day * minute))

const soak = Boolean(process.env.SOAK)

it('goes through the states, and is told, as minute by minute', () => {
  const story = fc.array(fc.tuple(gap, deed), { maxLength: soak ? 250 : 60 })
  fc.assert(
    fc.property(started, story, watcher, (startAt, story, watcher) => {
      const { deeds, absences, minutes } = laidOut(story, watcher)
      expect(lived(startAt, deeds, absences)).toEqual(simulate(startAt, minutes, deeds, absences, 1))
    }),
    { numRuns: soak ? 3000 : 40, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : soak ? {} : { seed: 5 }) },
  )
}, 3_600_000)

/** What is done in which minute. The watcher looks where nothing else is done. */
function laidOut(story: [number, Deed | Start][], watcher: { awake: number; looksEvery: number; asleep: number }[]) {
  const deeds = new Map<number, Deed>()
  const absences = new Map<number, number>()
  const isAway = new Set<number>()
  let now = 0
  for (const [gap, deed] of story) {
    const before = now
    now += Math.max(1, gap)
    if (deed.do !== 'start') deeds.set(now, deed)
    else {
      absences.set(now, now - before)
      for (let minute = before + 1; minute < now; minute++) isAway.add(minute)
    }
  }
  const minutes = now + 3 * day
  for (let moment = 0, turn = 0; moment <= minutes; turn++) {
    const { awake, looksEvery, asleep } = watcher[turn % watcher.length] as (typeof watcher)[number]
    for (let look = moment; look <= Math.min(moment + awake, minutes); look += looksEvery) {
      if (!deeds.has(look) && !isAway.has(look)) deeds.set(look, { do: 'look' })
    }
    moment += awake + asleep + 1
  }
  if (!deeds.has(minutes)) deeds.set(minutes, { do: 'look' })
  return { deeds, absences, minutes }
}

/** The same through the rules of the server. */
function lived(startAt: Date, deeds: Map<number, Deed>, absences: Map<number, number>): Lived {
  const life: Life = {
    watch: unwatched,
    memory: emptyMemory,
    settings: { toleranceSeconds: 3600, away: null },
    startAt,
  }
  const transitions: string[] = []
  const told: string[][] = listeners.map(() => [])
  for (const moment of [...new Set([...deeds.keys(), ...absences.keys()])].sort((a, b) => a - b)) {
    const absence = absences.get(moment)
    if (absence !== undefined) start(life, moment, absence)
    const deed = deeds.get(moment)
    if (!deed) continue
    const step = stepOf(life, moment, deed)
    life.watch = step.watch
    for (const { from, to, at, why } of step.transitions) {
      transitions.push(`${(at.getTime() - startAt.getTime()) / minute} ${from} ${to} ${why}`)
    }
    for (const occurrence of step.occurrences) {
      for (const [index, { events, repeat }] of listeners.entries()) {
        const event = eventFor({ events: [...events], repeat }, occurrence)
        if (event) told[index]?.push(`${moment} ${event}${occurrence.reminder ? ' again' : ''}`)
      }
    }
  }
  return { transitions, told, state: life.watch.state }
}

const statusOf: Record<Run, RunStatus> = {
  SUCCESS: 'SUCCESS',
  WARNING: 'WARNING',
  FAILED: 'ERROR',
  STOPPED: 'WARNING',
  UNKNOWN: 'UNKNOWN',
  PREVENTED: 'UNKNOWN',
}

interface Life {
  watch: JobWatch
  memory: JobMemory
  settings: WatchSettings
  startAt: Date
}

/** The server starts after so many minutes. */
function start(life: Life, moment: number, away: number) {
  const at = (minutes: number) => new Date(life.startAt.getTime() + minutes * minute)
  const absence = absenceBefore(at(moment), at(moment - away))
  if (absence) life.settings = { ...life.settings, away: memorableAbsence(life.settings.away, absence) }
  life.watch = absenceNoted(life.watch, life.memory, life.settings)
}

function stepOf(life: Life, moment: number, deed: Deed): Step {
  const { watch, memory, settings } = life
  const at = (minutes: number) => new Date(life.startAt.getTime() + minutes * minute)
  const now = at(moment)
  const change = (change: Partial<JobWatch>) => watchChanged(watch, memory, change, settings, now, 'SCHEDULE')
  switch (deed.do) {
    case 'look':
      return passTime(watch, memory, settings, now)
    case 'report': {
      const id = memory.runs + memory.dryRuns + 1
      const reason = deed.run === 'FAILED' ? deed.reason : null
      const after = withRun(memory, {
        id,
        orderedAt: at(moment - deed.beganAgo),
        origin: 'REPORTED',
        receivedAt: now,
        beganAt: at(moment - deed.beganAgo),
        endedAt: null,
        durationSeconds: deed.took * 60,
        // A run that was prevented counts as little as one that only pretends.
        dryRun: deed.run === 'PREVENTED',
        partial: false,
        interrupted: deed.run === 'STOPPED',
        status: statusOf[deed.run],
        prevented: false,
        savedNothing: false,
        acknowledged: false,
        examinedFiles: 1000,
        uploadedSize: 0,
        sourceSize: null,
        storedSize: null,
        versions: null,
        nextScheduledRun: deed.announcedIn === null ? null : at(moment + deed.announcedIn),
      })
      // One run gives no rhythm.
      life.memory = { ...after, recentRuns: after.recentRuns.slice(-1) }
      const { unusual } = deed
      return runRecorded(watch, memory, life.memory, { id, status: statusOf[deed.run], reason, unusual }, settings, now)
    }
    case 'pause':
      return change({ paused: true })
    case 'resume':
      return change(resumption(passTime(watch, memory, settings, now).watch, now))
    case 'unsnooze':
      return change({ snoozedUntil: null })
    case 'snooze':
      return change({ snoozedUntil: at(moment + deed.minutes) })
    case 'tolerance':
      return change({ toleranceSeconds: deed.minutes * 60 })
    case 'schedule': {
      const interval = deed.minutes === null ? null : ({ count: deed.minutes, unit: 'MINUTE' } as const)
      return change({ schedule: interval && { interval, weekdays: null, timeOfDay: null, timeZone: 'UTC' } })
    }
    case 'watchSuccess':
      // That is found out beside the rules of a job's state.
      return change({})
    case 'acknowledge': {
      const passed = passTime(watch, memory, settings, now).watch
      const acknowledged = troubleOf(passed, memory)
      return change(acknowledged ? { acknowledged, acknowledgedAt: now } : {})
    }
  }
}
