// Says of a short list that there may be more.

/** How many the queries ask for. */
const most = 10

export function OnlyLatest({ shown }: { shown: number }) {
  return shown < most ? null : <p class="quiet">The latest {most} are shown.</p>
}
