// Times in words, in the language of the browser and its time zone.

import { dateFormat, numberFormat, relativeFormat } from './formats.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** The zone in which this browser shows times, such as `Europe/Berlin`. */
export const timeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment as a person would name it now: `today 02:00`, `Monday 02:00`, `12 Nov 02:00`, with the year if it is another one. */
export function moment(time: Date, now: Date, language?: string): string {
  const clock = format(time, { hour: '2-digit', minute: '2-digit' }, language)
  const days = dayNumber(time) - dayNumber(now)
  if (Math.abs(days) <= 1) return `${relative(days, 'day', language)} ${clock}`
  if (days > -7 && days < 0) return `${format(time, { weekday: 'long' }, language)} ${clock}`
  return `${date(time, now, language)} ${clock}`
}

/** A day as `12 Nov`, with the year if it is another one. */
export function date(time: Date, now: Date, language?: string): string {
  const sameYear = time.getFullYear() === now.getFullYear()
  return format(time, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, language)
}

/** A moment in full, for whoever wants to know exactly. */
export function fullMoment(time: Date, language?: string): string {
  return format(time, { dateStyle: 'full', timeStyle: 'long' }, language)
}

/** How long ago, or how far ahead, in the largest unit that fits: `3 hours ago`, `in 5 min.`. */
export function age(time: Date, now: Date, language?: string): string {
  const ms = time.getTime() - now.getTime()
  const size = Math.abs(ms)
  const relativeTo = (unit: number, name: Intl.RelativeTimeFormatUnit) =>
    relativeFormat(language, { style: 'short' }).format(Math.trunc(ms / unit), name)
  if (size < minute) return relative(0, 'second', language)
  if (size < hour) return relativeTo(minute, 'minute')
  if (size < 2 * day) return relativeTo(hour, 'hour')
  if (size < 60 * day) return relativeTo(day, 'day')
  return size < 730 * day ? relativeTo(30.44 * day, 'month') : relativeTo(365.25 * day, 'year')
}

/** A length of time with its largest units, two of them by default: `2 h 5 min`, `41 s`. */
export function duration(seconds: number, units = 2, language?: string): string {
  const whole = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor(whole / 3600) % 24, 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return number(0, { style: 'unit', unit: 'second' }, language)
  const named = parts.slice(first, first + units).filter(([count]) => count > 0)
  return named.map(([count, unit]) => number(count, { style: 'unit', unit }, language)).join(' ')
}

/** The days of a year that begins on a Monday and ends today: what a map of weeks can show. */
export function daysOfYear(now: Date): number {
  return 52 * 7 + ((now.getDay() + 6) % 7) + 1
}

/** The beginning of the day, in the zone of the browser, that lies so many days before. */
export function startOfDay(now: Date, daysBefore: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBefore)
}

function relative(count: number, unit: Intl.RelativeTimeFormatUnit, language?: string): string {
  return relativeFormat(language, { numeric: 'auto' }).format(count, unit)
}

function format(time: Date, options: Intl.DateTimeFormatOptions, language?: string): string {
  return dateFormat(language, options).format(time)
}

function number(value: number, options: Intl.NumberFormatOptions, language?: string): string {
  return numberFormat(language, options).format(value)
}

/** Counts days by the calendar, so that the days on which clocks are set do not matter. */
function dayNumber(time: Date): number {
  return Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / day
}

/** A day in full: `Monday, 30 November 2026`. */
export function fullDate(time: Date, language?: string): string {
  return format(time, { dateStyle: 'full' }, language)
}

/** A month as `Nov`. */
export function shortMonth(time: Date, language?: string): string {
  return format(time, { month: 'short' }, language)
}
