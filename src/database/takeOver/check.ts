// Checks the new file of a take-over, and writes it anew without its empty pages.

import { once } from 'node:events'
import { startThread } from '../../startThread.ts'
import type { Progress } from '../file/copyDatabase.ts'
import type { ServerTable } from './carryServers.ts'
import type { CheckOrder, CheckOutcome } from './checkThread.ts'
import { compareRows } from './compareRows.ts'

export interface Checked {
  copy: string
  work: string
  /** Where the compacted file is written. */
  result: string
  /** The table that holds the servers in the copy. */
  servers: ServerTable
}

/**
 * Checks that the file is sound, that what its jobs remember is what their runs add up to, and that every row of the copy is in it.
 * Afterwards `result` is there.
 *
 * @param progress hears how many runs of how many are compared
 * @returns how many rows were compared
 * @throws Error that says what is wrong
 */
export async function check({ copy, work, result, servers }: Checked, progress: Progress): Promise<number> {
  const thread = startThread(import.meta.url, 'checkThread')
  try {
    thread.postMessage({ work, result } satisfies CheckOrder)
    const answered = once(thread, 'message') as Promise<[CheckOutcome]>
    // If the comparison fails, nobody waits for the answer any more.
    answered.catch(() => {})
    // While this works, nothing else does: an answer that comes meanwhile waits.
    const compared = compareRows(copy, work, servers, progress)
    const [{ problem }] = await answered
    if (problem) throw new Error(`The new database is wrong, so the old one is kept: ${problem}`)
    return compared
  } finally {
    await thread.terminate()
  }
}
