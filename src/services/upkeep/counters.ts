// What is counted since the start, in memory: whoever reads it as metrics adds it up over restarts.

import { createReportCounts, type ReportCounts } from '../reports/reportCounts.ts'
import { createRequestCounts, type RequestCounts } from './requestCounts.ts'

export interface Counters {
  /** Requests that were accepted without a token, and will be refused once requireToken is on. */
  requestsWithoutToken: number
  requests: RequestCounts
  reports: ReportCounts
  /** Bodies of reports, and long ones of GraphQL, at this moment: how many, and the bytes that are held of the long ones. */
  uploads: { running: number; waiting: number; bytes: number }
  /** What came of each try to deliver a message. */
  deliveries: { sent: number; postponed: number; dead: number }
}

export function createCounters(): Counters {
  return {
    requestsWithoutToken: 0,
    requests: createRequestCounts(),
    reports: createReportCounts(),
    uploads: { running: 0, waiting: 0, bytes: 0 },
    deliveries: { sent: 0, postponed: 0, dead: 0 },
  }
}
