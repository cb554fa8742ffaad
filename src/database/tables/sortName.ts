// Lets statements write names for sorting, in the same breath as the names.

import type { Database } from 'better-sqlite3'
import { sortNameOf } from '../../domain/sortName.ts'

/** Afterwards SQL on this connection knows `sort_name(name)`. */
export function addSortName(database: Database): void {
  database.function('sort_name', { deterministic: true }, (name: unknown) => sortNameOf(String(name)))
}
