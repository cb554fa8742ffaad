// When a job is expected to run, and who said so.

import { formatInterval } from '../../domain/schedule/interval.ts'
import type { Schedule as ScheduleValue } from '../../domain/schedule/schedule.ts'
import { builder } from '../builder.ts'
import { JobState } from './enums.ts'

const ScheduleSource = builder.enumType('ScheduleSource', {
  description: 'Who says when a job is due: the first of these that tells.',
  values: {
    SET: { description: 'A person set a schedule.' },
    REPORTED: { description: "Duplicati announced the next run, in a report of this job's." },
    LEGACY: { description: 'The settings of an old release.' },
    INFERRED: { description: 'Nobody: it is what the last runs look like. A guess is told late.' },
  } as const,
})

const Weekday = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: {
    MONDAY: { description: 'Monday.' },
    TUESDAY: { description: 'Tuesday.' },
    WEDNESDAY: { description: 'Wednesday.' },
    THURSDAY: { description: 'Thursday.' },
    FRIDAY: { description: 'Friday.' },
    SATURDAY: { description: 'Saturday.' },
    SUNDAY: { description: 'Sunday.' },
  } as const,
})

const Schedule = builder.objectRef<ScheduleValue>('Schedule').implement({
  description: 'When a job is expected to run.',
  fields: (t) => ({
    interval: t.string({
      description: 'How often it runs, as Duplicati writes it: `30m`, `12h`, `1D`, `1W`, `3M`, `1Y`; case matters.',
      resolve: ({ interval }) => formatInterval(interval),
    }),
    weekdays: t.expose('weekdays', {
      type: [Weekday],
      nullable: true,
      description: 'The days on which it may run; null for every day.',
    }),
    timeOfDay: t.exposeString('timeOfDay', {
      nullable: true,
      description: 'When on such a day, as `HH:MM`; null for whenever the interval has passed.',
    }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: 'By whose wall clock.' }),
  }),
})

export const ScheduleInput = builder.inputType('ScheduleInput', {
  description: 'When a job is expected to run.',
  fields: (t) => ({
    interval: t.string({
      required: true,
      description: 'How often it runs, as Duplicati writes it: `30m`, `12h`, `1D`, `1W`, `3M`, `1Y`; case matters.',
    }),
    weekdays: t.field({ type: [Weekday], description: 'The days on which it may run; every day if left out.' }),
    timeOfDay: t.string({
      description:
        'When on such a day, as `HH:MM`, for intervals of days and longer; whenever the interval has passed if left out.',
    }),
    timeZone: t.field({ type: 'TimeZone', description: "By whose wall clock; the server's own if left out." }),
  }),
})

builder.prismaObjectFields('BackupJob', (t) => ({
  scheduleSource: t.expose('scheduleSource', {
    type: ScheduleSource,
    nullable: true,
    description: 'Who says when it is due; null if no report is expected.',
  }),
  interval: t.exposeString('interval', {
    nullable: true,
    description: 'How often it runs by that, like `1D`; null if nobody says, as with an announcement of Duplicati.',
  }),
  schedule: t.field({
    type: Schedule,
    nullable: true,
    description: 'What a person set; null if nobody did.',
    select: { schedule: true },
    resolve: ({ schedule }) => read(schedule),
  }),
  legacySchedule: t.field({
    type: Schedule,
    nullable: true,
    description: 'What was set in an old release; null if nothing was.',
    select: { legacySchedule: true },
    resolve: ({ legacySchedule }) => read(legacySchedule),
  }),
  toleranceSeconds: t.exposeInt('toleranceSeconds', {
    nullable: true,
    description: 'How long after it was due it is only late, in seconds; null if that of the settings holds.',
  }),
  latenessWatched: t.exposeBoolean('latenessWatched', {
    description: 'Whether it is ever due. If not, its runs are still told of.',
  }),
  snoozedUntil: t.expose('snoozedUntil', {
    type: 'DateTime',
    nullable: true,
    description: 'Until when nothing is told of it; null if nobody silenced it.',
  }),
  acknowledged: t.expose('acknowledged', {
    type: JobState,
    nullable: true,
    description: 'The trouble that somebody said to know of: OVERDUE, FAILED or WARNING; null if there is none.',
  }),
  acknowledgedAt: t.expose('acknowledgedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When somebody said so; null if nobody did.',
  }),
}))

function read(stored: string | null): ScheduleValue | null {
  return stored === null ? null : (JSON.parse(stored) as ScheduleValue)
}
