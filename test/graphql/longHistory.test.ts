// Histories of many runs: they are read in pieces, come out as if they were not, and end where a request has read enough.

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { timeBuckets } from '../../src/domain/schedule/timeBuckets.ts'
import { writeRuns } from '../bench/writeRuns.ts'
import { start, startApp } from '../support/app.ts'
import { countedRuns, plainBucket } from '../support/plainHistory.ts'
import { countStatements } from '../support/statements.ts'

const runs = 4500
let file: string

/** One server with 200 jobs. Six hundred at a time began in the same moment, also where a piece ends, and some do not count. */
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'duplistatus-')), 'backups.db')
  await writeRuns(file, runs, start)
  const database = new Database(file)
  database.exec(`
    UPDATE backup_jobs SET server_id = 1;
    UPDATE backups SET server_id = 1, ordered_at = ordered_at / 259200000 * 259200000, dryrun = id % 7 = 0, prevented = id % 11 = 0;
    UPDATE backups SET known_file_size = NULL WHERE id % 5 = 0;`)
  database.close()
})

const fields = 'from to runs failed durationSeconds uploadedSize changedFiles sourceSize storedSize versions'

describe('a long history', () => {
  it.each([
    ['DAY', 'Asia/Kathmandu'],
    ['WEEK', 'Australia/Lord_Howe'],
    ['MONTH', 'UTC'],
  ] as const)('counts every run once, by %s in %s', async (bucket, timeZone) => {
    const app = await startApp({ file })
    const [from, to] = [new Date('2026-07-15T00:00:00Z'), start]
    const { data } = await app.graphql(`{ server(by: { id: 1 }) {
      history(from: "${from.toISOString()}", bucket: ${bucket}, timeZone: "${timeZone}") { ${fields} }
    } }`)
    await app.close()
    const counted = countedRuns(file)
    expect(counted.length).toBeGreaterThan(3000)
    expect(data).toEqual({
      server: { history: [...timeBuckets(from, to, bucket, timeZone)].map((one) => plainBucket(counted, one, start)) },
    })
  })

  it('is not read beyond what the query limits allow, which all histories of a request share', async () => {
    const app = await startApp({ file, environment: { MAX_QUERY_COST: '2000' } })
    const ask = (query: string) => app.graphql(`{ ${query} }`)
    const one = 'server(by: { id: 1 }) { history(bucket: MONTH) { runs } }'
    expect((await ask(one)).errors).toBeUndefined()
    const message =
      'The histories in this query read more than 20,000 runs, the most that one query may read. Ask for a shorter period or for fewer histories, or raise MAX_QUERY_COST.'
    const sixty = Array.from({ length: 60 }, (_, index) => `a${index}: ${one}`).join(' ')
    let errors: unknown[] | undefined
    const { rowsRead } = await countStatements(file, async () => {
      errors = (await ask(sixty)).errors
    })
    expect(errors).toContainEqual(
      expect.objectContaining({ message, path: ['a59', 'history'], extensions: { code: 'QUERY_TOO_COMPLEX' } }),
    )
    // Five histories, up to the end of a piece, and what their 200 jobs knew before. All sixty would be 270,000.
    expect(rowsRead).toBeGreaterThan(20_000)
    expect(rowsRead).toBeLessThan(40_000)
  })
})
