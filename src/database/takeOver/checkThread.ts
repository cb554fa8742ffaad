// The thread that checks the new file of a take-over in itself, and compacts it, while its rows are compared with the copy: each of the
// two reads the whole file, and takes about as long.

import { parentPort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { verifyDatabase } from '../file/verify.ts'

/** What the thread is told. */
export interface CheckOrder {
  work: string
  /** Where the compacted file is written. */
  result: string
}

/** What it answers: what is wrong, in a sentence. Without a problem the compacted file is there. */
export type CheckOutcome = { problem: string | null }

parentPort?.once('message', (order: CheckOrder) => {
  parentPort?.postMessage({ problem: check(order) } satisfies CheckOutcome)
})

function check({ work, result }: CheckOrder): string | null {
  const database = new Database(work, { fileMustExist: true })
  try {
    const [problem] = verifyDatabase(database)
    // Dropped tables leave a part of the working file empty.
    if (!problem) database.prepare('VACUUM INTO ?').run(result)
    return problem ?? null
  } catch (error) {
    // A full disk, as a rule. An error cannot be handed over as such.
    return error instanceof Error ? error.message : String(error)
  } finally {
    database.close()
  }
}
