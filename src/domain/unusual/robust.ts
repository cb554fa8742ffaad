// Statistics that a few odd values do not move: median, deviation from it, and slope.

/** The middle value, or the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[] | Float64Array): number {
  // Sorted as numbers, which a typed array is several times faster at.
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length / 2
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The median of the distances from the median (MAD). */
export function deviation(values: readonly number[]): number {
  const center = median(values)
  return median(values.map((value) => Math.abs(value - center)))
}

export interface Point {
  x: number
  y: number
}

/** How many points a slope is computed from at most: the number of pairs is half the square of it. */
const pointsAtMost = 100

/**
 * The median slope between all pairs of points (Theil-Sen), which up to a quarter of odd points do not move. Of more than a
 * hundred points, a hundred at even distances are taken. Null without two different x.
 */
export function slope(points: readonly Point[]): number | null {
  const taken = thinned(points)
  const slopes = new Float64Array((taken.length * (taken.length - 1)) / 2)
  let count = 0
  for (const [index, { x, y }] of taken.entries()) {
    for (const other of taken.slice(0, index)) if (other.x !== x) slopes[count++] = (other.y - y) / (other.x - x)
  }
  return count === 0 ? null : median(slopes.subarray(0, count))
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= pointsAtMost) return points
  const step = (points.length - 1) / (pointsAtMost - 1)
  return Array.from({ length: pointsAtMost }, (_, index) => points[Math.round(index * step)] as Point)
}
