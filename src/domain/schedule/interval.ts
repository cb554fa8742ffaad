// How often a job runs, and the text that Duplicati writes it in.

/** From short to long. */
const intervalUnits = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const

export type IntervalUnit = (typeof intervalUnits)[number]

/** `count` is whole and positive, and the interval at most ten years. */
export interface Interval {
  count: number
  unit: IntervalUnit
}

/** Duplicati's letters: `m` is a minute, `M` a month. */
const letters: Record<IntervalUnit, string> = { MINUTE: 'm', HOUR: 'h', DAY: 'D', WEEK: 'W', MONTH: 'M', YEAR: 'Y' }

/** Minutes and months do not add up to each other: a month has no length of its own. */
const minutes = { MINUTE: 1, HOUR: 60, DAY: 24 * 60, WEEK: 7 * 24 * 60 } as const
const months = { MONTH: 1, YEAR: 12 } as const

const longest = { minutes: 3653 * minutes.DAY, months: 120 }

/**
 * The interval that a text such as `1D`, `12h` or `1D12h` means, in the shortest unit it names; null if it is none, is empty,
 * adds months to days, or is longer than ten years.
 */
export function parseInterval(text: string): Interval | null {
  if (!/^(\d+[mhDWMY])+$/.test(text)) return null
  const parts = [...text.matchAll(/(\d+)(.)/g)].map(([, count, letter]) => ({
    count: Number(count),
    unit: intervalUnits.find((unit) => letters[unit] === letter) as IntervalUnit,
  }))
  const unit = intervalUnits.find((one) => parts.some((part) => part.unit === one)) as IntervalUnit
  if (parts.some((part) => isCalendarUnit(part.unit) !== isCalendarUnit(unit))) return null
  const interval = { count: parts.reduce((sum, part) => sum + (part.count * size(part.unit)) / size(unit), 0), unit }
  return isInterval(interval) ? interval : null
}

/** The text of an interval as Duplicati writes it, such as `12h`. */
export function formatInterval({ count, unit }: Interval): string {
  return `${count}${letters[unit]}`
}

/** Whether the count is whole and positive, and the interval at most ten years. */
export function isInterval({ count, unit }: Interval): boolean {
  const most = isCalendarUnit(unit) ? longest.months : longest.minutes
  return Number.isInteger(count) && count > 0 && count * size(unit) <= most
}

/** The interval in milliseconds, if it is shorter than a day; null if it is a day or longer, and goes by the calendar. */
export function elapsedMs({ count, unit }: Interval): number | null {
  if (unit !== 'MINUTE' && unit !== 'HOUR') return null
  const total = count * minutes[unit]
  return total < minutes.DAY ? total * 60_000 : null
}

/** The same interval in days, if it is given in minutes or hours that make whole days. */
export function inDays(interval: Interval): Interval {
  if (interval.unit !== 'MINUTE' && interval.unit !== 'HOUR') return interval
  const days = (interval.count * minutes[interval.unit]) / minutes.DAY
  return Number.isInteger(days) ? { count: days, unit: 'DAY' } : interval
}

/** So many minutes, in the longest unit of fixed length that they fit into. */
export function intervalOfMinutes(count: number): Interval {
  const unit = (['WEEK', 'DAY', 'HOUR'] as const).find((one) => count % minutes[one] === 0) ?? 'MINUTE'
  return { count: count / minutes[unit], unit }
}

function isCalendarUnit(unit: IntervalUnit): unit is keyof typeof months {
  return unit === 'MONTH' || unit === 'YEAR'
}

/** In minutes, or in months. */
function size(unit: IntervalUnit): number {
  return isCalendarUnit(unit) ? months[unit] : minutes[unit]
}
