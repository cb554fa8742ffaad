// Carries the runs of an old file, with their logs, and makes the jobs that they are of. Rows that were read by hand take the same way
// as all others, by way of a table: what becomes of a row is said in one place.

import type { Database } from 'better-sqlite3'
import type { CarryOptions } from './carryRows.ts'
import { seeServers } from './carryServers.ts'
import { makeJobs } from './makeJobs.ts'
import { cellOf, columnNames, dropMarks, markRuns } from './markRuns.ts'
import { runColumns } from './oldRow.ts'
import { isoTime, plainValue } from './plainCells.ts'
import type { Quarantine } from './quarantine.ts'
import { finalColumns, finalRuns } from './runMapping.ts'

/** How many runs are carried by one statement: between two of them somebody hears how far the work is. */
const portion = 5000

/**
 * @param target has the copy attached as `old`
 * @param columns those of the old table `backups`
 * @param numbers the number of every old server, by its id as text
 * @returns how many runs were carried
 */
export function carryRuns(
  copy: Database,
  target: Database,
  columns: Set<string>,
  { servers, progress, note }: CarryOptions,
  numbers: Map<string, number>,
  quarantine: Quarantine,
): number {
  const total = markRuns(copy, target, columns, servers, numbers, quarantine)
  makeJobs(target, note)
  const statements = [...runStatements(columns), ...logStatements(columns)].map((sql) => target.prepare(sql))
  for (let done = 0; done < total; done += portion) {
    for (const statement of statements) statement.run({ from: done + 1, to: done + portion })
    progress(Math.min(done + portion, total), total)
  }
  seeServers(target)
  dropMarks(target)
  return total
}

/** The statements that carry the runs numbered `:from` to `:to`: those that are plain, and those that were read by hand. */
function runStatements(columns: Set<string>): string[] {
  const cell = cellOf(columns)
  const marks = 'm.id AS new_id, m.server, m.job'
  const values: Record<string, string> = Object.fromEntries(
    columnNames.map((name) => [name, plainValue(runColumns[name] ?? 'text', cell(name))]),
  )
  const plain = {
    ...values,
    begin_time: 'm.began',
    date: `coalesce(${values.date}, m.began)`,
    // Where it only repeats the begin of the run, it says nothing new.
    backend_begin_time: `iif(${cell('backend_begin_time')} = ${isoTime('m.began')}, NULL, ${cell('backend_begin_time')})`,
  }
  const selected = Object.entries(plain).map(([name, value]) => `${value} AS ${name}`)
  const within = 'm.id BETWEEN :from AND :to'
  const insert = `INSERT INTO backups (${finalColumns})`
  return [
    `${insert} ${finalRuns(`SELECT ${marks}, ${selected} FROM marks m CROSS JOIN old.backups b ON b.rowid = m.place WHERE ${within} AND m.plain ORDER BY m.id`)}`,
    `${insert} ${finalRuns(`SELECT ${marks}, h.* FROM marks m CROSS JOIN by_hand h ON h.place = m.place WHERE ${within} AND NOT m.plain ORDER BY m.id`)}`,
  ]
}

/** The same for log lines. The lists say nothing about the order among them: errors come first, then warnings, then messages. */
function logStatements(columns: Set<string>): string[] {
  const insert = (from: string, cell: (name: string) => string) => {
    const list = (name: string) => `ifnull(nullif(${cell(name)}, ''), '[]')`
    const [errors, warnings] = ['errors_array', 'warnings_array'].map((name) => `json_array_length(${list(name)})`)
    // In the order of the table's key, so that every line is written behind the one before it.
    return `
      INSERT INTO log_lines (backup_id, level, sequence, text)
      SELECT m.id, v.level, CASE v.level WHEN 'ERROR' THEN 0 WHEN 'WARNING' THEN ${errors} ELSE ${errors} + ${warnings} END + line.key, line.value
      FROM marks m CROSS JOIN ${from} CROSS JOIN (SELECT 'ERROR' AS level UNION ALL SELECT 'INFORMATION' UNION ALL SELECT 'WARNING') v
        CROSS JOIN json_each(CASE v.level WHEN 'ERROR' THEN ${list('errors_array')} WHEN 'WARNING' THEN ${list('warnings_array')}
          ELSE ${list('messages_array')} END) line
      WHERE m.id BETWEEN :from AND :to AND `
  }
  return [
    `${insert('old.backups b ON b.rowid = m.place', cellOf(columns))} m.plain`,
    `${insert('by_hand b ON b.place = m.place', (name) => `b.${name}`)} NOT m.plain`,
  ]
}
