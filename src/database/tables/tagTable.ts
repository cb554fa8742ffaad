// The statements that write the tags of servers and jobs.

import type { Database } from 'better-sqlite3'

export function tagTable(database: Database) {
  return { ofServers: tagsIn(database, 'server_tags', 'server_id'), ofJobs: tagsIn(database, 'job_tags', 'job_id') }
}

function tagsIn(database: Database, table: string, owner: string) {
  const find = database.prepare<[number], string>(`SELECT tag FROM ${table} WHERE ${owner} = ? ORDER BY tag`).pluck()
  const clear = database.prepare<[number]>(`DELETE FROM ${table} WHERE ${owner} = ?`)
  const add = database.prepare<[number, string]>(`INSERT INTO ${table} (${owner}, tag) VALUES (?, ?)`)
  const copy = database.prepare<[number, number]>(
    `INSERT OR IGNORE INTO ${table} (${owner}, tag) SELECT ?, tag FROM ${table} WHERE ${owner} = ?`,
  )
  return {
    /** In the order of the alphabet. */
    find: (id: number): string[] => find.all(id),
    /** Puts these tags in the place of those that were there. */
    set: (id: number, tags: string[]) => {
      clear.run(id)
      for (const tag of tags) add.run(id, tag)
    },
    /** Gives another one the same tags, beside those that it has. */
    copy: (from: number, into: number) => void copy.run(into, from),
  }
}
