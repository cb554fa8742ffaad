// What a job remembers of its last runs, to know its rhythm and how long they take.

/** How many of its last runs a job remembers. */
export const keptRecentRuns = 10

export interface RecentRun {
  /** When it began, by a clock that is right. */
  at: Date
  /** How long it took, in seconds; null if it does not tell. */
  seconds: number | null
}
