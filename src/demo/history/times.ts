// The forms in which Duplicati writes times and sizes.

import { Temporal } from 'temporal-polyfill'

/** What .NET writes for a time that is not set. */
export const notSet = '0001-01-01T00:00:00'

/** Like `2026-01-14T02:00:03.4418067Z`: .NET counts in tenths of a microsecond, and trims zeros. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${digitsBelow(ms)}`.replace(/\.?0+$/, '').concat('Z')
}

/** Like `20260115T020000Z`. */
export function compactTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}

/** Like `1.21:18:20.7495731`, the time between two timestamps. */
export function timespan(from: number, to: number): string {
  const ticks = (to - from) * 10_000 + Number(digitsBelow(to)) - Number(digitsBelow(from))
  const seconds = Math.floor(ticks / 10_000_000)
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  const clock = [hours, minutes, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
  const fraction = ticks % 10_000_000
  return `${days > 0 ? `${days}.` : ''}${clock}${fraction > 0 ? `.${String(fraction).padStart(7, '0')}` : ''}`
}

/** Like `2025-11-22T14:29:26+01:00`. */
export function localTimestamp(ms: number, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
  return zoned.toString({ smallestUnit: 'second', timeZoneName: 'never' })
}

/** What a log line begins with, like `2026-02-04 15:55:25 -05`: Duplicati leaves out the minutes of the offset. */
export function logTime(ms: number, timeZone: string): string {
  const local = localTimestamp(ms, timeZone)
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${local.slice(19, 22)}`
}

/** In the invariant culture of a container, like `01/13/2026 02:00:02`. */
export function invariantTime(ms: number, timeZone: string): string {
  const local = localTimestamp(ms, timeZone)
  return `${local.slice(5, 7)}/${local.slice(8, 10)}/${local.slice(0, 4)} ${local.slice(11, 19)}`
}

/** Like `49.98 MiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return power === 0
    ? `${bytes} bytes`
    : `${(bytes / 1024 ** power).toFixed(2)} ${['', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
}

/** The four digits below the millisecond, which a moment always has in common with itself. */
function digitsBelow(ms: number): string {
  return String((ms * 7919) % 10_000).padStart(4, '0')
}
