// Keeps the rows of an old file that could not be taken over as they were.

import type { Database } from 'better-sqlite3'
import type { OldRow } from './oldRow.ts'

/** Hears of a row, with its rowid as `__place`, and what was wrong with it. */
export type Quarantine = (entry: { source: string; row: OldRow; reason: string; repaired: boolean }) => void

/** Makes the table, and what adds to it and counts what was added. The migrations find it there. */
export function quarantineIn(target: Database) {
  target.exec(`CREATE TABLE quarantine (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    reason TEXT NOT NULL,
    repaired BOOLEAN NOT NULL,
    content TEXT NOT NULL
  )`)
  const insert = target.prepare(
    'INSERT INTO quarantine (source, place, reason, repaired, content) VALUES (?, ?, ?, ?, ?)',
  )
  const counts = { repaired: 0, setAside: 0 }
  const add: Quarantine = ({ source, row, reason, repaired }) => {
    const { __place, ...content } = row
    insert.run(source, __place, reason, Number(repaired), JSON.stringify(content, plain))
    counts[repaired ? 'repaired' : 'setAside'] += 1
  }
  return { add, counts: () => counts }
}

/** 64 bits as digits, a blob in hex. */
function plain(this: unknown, key: string, value: unknown) {
  const cell = (this as Record<string, unknown>)[key]
  if (Buffer.isBuffer(cell)) return cell.toString('hex')
  return typeof value === 'bigint' ? value.toString() : value
}
