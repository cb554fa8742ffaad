// What is read of one state of the database, and for how long.

import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { atOneMoment } from '../../src/database/reads/atOneMoment.ts'
import { createSnapshots } from '../../src/database/snapshot.ts'
import { startApp } from '../support/app.ts'

describe('a snapshot', () => {
  it('is of the state in which it began, until the work is done', async () => {
    const { begin, alias, elsewhere } = await open()
    elsewhere('one')
    begin()
    elsewhere('two')

    expect(alias()).toBe('one')
    await Promise.resolve()
    expect(alias()).toBe('one')

    await nextTurn()
    expect(alias()).toBe('two')
  })

  it('ends when another begins', async () => {
    const { begin, alias, elsewhere } = await open()
    begin()
    elsewhere('new')

    begin()
    expect(alias()).toBe('new')
  })

  it('has another version after a commit, and only then', async () => {
    const { begin, elsewhere } = await open()
    const first = begin()
    expect(begin()).toBe(first)
    await nextTurn()
    expect(begin()).toBe(first)

    elsewhere('new')
    expect(begin()).not.toBe(first)
  })

  it('is none while the database does not tell its version', async () => {
    const { begin, close } = await open()
    close()
    expect(begin()).toBeNull()
  })

  it('is what reads that belong together are of', async () => {
    const { begin, alias, elsewhere, together } = await open()
    elsewhere('one')
    const twice = together(() => {
      const first = alias()
      elsewhere(`${first}, and more`)
      return [first, alias()]
    })

    expect(twice()).toEqual(['one', 'one'])
    expect(twice()).toEqual(['one, and more', 'one, and more'])
    begin()
    expect(twice()).toEqual(['one, and more, and more', 'one, and more, and more'])
    expect(alias()).toBe('one, and more, and more')
  })
})

/** A connection that reads, and another that writes the alias of a server. */
async function open() {
  const app = await startApp()
  const writing = new Database(app.file)
  const reading = new Database(app.file, { readonly: true })
  onTestFinished(() => void [writing, reading].map((database) => database.close()))
  writing.exec("INSERT INTO servers (name, created_at, updated_at) VALUES ('nas', 0, 0)")
  const write = writing.prepare('UPDATE servers SET alias = ?')
  const read = reading.prepare<[], string>('SELECT alias FROM servers').pluck()
  return {
    begin: createSnapshots(reading),
    alias: () => read.get(),
    elsewhere: (alias: string) => write.run(alias),
    together: <T>(work: () => T) => atOneMoment(reading, work),
    close: () => reading.close(),
  }
}
