// Keeps the rows of an old file that could not be taken over as they were.

import type { Database } from 'better-sqlite3'
import type { OldRow } from './oldRow.ts'

/** Hears of a row, with its rowid as `__place`, and what was wrong with it. */
export type Quarantine = (entry: { source: string; row: OldRow; reason: string; repaired: boolean }) => void

/** What adds to the table, and what counts the rows in it. */
export function quarantineIn(target: Database) {
  const insert = target.prepare(
    'INSERT INTO quarantine (source, place, reason, repaired, content) VALUES (?, ?, ?, ?, ?)',
  )
  const count = target.prepare<[number], number>('SELECT count(*) FROM quarantine WHERE repaired = ?').pluck()
  const add: Quarantine = ({ source, row, reason, repaired }) => {
    const { __place, ...content } = row
    insert.run(source, __place, reason, Number(repaired), JSON.stringify(content, plain))
  }
  return { add, counts: () => ({ repaired: count.get(1) ?? 0, setAside: count.get(0) ?? 0 }) }
}

/** 64 bits as digits, a blob in hex. */
function plain(this: unknown, key: string, value: unknown) {
  const cell = (this as Record<string, unknown>)[key]
  if (Buffer.isBuffer(cell)) return cell.toString('hex')
  return typeof value === 'bigint' ? value.toString() : value
}
