// The rhythm of a job that nobody told the schedule of, from its last runs. It is a guess, and called one wherever it is shown.

/** Runs that are closer together, such as a second try, are one occasion. */
const occasionMs = 30 * 60 * 1000
const minuteMs = 60 * 1000
const weekMs = 7 * 24 * 60 * minuteMs

export interface Rhythm {
  /** The usual time from one occasion to the next. */
  usualMinutes: number
  /** The longest that belongs to the rhythm, in milliseconds: of up to a week, or else the usual one. */
  longestMs: number
}

/**
 * The rhythm of runs; null while there are fewer than three occasions, and where there is none, as with runs by hand: more
 * than half of the intervals must lie within a quarter of the usual one.
 *
 * The usual interval is the median, of an even number the longer one in the middle: a few runs by hand do not change it. A
 * night or a weekend without runs belongs to the rhythm; a silence of more than a week does not.
 *
 * @param runs the places in time of the last runs, ascending
 */
export function rhythmOf(runs: Date[]): Rhythm | null {
  const times = runs.map((run) => run.getTime())
  const occasions = times.filter((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= occasionMs)
  const intervals = occasions.slice(1).map((time, index) => time - (occasions[index] ?? 0))
  const median = intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)]
  if (intervals.length < 2 || median === undefined) return null
  const usual = intervals.filter((interval) => Math.abs(interval - median) <= median / 4)
  if (usual.length <= intervals.length / 2) return null
  const longestMs = intervals.findLast((interval) => interval <= weekMs) ?? median
  return { usualMinutes: Math.round(median / minuteMs), longestMs: Math.max(longestMs, median) }
}
