// Reads how often, on which days and when the old release expected a job to run.

import { timeOfDay } from '../domain/messages/humanFormats.ts'
import { type Interval, parseInterval } from '../domain/schedule/interval.ts'
import { type LegacySchedule, type Weekday, weekdays } from '../domain/schedule/schedule.ts'
import { type Fields, type Note, shown, textOf } from './oldValue.ts'

const units: Record<string, { letter: string; minutes: number }> = {
  minute: { letter: 'm', minutes: 1 },
  hour: { letter: 'h', minutes: 60 },
  day: { letter: 'D', minutes: 1440 },
  week: { letter: 'W', minutes: 10_080 },
}

/**
 * The schedule of a job's settings, with the next run if they hold its moment; null without an interval.
 *
 * @param timeZone that of the old release's host, by whose clock it expected runs
 */
export function readSchedule(settings: Fields, name: string, timeZone: string, note: Note): LegacySchedule | null {
  const interval = intervalOf(settings.expectedInterval, settings.intervalUnit, name, note)
  if (!interval) return null
  const time = textOf(settings.time, `${name}.time`, note)
  const nextRun = readMoment(time ?? '')
  return {
    interval,
    weekdays: weekdaysOf(settings.allowedWeekDays, `${name}.allowedWeekDays`, note),
    timeOfDay: isElapsed(interval)
      ? null
      : nextRun
        ? timeOfDay(nextRun, timeZone)
        : clockTimeOf(time, `${name}.time`, note),
    timeZone,
    ...(nextRun && { nextRun: nextRun.getTime() }),
  }
}

/** Hours and minutes count from run to run, without a time of day: a time beside them was that of the next run. */
function isElapsed({ unit }: Interval): boolean {
  return unit === 'MINUTE' || unit === 'HOUR'
}

/** A number with a unit beside it until 0.7, and since 0.8 a text like `1D12h`, in which a bare number is seconds. */
function intervalOf(value: unknown, unit: unknown, name: string, note: Note): Interval | null {
  if (value === undefined || value === null || value === '') return null
  const interval =
    typeof value === 'number' ? numbered(value, unit) : typeof value === 'string' ? written(value.trim(), unit) : null
  if (interval) return interval
  const beside = unit === undefined || unit === null ? '' : ` with the unit ${shown(unit)}`
  note(`${name}.expectedInterval is not an interval: ${shown(value)}${beside}`)
  return null
}

function written(text: string, unit: unknown): Interval | null {
  if (!/^\d{1,12}$/.test(text)) return parseInterval(text)
  return unit === undefined || unit === null ? elapsed(Number(text) / 60) : numbered(Number(text), unit)
}

/** Without a unit, 0.6 took hours. */
function numbered(count: number, unit: unknown): Interval | null {
  const name = unit === undefined || unit === null ? 'hours' : unit
  const match = typeof name === 'string' ? /^(minute|hour|day|week)s?$/i.exec(name.trim()) : null
  const { letter, minutes } = units[match?.[1]?.toLowerCase() ?? ''] ?? {}
  if (!letter || !minutes) return null
  return Number.isInteger(count) ? parseInterval(`${count}${letter}`) : elapsed(count * minutes)
}

/** A part of a day is hours or minutes. */
function elapsed(minutes: number): Interval | null {
  const whole = Math.round(minutes)
  return parseInterval(whole % 60 === 0 ? `${whole / 60}h` : `${whole}m`)
}

/** Numbers from 0, a Sunday, to 6. All of them, or none, is no restriction. */
function weekdaysOf(value: unknown, name: string, note: Note): Weekday[] | null {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value)) {
    note(`${name} is not a list: ${shown(value)}`)
    return null
  }
  const wrong = value.filter((day) => !(Number.isInteger(day) && day >= 0 && day <= 6))
  if (wrong.length > 0) note(`${name} holds what is not a day from 0 to 6: ${shown(wrong[0])}`)
  const days = weekdays.filter((_, place) => value.includes((place + 1) % 7))
  return days.length === 0 || days.length === weekdays.length ? null : days
}

/** A time of day, where it is not the moment of the next run. */
function clockTimeOf(text: string | null, name: string, note: Note): string | null {
  if (text === null) return null
  const clock = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text)
  if (clock && Number(clock[1]) < 24 && Number(clock[2]) < 60) return `${clock[1]?.padStart(2, '0')}:${clock[2]}`
  note(`${name} is not a time: ${shown(text)}`)
  return null
}

/** A moment in ISO 8601, with its zone; null if it is none. */
export function readMoment(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  const moment = new Date(text)
  return Number.isNaN(moment.getTime()) ? null : moment
}
