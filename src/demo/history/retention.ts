// Which versions a job keeps.

export type Retention =
  | { versions: number }
  | { days: number }
  /** Within each time frame one version every so many days; none beyond the last. The frames ascend. */
  | { policy: { days: number; every: number }[] }

const dayMs = 24 * 60 * 60 * 1000
// Runs do not begin at the same second every day, and not at the same hour when the clocks change.
const toleranceMs = 2 * 60 * 60 * 1000

/**
 * The versions to delete, newest first.
 *
 * @param versions when they were made, newest first; the newest is never deleted
 */
export function outdated(retention: Retention, versions: number[], now: number): number[] {
  const older = versions.slice(1)
  if ('versions' in retention) return older.slice(Math.max(0, retention.versions - 1))
  if ('days' in retention) return older.filter((version) => version < now - retention.days * dayMs)
  const kept = new Set<number>()
  let youngest = now
  for (const { days, every } of retention.policy) {
    let last = Number.NEGATIVE_INFINITY
    const oldest = now - days * dayMs
    for (const version of older.filter((at) => at >= oldest && at < youngest).reverse()) {
      if (version - last < every * dayMs - toleranceMs) continue
      kept.add(version)
      last = version
    }
    youngest = oldest
  }
  return older.filter((version) => !kept.has(version))
}
