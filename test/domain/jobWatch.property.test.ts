// Random lives of a job, with a watcher that sleeps now and then, against a simulation that goes minute by minute. The guess of
// a rhythm from the history is left out here, and calendars: they have tests of their own.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyHistory, type JobHistory, withRun } from '../../src/domain/jobHistory.ts'
import { type JobWatch, passTime, runRecorded, type Step, troubleOf, watchChanged } from '../../src/domain/jobWatch.ts'
import { eventFor } from '../../src/domain/notification.ts'
import { unwatched } from '../support/jobLife.ts'
import { type Deed, type Lived, listeners, simulate } from '../support/jobSimulation.ts'

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

const report = fc.record({
  do: fc.constant('report' as const),
  run: fc.constantFrom('SUCCESS', 'SUCCESS', 'SUCCESS', 'WARNING', 'FAILED', 'FAILED'),
  beganAgo: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3 * day })),
  announcedIn: fc.oneof(
    { weight: 6, arbitrary: fc.constant(day) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 * day }) },
    { weight: 2, arbitrary: fc.constant(null) },
  ),
})

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: report },
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
      const { deeds, minutes } = laidOut(story, watcher)
      expect(lived(startAt, deeds)).toEqual(simulate(startAt, minutes, deeds))
    }),
    { numRuns: soak ? 3000 : 40, ...(process.env.SEED ? { seed: Number(process.env.SEED) } : soak ? {} : { seed: 5 }) },
  )
}, 3_600_000)

/** What is done in which minute. The watcher looks where nothing else is done. */
function laidOut(story: [number, Deed][], watcher: { awake: number; looksEvery: number; asleep: number }[]) {
  const deeds = new Map<number, Deed>()
  let now = 0
  for (const [gap, deed] of story) {
    now += Math.max(1, gap)
    deeds.set(now, deed)
  }
  const minutes = now + 3 * day
  for (let moment = 0, turn = 0; moment <= minutes; turn++) {
    const { awake, looksEvery, asleep } = watcher[turn % watcher.length] as (typeof watcher)[number]
    for (let look = moment; look <= Math.min(moment + awake, minutes); look += looksEvery) {
      if (!deeds.has(look)) deeds.set(look, { do: 'look' })
    }
    moment += awake + asleep + 1
  }
  if (!deeds.has(minutes)) deeds.set(minutes, { do: 'look' })
  return { deeds, minutes }
}

/** The same through the rules of the server. */
function lived(startAt: Date, deeds: Map<number, Deed>): Lived {
  const life = { watch: unwatched, memory: emptyHistory as JobHistory, startAt }
  const transitions: string[] = []
  const told: string[][] = listeners.map(() => [])
  for (const [moment, deed] of [...deeds].sort(([a], [b]) => a - b)) {
    const step = stepOf(life, moment, deed)
    life.watch = step.watch
    for (const { from, to, at, why } of step.transitions) {
      transitions.push(`${(at.getTime() - startAt.getTime()) / minute} ${from} ${to} ${why}`)
    }
    for (const occurrence of step.occurrences) {
      for (const [index, { events, repeat }] of listeners.entries()) {
        const rule = { channelId: 1, serverId: null, jobId: null, events: [...events], repeat }
        const event = eventFor(rule, occurrence)
        if (event) told[index]?.push(`${moment} ${event}${occurrence.reminder ? ' again' : ''}`)
      }
    }
  }
  return { transitions, told, state: life.watch.state }
}

interface Life {
  watch: JobWatch
  memory: JobHistory
  startAt: Date
}

function stepOf(life: Life, moment: number, deed: Deed): Step {
  const { watch, memory } = life
  const at = (minutes: number) => new Date(life.startAt.getTime() + minutes * minute)
  const now = at(moment)
  const change = (change: Partial<JobWatch>) => watchChanged(watch, memory, change, 3600, now, 'SCHEDULE')
  switch (deed.do) {
    case 'look':
      return passTime(watch, memory, now)
    case 'report': {
      const id = memory.runs + 1
      const status = deed.run === 'FAILED' ? 'ERROR' : deed.run
      const after = withRun(memory, {
        id,
        orderedAt: at(moment - deed.beganAgo),
        receivedAt: now,
        beganAt: at(moment - deed.beganAgo),
        endedAt: null,
        durationSeconds: null,
        dryRun: false,
        status,
        uploadedSize: 0,
        sourceSize: null,
        storedSize: null,
        versions: null,
        nextScheduledRun: deed.announcedIn === null ? null : at(moment + deed.announcedIn),
      })
      // One run gives no rhythm.
      life.memory = { ...after, recentRuns: after.recentRuns.slice(-1) }
      return runRecorded(watch, memory, life.memory, { id, status }, 3600, now)
    }
    case 'pause':
      return change({ paused: true })
    case 'resume':
      return change(watch.paused ? { paused: false, watchFrom: now } : {})
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
    case 'acknowledge': {
      const passed = passTime(watch, memory, now).watch
      const acknowledged = troubleOf(passed, memory.lastStatus)
      return change(acknowledged ? { acknowledged, acknowledgedAt: now } : {})
    }
  }
}
