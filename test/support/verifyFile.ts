// What the server finds wrong with a database file that nobody has open.

import Database from 'better-sqlite3'
import { verifyDatabase } from '../../src/database/file/verify.ts'

export function verifyFile(file: string): string[] {
  const database = new Database(file, { readonly: true })
  try {
    return verifyDatabase(database)
  } finally {
    database.close()
  }
}
