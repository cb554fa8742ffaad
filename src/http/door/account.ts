// What is told of every request once it is answered: it is counted, for the metrics, and has a line in the log.

import type { Context } from '../../services/context.ts'

/** The route of what has none: preflights, and addresses at which there is nothing. */
export const noRoute = 'other'

/** Anybody can make up others. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export interface Answered {
  method: string
  /** The pattern that its address fits, which is of a closed list. */
  route: string
  /** Its address, for the log. */
  url: string
  status: number
  requestId: string
  /** When it came, as performance.now() has it. */
  began: number
}

/** Makes what is to be called for each answer, when it begins: that of a subscription may never end. */
export function createAccount({ counters, log }: Pick<Context, 'counters' | 'log'>): (answered: Answered) => void {
  return ({ method, route, url, status, requestId, began }) => {
    const ms = performance.now() - began
    const counted = { method: methods.has(method) ? method : 'other', route }
    counters.requests.inc({ ...counted, status })
    counters.durations.observe(counted, ms / 1000)
    if (!log.isLevelEnabled('debug')) return
    log.debug({ requestId, method, route, url, status, ms: Math.round(ms * 10) / 10 }, `${method} ${route} ${status}`)
  }
}
