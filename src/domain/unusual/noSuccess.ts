// What is said of a job that had no success for too long.

/**
 * @param days how many are allowed
 * @param lastSuccessAt null: it never had one
 */
export function noSuccessRemark({ days, lastSuccessAt }: { days: number; lastSuccessAt: Date | null }): string {
  const since = lastSuccessAt
    ? `the last success was on ${lastSuccessAt.toISOString().slice(0, 10)}`
    : 'it has never had one'
  return `No run has been a success for more than ${days === 1 ? 'a day' : `${days} days`}: ${since}.`
}
