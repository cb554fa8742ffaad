// A copy of a database to which somebody writes all the time.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { copyDatabase } from '../../src/database/file/copyDatabase.ts'
import { newPlace } from '../support/folders.ts'

it('comes to its end, and is as of its beginning, although something is written at every step', async () => {
  const file = newPlace()
  const writing = new Database(file)
  writing.pragma('journal_mode = WAL')
  writing.exec('CREATE TABLE t (x)')
  const insert = writing.prepare('INSERT INTO t VALUES (zeroblob(?))')
  // Some steps of 20 MB.
  for (let count = 0; count < 12; count++) insert.run(5 * 2 ** 20)
  const source = new Database(file, { readonly: true })
  const left: number[] = []
  await copyDatabase(source, `${file}-copy`, (done, total) => {
    left.push(total - done)
    insert.run(1)
    if (left.length > 100) throw new Error('It does not end')
  })
  expect(left.length).toBeGreaterThan(2)
  expect(left).toEqual([...left].sort((a, b) => b - a))
  const copy = new Database(`${file}-copy`)
  expect(copy.prepare('SELECT count(*) FROM t').pluck().get()).toBe(12)
  for (const database of [copy, source, writing]) database.close()
})
