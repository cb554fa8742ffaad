// Many rows are written faster into a table without indexes, which are then made in one go.

import type { Database } from 'better-sqlite3'

/** Drops the indexes of all tables that are not part of their declarations. @returns what makes them again */
export function dropIndexes(database: Database): () => void {
  const indexes = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid",
    )
    .all()
  for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`)
  return () => {
    for (const { sql } of indexes) database.exec(sql)
  }
}
