// Whatever is asked of whatever rows: the answer is Prisma's own, to the last digit and in its order.

import { copyFileSync } from 'node:fs'
import { inspect } from 'node:util'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LiteralSqlite } from '../../src/database/literalContains.ts'
import { answerReads } from '../../src/database/reads/answerReads.ts'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { emptyDatabase } from '../support/compiled.ts'
import { newPlace, soak } from '../support/folders.ts'
import { type Read, randomRead, randomRows } from '../support/randomReads.ts'

const runs = soak ? 100 : 3
const readsOfRun = 200

type Delegates = Record<string, Record<string, (args: unknown) => Promise<unknown>>>

it('answers as Prisma does', async () => {
  let answered = 0
  for (let run = 0; run < runs; run++) {
    // Samples, and no property: what fails is one read, which is told below, and cannot be made smaller with all rows beside it.
    const file = await filled(fc.sample(randomRows(), { numRuns: 1, seed: run }).flat())
    const client = openClient(file, true)
    const database = new Database(file, { readonly: true })
    const ours = answerReads(client, database).client
    let asked = 0
    client.$on('query', () => {
      asked += 1
    })
    for (const read of fc.sample(randomRead(), { numRuns: readsOfRun, seed: run })) {
      const expected = await outcome(client, read)
      const before = asked
      expect(await outcome(ours, read), `${run}: ${inspect(read, { depth: null })}`).toBe(expected)
      if (asked === before && !expected.startsWith('Error')) answered += 1
    }
    await client.$disconnect()
    database.close()
  }
  // The others are beyond what is known, or Prisma refuses them.
  expect(answered).toBeGreaterThan((runs * readsOfRun) / 3)
}, 3_600_000)

async function outcome(client: unknown, { delegate, method, args }: Read): Promise<string> {
  try {
    const answer = await (client as Delegates)[delegate]?.[method]?.(args)
    return inspect(answer, { depth: null, maxArrayLength: null, maxStringLength: null })
  } catch (error) {
    return `Error ${(error as Error).message}`
  }
}

function openClient(file: string, readonly: boolean) {
  return new PrismaClient({
    adapter: new LiteralSqlite({ url: file, readonly }, { timestampFormat: 'unixepoch-ms' }),
    log: [{ emit: 'event', level: 'query' }],
    errorFormat: 'minimal',
  })
}

async function filled(rows: [delegate: string, rows: object[]][]): Promise<string> {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  const client = openClient(file, false)
  await client.$executeRawUnsafe('PRAGMA foreign_keys = OFF')
  for (const [delegate, data] of rows) {
    await (client as unknown as Delegates)[delegate]?.deleteMany?.({})
    await (client as unknown as Delegates)[delegate]?.createMany?.({ data })
  }
  await client.$disconnect()
  const database = new Database(file)
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
  return file
}
