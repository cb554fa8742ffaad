// How often something is expected, in the text forms that Duplicati writes: `30m`, `12h`, `1D`, `1W`, `3M`, `1Y`.

export type IntervalUnit = 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

export interface Interval {
  count: number
  unit: IntervalUnit
}

const letters: Record<IntervalUnit, string> = { MINUTE: 'm', HOUR: 'h', DAY: 'D', WEEK: 'W', MONTH: 'M', YEAR: 'Y' }

/** The longest interval is ten years, in minutes; a month counts as 30 days here. */
const minutes: Record<IntervalUnit, number> = {
  MINUTE: 1,
  HOUR: 60,
  DAY: 1440,
  WEEK: 10_080,
  MONTH: 43_200,
  YEAR: 525_600,
}

/**
 * Reads an interval; the case of its letter matters. A sum like `1D12h` is in hours or minutes.
 *
 * @returns null unless it is positive, at most ten years, and of these forms
 */
export function parseInterval(text: string): Interval | null {
  if (!/^(?:\d{1,9}[mhDWMY])+$/.test(text)) return null
  const parts = [...text.matchAll(/(\d+)([mhDWMY])/g)].map(([, count, letter]) => ({
    count: Number(count),
    unit: (Object.keys(letters) as IntervalUnit[]).find((unit) => letters[unit] === letter) ?? 'MINUTE',
  }))
  const total = parts.reduce((sum, { count, unit }) => sum + count * minutes[unit], 0)
  if (total <= 0 || total > 10 * minutes.YEAR) return null
  const [only, ...others] = parts
  if (others.length === 0) return only ?? null
  if (parts.some(({ unit }) => unit === 'MONTH' || unit === 'YEAR')) return null
  return total % 60 === 0 ? { count: total / 60, unit: 'HOUR' } : { count: total, unit: 'MINUTE' }
}

/** The shortest text that {@link parseInterval} reads as the same interval. */
export function formatInterval({ count, unit }: Interval): string {
  return `${count}${letters[unit]}`
}
