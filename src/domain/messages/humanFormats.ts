// How sizes, durations and times are written for people: as duplistatus always wrote them, so that a template that was made
// for an old release reads as before. Only times are written otherwise: the same everywhere, not by the host's language.

import type { Int64 } from '../report.ts'

const sizeUnits = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** Seconds, from long to short; a month has 30 days here, a year 365. */
const elapsedUnits = { year: 365 * day, month: 30 * day, week: 7 * day, day, hour, minute }

/** Bytes in the largest unit of which there is a whole one, 1024 of the next smaller, like `1.18 MB`. */
export function formatSize(bytes: Int64): string {
  let amount = Number(bytes)
  let unit = 0
  const rounded = () => Math.round(amount * 100) / 100
  while (rounded() >= 1024 && unit < sizeUnits.length - 1) {
    amount /= 1024
    unit += 1
  }
  return `${rounded()} ${sizeUnits[unit]}`
}

/** `hh:mm:ss`; the hours go on beyond 24. A negative duration, of a clock that was set back, shows as zero. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / hour), Math.floor(whole / minute) % 60, whole % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** How far a moment is from `now`, in one unit, rounded down: `3 hours ago`, `in 2 days`, `just now`. */
export function formatElapsed(moment: Date, now: Date): string {
  const seconds = Math.floor(Math.abs(now.getTime() - moment.getTime()) / 1000)
  for (const [unit, length] of Object.entries(elapsedUnits)) {
    if (seconds < length) continue
    const amount = counted(Math.floor(seconds / length), unit)
    return moment <= now ? `${amount} ago` : `in ${amount}`
  }
  return 'just now'
}

/** `No tolerance`, `30 min`, `1 hour`, `1 day 12 hours`; seconds beyond the minute are left out. */
export function formatTolerance(seconds: number): string {
  const parts = [
    [Math.floor(seconds / day), 'day'],
    [Math.floor(seconds / hour) % 24, 'hour'],
  ] as const
  const minutes = Math.floor(seconds / minute) % 60
  const texts = parts.filter(([count]) => count > 0).map(([count, unit]) => counted(count, unit))
  if (minutes > 0) texts.push(`${minutes} min`)
  return texts.join(' ') || 'No tolerance'
}

/**
 * A moment by the wall clock of a time zone, to the minute, with the zone's name, like `2025-05-06 02:00 CEST`.
 *
 * @throws RangeError if there is no such time zone
 */
export function formatTime(moment: Date, timeZone: string): string {
  const { year, month, day, hour, minute, timeZoneName } = wallClock(moment, timeZone)
  return `${year}-${month}-${day} ${hour}:${minute} ${timeZoneName}`
}

/**
 * `HH:MM` by the wall clock of a time zone.
 *
 * @throws RangeError if there is no such time zone
 */
export function timeOfDay(moment: Date, timeZone: string): string {
  const { hour, minute } = wallClock(moment, timeZone)
  return `${hour}:${minute}`
}

/** `1 day`, `2 days`. */
function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function wallClock(moment: Date, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
}
