// The thread that makes one copy of the database: checking a copy, and waiting until it is on the disk, takes seconds in which
// nothing else would be done.

import { parentPort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { copyDatabase } from './copyDatabase.ts'
import { Refusal } from './refusal.ts'

/** What the thread is told. */
export interface CopyOrder {
  file: string
  target: string
}

/** What it answers: a Refusal cannot be handed over as such. */
export type CopyOutcome = { refused: string | null }

parentPort?.once('message', async (order: CopyOrder) => {
  parentPort?.postMessage({ refused: await copy(order) } satisfies CopyOutcome)
})

async function copy({ file, target }: CopyOrder): Promise<string | null> {
  const source = new Database(file, { readonly: true, fileMustExist: true })
  try {
    await copyDatabase(source, target, () => {})
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  } finally {
    source.close()
  }
}
