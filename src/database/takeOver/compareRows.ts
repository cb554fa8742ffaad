// Holds the new file against the copy: every server and every run that was not set aside is there, with everything it said. Runs are
// compared by SQL, and by hand where that does not do; to see whether the two agree, a thousand others are compared by hand as well.

import Database from 'better-sqlite3'
import type { Progress } from '../file/copyDatabase.ts'
import { tablesOf } from '../file/recognize.ts'
import type { ServerTable } from './carryServers.ts'
import type { Cell } from './cells.ts'
import { expectedRun } from './compareByHand.ts'
import { checkUntouched, pairRuns, runsToCompareByHand } from './compareRuns.ts'
import { type OldRow, readServer } from './oldRow.ts'

/** How many runs are compared by hand although SQL says that they are right. */
const sampleSize = 1000

/**
 * @param servers the table that holds the servers in the copy
 * @param progress hears how many runs of how many are compared
 * @returns how many rows were compared
 * @throws Error that names the first row that differs
 */
export function compareRows(copyFile: string, newFile: string, servers: ServerTable, progress: Progress): number {
  const copy = new Database(copyFile, { readonly: true, fileMustExist: true })
  const result = new Database(newFile, { readonly: true, fileMustExist: true })
  try {
    copy.defaultSafeIntegers(true)
    result.prepare('ATTACH ? AS old').run(copyFile)
    const compared = compareServers(copy, result, servers)
    return compared.count + compareRuns(copy, result, servers, compared.numbers, progress)
  } finally {
    copy.close()
    result.close()
  }
}

function compareServers(copy: Database.Database, result: Database.Database, servers: ServerTable) {
  const found = result.prepare<[], OldRow>(`
    SELECT s.id, s.name, s.alias, s.notes, s.url, m.id AS machine_id FROM servers s LEFT JOIN machine_ids m ON m.server_id = s.id`)
  const byNumber = new Map(found.all().map((row) => [Number(row.id), row]))
  const setAside = placesSetAside(result, servers)
  const numbers = new Map<string, number>()
  let count = 0
  let next = 1
  for (const row of copy.prepare<[], OldRow>(`SELECT rowid AS __place, * FROM ${servers} ORDER BY rowid`).iterate()) {
    if (setAside.has(row.__place as bigint)) continue
    const server = readServer(row)
    const number = server.number ?? next
    next = Math.max(next, number) + 1
    expectSame(`the server ${number}`, byNumber.get(number), {
      id: number,
      name: server.name,
      alias: servers === 'machines' ? server.name : server.alias,
      notes: server.notes,
      url: server.url,
      machine_id: server.machineId,
    })
    byNumber.delete(number)
    if (row.id !== null) numbers.set(String(row.id), number)
    count += 1
  }
  const [surplus] = byNumber.keys()
  if (surplus !== undefined) throw new Error(`The new file has a server ${surplus} that the old one had not.`)
  return { count, numbers }
}

function compareRuns(
  copy: Database.Database,
  result: Database.Database,
  servers: ServerTable,
  numbers: Map<string, number>,
  progress: Progress,
): number {
  const columns = tablesOf(copy).get('backups')
  if (!columns) return 0
  const total = pairRuns(result)
  const compareByHand = comparisonByHand(copy, result, servers, numbers)
  const byHand = new Set<number>()
  for (const id of runsToCompareByHand(result, columns, servers, (done) => progress(done, total))) {
    compareByHand(id)
    byHand.add(id)
  }
  for (const id of sample(total, sampleSize)) if (!byHand.has(id)) compareByHand(id)
  checkUntouched(result)
  compareJobs(result, columns, servers, byHand)
  return total
}

/** Compares a run with its row in the copy, and throws where they differ. */
function comparisonByHand(
  copy: Database.Database,
  result: Database.Database,
  servers: ServerTable,
  numbers: Map<string, number>,
) {
  const owner = servers === 'machines' ? 'machine_id' : 'server_id'
  const place = result.prepare<[number], bigint>('SELECT place FROM pairs WHERE id = ?').pluck().safeIntegers()
  const old = copy.prepare<[bigint], OldRow>('SELECT rowid AS __place, * FROM backups WHERE rowid = ?')
  const run = result
    .prepare<[number], OldRow>(
      'SELECT b.*, j.name AS job_name, j.server_id AS job_server FROM backups b JOIN backup_jobs j ON j.id = b.job_id WHERE b.id = ?',
    )
    .safeIntegers()
  const lines = result
    .prepare<[number], string>(
      "SELECT level || ' ' || sequence || ' ' || text FROM log_lines WHERE backup_id = ? ORDER BY level, sequence",
    )
    .pluck()
  return (id: number) => {
    const row = old.get(place.get(id) ?? 0n) as OldRow
    const { columns, log } = expectedRun(row)
    const server = numbers.get(String(row[owner])) ?? null
    const name = columns.backup_name ?? columns.backup_id ?? 'unknown'
    const where = `the run in row ${row.__place}`
    expectSame(where, run.get(id), { ...columns, server_id: server, job_server: server, job_name: name })
    expectSame(where, { log: lines.all(id).join('\0') }, { log: log.join('\0') })
  }
}

/**
 * That the runs of each name of each server are as many in the new file, in one job, and that the latest is of the same time. Runs that
 * were compared by hand are left out: what their rows say, SQL does not know.
 */
function compareJobs(result: Database.Database, columns: Set<string>, servers: ServerTable, byHand: Set<number>) {
  const owner = servers === 'machines' ? 'machine_id' : 'server_id'
  const begin = columns.has('begin_time') ? 'coalesce(o.begin_time, o.date)' : 'o.date'
  const name = columns.has('backup_name') ? 'coalesce(o.backup_name, o.backup_id)' : 'o.backup_id'
  const left = `NOT IN (SELECT value FROM json_each('${JSON.stringify([...byHand])}'))`
  const found = result.prepare<[], { where: string; expected: number; found: number; jobs: number; isLatest: number }>(`
    SELECT s.name || ': ' || n.name AS "where", e.runs AS expected, n.runs AS found, n.jobs,
      e.latest IS n.latest AS isLatest
    FROM (SELECT min(p.id) AS first, count(*) AS runs, max(CAST(round(unixepoch(${begin}, 'subsec') * 1000) AS INTEGER)) AS latest
      FROM pairs p JOIN old.backups o ON o.rowid = p.place WHERE p.id ${left} GROUP BY o.${owner}, ${name}) e
    JOIN backups f ON f.id = e.first
    JOIN (SELECT b.server_id, j.name, count(*) AS runs, count(DISTINCT b.job_id) AS jobs, max(b.began_at) AS latest
      FROM backups b JOIN backup_jobs j ON j.id = b.job_id WHERE b.id ${left} GROUP BY b.server_id, j.name) n
      ON n.server_id = f.server_id AND n.name = (SELECT name FROM backup_jobs WHERE id = f.job_id)
    JOIN servers s ON s.id = n.server_id
    WHERE e.runs <> n.runs OR n.jobs <> 1 OR e.latest IS NOT n.latest`)
  const [problem] = found.all()
  if (!problem) return
  throw new Error(
    `The runs of ${problem.where} are ${problem.found} in ${problem.jobs} jobs where ${problem.expected} in one were expected${problem.isLatest ? '' : ', and the latest is another'}.`,
  )
}

/** So many different numbers from 1 to `total`, or all of them, as chance has it. */
function sample(total: number, size: number): Set<number> {
  if (total <= size) return new Set(Array.from({ length: total }, (_, index) => index + 1))
  const chosen = new Set<number>()
  while (chosen.size < size) chosen.add(1 + Math.floor(Math.random() * total))
  return chosen
}

function expectSame(place: string, found: OldRow | undefined, expected: OldRow) {
  if (!found) throw new Error(`The new file lacks ${place}.`)
  for (const [name, value] of Object.entries(expected)) {
    // What is a number here may be a bigint there.
    if (found[name] !== value && String(found[name]) !== String(value)) {
      throw new Error(`In ${place}, ${name} became ${shortened(found[name])} where ${shortened(value)} was expected.`)
    }
  }
}

function shortened(value: Cell | undefined): string {
  const whole = String(value)
  return whole.length > 200 ? `${whole.slice(0, 200)}…` : whole
}

/** The rows of an old table that have no place in the new file. */
function placesSetAside(result: Database.Database, source: string): Set<bigint> {
  const places = result.prepare<[string], bigint>('SELECT place FROM quarantine WHERE source = ? AND NOT repaired')
  return new Set(places.pluck().safeIntegers().all(source))
}
