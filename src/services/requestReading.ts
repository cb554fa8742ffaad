// How one request reads: in turns with everybody else, and within bounds.

import { createBreaks } from '../database/breaks.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { Context } from './context.ts'
import { createHistoryReading, type HistoryReading } from './runs/historyReading.ts'

/** How many runs are read and added up in the time that an object of an answer takes. */
const runsPerObject = 10

interface RequestReading {
  /** In the place of that of the context. */
  database: OpenDatabase
  histories: HistoryReading
  /** What its answer holds so far that nothing in the query tells of: objects, and characters of log lines. */
  listed: { objects: number; logText: number }
}

export function readingOf({ database, config }: Pick<Context, 'database' | 'config'>): RequestReading {
  const breaks = createBreaks()
  return {
    database: { ...database, reader: database.readerInTurns(breaks) },
    histories: createHistoryReading(config.queryLimits.cost * runsPerObject, breaks),
    listed: { objects: 0, logText: 0 },
  }
}
