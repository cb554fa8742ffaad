// Counts what an operation asks of SQLite: its statements, the rows they read, and the rows they write.
//
// Statements are counted where all of them pass, Prisma's and our own: at the driver. SQLite as the driver compiles it does
// not tell how many rows it visits. So every reading statement is run once more, as it was, on a copy of the file in which
// each table is a view of itself that counts: SQLite puts such a view into the statement, with the indexes it takes anyway,
// and evaluates its condition for every row that it comes to. Where it would not, the view is read in full: a count can be
// too high, and never too low. Of a writing statement the rows are counted that it changed.

import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'

export interface Counted {
  statements: number
  rowsRead: number
  rowsWritten: number
}

interface Call {
  statement: Database.Statement
  args: unknown[]
  changes: number
}

const methods = ['all', 'get', 'iterate', 'run'] as const

/**
 * Counts what `work` makes the app do on its file; the file is as it was before when the reading statements are run again.
 *
 * @param file of the app, which nothing else uses
 */
export async function countStatements(file: string, work: () => Promise<void>): Promise<Counted> {
  const before = `${file}-before.db`
  const copying = new Database(file, { readonly: true })
  await copying.backup(before)
  copying.close()
  const calls = await recordStatements(work)
  const reading = calls.filter(({ statement }) => statement.readonly && statement.reader)
  return {
    statements: calls.length,
    rowsRead: rowsRead(before, reading),
    rowsWritten: calls.reduce((sum, { changes }) => sum + changes, 0),
  }
}

/** What the driver is asked to run meanwhile, on any connection. Transactions are not counted, but what is in them. */
export async function recordStatements(work: () => Promise<void>): Promise<Call[]> {
  const calls: Call[] = []
  const memory = new Database(':memory:')
  const prototype = Object.getPrototypeOf(memory.prepare('SELECT 1')) as Record<string, (...args: unknown[]) => unknown>
  const bound = new WeakMap<Database.Statement, unknown[]>()
  const bind = prototype.bind as (...args: unknown[]) => unknown
  prototype.bind = function (this: Database.Statement, ...args: unknown[]) {
    bound.set(this, args)
    return bind.apply(this, args)
  }
  const originals = methods.map((name) => [name, prototype[name] as (...args: unknown[]) => unknown] as const)
  for (const [name, original] of originals) {
    prototype[name] = function (this: Database.Statement, ...args: unknown[]) {
      const result = original.apply(this, args)
      if (/^(BEGIN|COMMIT|ROLLBACK|PRAGMA)/.test(this.source)) return result
      const changes = (result as Database.RunResult | undefined)?.changes
      calls.push({
        statement: this,
        args: bound.get(this) ?? args,
        changes: typeof changes === 'number' && !this.readonly ? changes : 0,
      })
      return result
    }
  }
  try {
    await work()
  } finally {
    Object.assign(prototype, { bind, ...Object.fromEntries(originals) })
    memory.close()
  }
  return calls
}

function rowsRead(before: string, calls: Call[]): number {
  const file = `${before}-counting.db`
  copyFileSync(before, file)
  const database = new Database(file)
  let count = 0
  database.function('visited', { deterministic: false, varargs: true }, () => {
    count += 1
    return 1
  })
  const tables = database
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_prisma%' ESCAPE '\\'",
    )
    .pluck()
    .all()
  for (const table of tables) {
    const key = database
      .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}') WHERE pk = 1`)
      .get()
    database.exec(`
      ALTER TABLE ${table} RENAME TO counted_${table};
      CREATE VIEW ${table} AS SELECT * FROM counted_${table} WHERE visited(${key?.name})`)
  }
  for (const { statement, args } of calls) database.prepare(statement.source).all(...args)
  database.close()
  return count
}
