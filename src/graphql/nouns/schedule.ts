// When a job is expected to run, and who said so.

import { formatInterval } from '../../domain/schedule/interval.ts'
import type { Schedule as ScheduleValue } from '../../domain/schedule/schedule.ts'
import { builder } from '../builder.ts'
import { JobState } from './enums.ts'

const ScheduleSource = builder.enumType('ScheduleSource', {
  description: 'Where the schedule of a job comes from: the first of these that exists.',
  values: {
    SET: { description: 'A person set a schedule.' },
    ASKED: { description: 'Duplicati told its schedule when it was asked, and no later run announced another time.' },
    REPORTED: { description: 'Duplicati announced the next run in a report of this job.' },
    LEGACY: { description: 'The schedule was set in an old release.' },
    INFERRED: { description: 'The schedule is inferred from the last runs. It is a guess, so the alarm comes late.' },
  } as const,
})

export const Weekday = builder.enumType('Weekday', {
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
      description: 'The time of day, as `HH:MM`; null if the job is due whenever the interval has passed.',
    }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: 'The time zone of the schedule.' }),
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
        'The time of day, as `HH:MM`, for intervals of a day or more. If it is left out, the job is due whenever the interval has passed.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description: 'The time zone of the schedule; by default that of this server.',
    }),
  }),
})

builder.prismaObjectFields('BackupJob', (t) => ({
  scheduleSource: t.expose('scheduleSource', {
    type: ScheduleSource,
    nullable: true,
    description: 'Where its schedule comes from; null if no report is expected.',
  }),
  interval: t.exposeString('interval', {
    nullable: true,
    description:
      'The interval of that schedule, like `1D`; null if it has none, as when Duplicati announced the next run.',
  }),
  schedule: t.field({
    type: Schedule,
    nullable: true,
    description: 'The schedule that a person set; null if there is none.',
    select: { schedule: true },
    resolve: ({ schedule }) => read(schedule),
  }),
  legacySchedule: t.field({
    type: Schedule,
    nullable: true,
    description: 'The schedule from an old release; null if there is none.',
    select: { legacySchedule: true },
    resolve: ({ legacySchedule }) => read(legacySchedule),
  }),
  toleranceSeconds: t.exposeInt('toleranceSeconds', {
    nullable: true,
    description:
      'Its tolerance in seconds: how long it may be late before it is overdue. Null if the tolerance of the settings applies.',
  }),
  latenessWatched: t.exposeBoolean('latenessWatched', {
    description: 'Whether its lateness is watched. If not, it is never due; messages about its runs are still sent.',
  }),
  snoozedUntil: t.expose('snoozedUntil', {
    type: 'DateTime',
    nullable: true,
    description: 'No messages about it are sent until this time; null if it is not snoozed.',
  }),
  acknowledged: t.expose('acknowledged', {
    type: JobState,
    nullable: true,
    description: 'The trouble that somebody acknowledged: OVERDUE, FAILED or WARNING; null if there is none.',
  }),
  acknowledgedAt: t.expose('acknowledgedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When it was acknowledged; null if it was not.',
  }),
}))

function read(stored: string | null): ScheduleValue | null {
  return stored === null ? null : (JSON.parse(stored) as ScheduleValue)
}
