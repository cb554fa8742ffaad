// Counts requests and how long they took. Nothing is made for a request but for the first of its kind: a request costs two
// looks into small maps.

/** The upper bounds of the buckets, in seconds; beyond the last is one more. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The requests of one method to one route. */
export interface RequestSeries {
  method: string
  route: string
  /** How many were answered with each status. */
  statuses: Map<number, number>
  /** How many are in each bucket, and in no lower one. */
  buckets: number[]
  /** The sum of all. */
  seconds: number
}

export interface RequestCounts {
  /** @param route of a closed list: whatever comes becomes a series, and stays */
  add(method: string, route: string, status: number, seconds: number): void
  all(): RequestSeries[]
}

/** Anybody can make up others. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export function createRequestCounts(): RequestCounts {
  const series = new Map<string, Map<string, RequestSeries>>()

  function seriesOf(method: string, route: string): RequestSeries {
    const ofRoute = series.get(route) ?? new Map<string, RequestSeries>()
    const known = ofRoute.get(method)
    if (known) return known
    const buckets = [...durationBounds, Number.POSITIVE_INFINITY].map(() => 0)
    const made = { method, route, statuses: new Map(), buckets, seconds: 0 }
    series.set(route, ofRoute.set(method, made))
    return made
  }

  return {
    add: (method, route, status, seconds) => {
      const found = seriesOf(methods.has(method) ? method : 'other', route)
      const { statuses, buckets } = found
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      let bucket = 0
      while (bucket < durationBounds.length && seconds > (durationBounds[bucket] as number)) bucket += 1
      buckets[bucket] = (buckets[bucket] as number) + 1
      found.seconds += seconds
    },
    all: () => [...series.values()].flatMap((ofRoute) => [...ofRoute.values()]),
  }
}
