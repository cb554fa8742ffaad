// The kinds of values in a report, read as leniently as relays write them: numbers and booleans may come as strings, and
// anything may be null. What cannot be read without guessing is an issue.

import { z } from 'zod'
import type { Int64 } from '../domain/report.ts'
import { maxLabelBytes, shortened } from '../domain/shortened.ts'

const int64Limit = 2n ** 63n

/** A signed 64-bit integer, null where there is none. */
export const int64 = read((value): Int64 => {
  const number = typeof value === 'string' && /^\s*-?\d{1,19}\s*$/.test(value) ? BigInt(value.trim()) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  if (typeof number !== 'bigint' || number >= int64Limit || number < -int64Limit) throw 'must be a 64-bit integer'
  return BigInt(Number(number)) === number && Number.isSafeInteger(Number(number)) ? Number(number) : number
})

/** A count of warnings, versions and the like: from 0 to 2^31 - 1. */
export const smallCount = read((value): number => {
  const number = typeof value === 'string' && /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 2 ** 31 - 1) {
    throw 'must be a whole number from 0 to 2147483647'
  }
  return number
})

export const flag = read((value): boolean => {
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 1) return value === 1
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  throw 'must be true or false'
})

export const text = read((value): string => {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  throw 'must be text'
})

/**
 * Text that should be short, and is shortened if it is not. Nothing is told apart by it: a report is not refused, and so lost, for
 * it.
 */
export const label = text.transform((value) => (value === null ? null : shortened(value, maxLabelBytes)))

/** A time in ISO 8601, to the millisecond; without an offset it is UTC. Year 1 is .NET's "not set": null. */
export const timestamp = read((value): Date | null => {
  const match =
    typeof value === 'string' &&
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:(\.\d{1,3})\d*)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(value.trim())
  if (!match) throw 'must be a time like 2026-01-14T02:00:03.4418067Z'
  const [, date, time, fraction = '', zone = 'Z'] = match
  return existing(`${date}T${time}${fraction}`, zone.toUpperCase())
})

/** The form of next-scheduled-run: a UTC time like 20260115T020000Z, or null in year 1. */
export const compactTimestamp = read((value): Date | null => {
  const match = typeof value === 'string' && /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(value.trim())
  if (!match) throw 'must be a time like 20260115T020000Z'
  const [, year, month, day, hour, minute, second] = match
  return existing(`${year}-${month}-${day}T${hour}:${minute}:${second}`, 'Z')
})

/** A .NET TimeSpan, `[-][d.]hh:mm:ss[.fffffff]`, in seconds. Negative if the clock was set back meanwhile. */
export const timespan = read((value): number => {
  const match =
    typeof value === 'string' && /^(-)?(?:(\d{1,8})\.)?(\d{2}):(\d{2}):(\d{2}(?:\.\d{1,7})?)$/.exec(value.trim())
  if (!match) throw 'must be a duration like 1.02:03:04.5678901'
  const [, sign, days = 0, hours, minutes, seconds] = match
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return sign ? -total : total
})

/** Text that UTF-8 can hold: half of a surrogate pair becomes U+FFFD, as it does in .NET. */
export function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The time, or null in year 1. A day or an hour too many is refused: Date would carry it over into the next. */
function existing(local: string, zone: string): Date | null {
  if (local.startsWith('0001')) return null
  const time = new Date(`${local}${zone}`)
  if (Number.isNaN(time.getTime()) || !new Date(`${local}Z`).toISOString().startsWith(local)) {
    throw 'is not a time that exists'
  }
  return time
}

/** A field that is read by `convert`; what it throws is the issue's message. Absent and null are null. */
function read<T>(convert: (value: unknown) => T) {
  return z
    .unknown()
    .optional()
    .transform((value, context): T | null => {
      if (value === undefined || value === null) return null
      try {
        return convert(value)
      } catch (message) {
        if (typeof message !== 'string') throw message
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
    })
}
