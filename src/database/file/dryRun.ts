// Tries an upgrade without touching the file: on a copy, in a folder that is thrown away.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import { keptTimeZoneIn } from '../takeOver/timeZone.ts'
import { inspectFile, reading } from './inspectFile.ts'
import { prepareFile } from './prepareFile.ts'
import { type Found, tablesOf } from './recognize.ts'
import { Refusal } from './refusal.ts'

export interface DryRun {
  found: Found
  /** Rows by table. */
  before: Record<string, number>
  after: Record<string, number>
  /** The zone by whose clock the schedules of an old release would be read; null where there are none. */
  timeZone: string | null
  /** What the upgrade would warn of: what it decides that could be seen in another way, mends, or leaves in the copy. */
  warnings: string[]
}

/**
 * What an upgrade of the file would make of it.
 *
 * @param timeZone by whose clock the schedules of an old release are read; null: by that of this machine
 * @throws Refusal if it would be refused, for its own sake; the room on the disk is that of the temporary folder
 */
export async function dryRun(file: string, now: Date, timeZone: string | null): Promise<DryRun> {
  if (!existsSync(file)) throw new Refusal(`There is no ${file}.`)
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-dry-run-'))
  const copy = join(folder, basename(file))
  try {
    // Copied with its log as plain files: a connection would leave something beside the file. Nothing of ours has it open.
    for (const part of ['', '-wal', '-journal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
    const found = inspectFile(copy)
    const before = rowCounts(copy)
    const warnings: string[] = []
    const write = (line: string) => void warnings.push(JSON.parse(line).msg)
    await prepareFile(copy, now, pino({ level: 'warn' }, { write }), timeZone)
    return { found, before, after: rowCounts(copy), timeZone: reading(copy, keptTimeZoneIn), warnings }
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.message.replaceAll(copy, file), { cause: error }) : error
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The number of rows of every table of the file. */
export function rowCounts(file: string): Record<string, number> {
  return reading(file, (database) => {
    const count = (table: string) =>
      database
        .prepare<[], number>(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() ?? 0
    return Object.fromEntries([...tablesOf(database).keys()].map((table) => [table, count(table)]))
  })
}
