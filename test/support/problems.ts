// Asks the check of `duplistatus verify` what is wrong with a database, also while an app has it open.

import Database from 'better-sqlite3'
import { verifyDatabase } from '../../src/database/file/verify.ts'

/** What is wrong with the file, and with what its servers and jobs remember; empty if nothing is. */
export function problemsIn(file: string): string[] {
  const database = new Database(file, { readonly: true })
  try {
    return verifyDatabase(database)
  } finally {
    database.close()
  }
}
