// Rows become objects, and objects rows, as schema.prisma says of their columns.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { json, rowCodec } from '../../src/database/rows/rowCodec.ts'
import type { Stored } from '../../src/database/rows/values.ts'

interface Example {
  id: number
  jobId: number
  beganAt: Date | null
  durationSeconds: number | null
  dryRun: boolean
  sourceSize: bigint | null
  versions: number | null
  remarks: string[] | null
}

const examples = rowCodec<Example>('Backup', {
  id: 'plain',
  jobId: 'plain',
  beganAt: 'plain',
  durationSeconds: 'plain',
  dryRun: 'plain',
  sourceSize: 'plain',
  versions: 'plain',
  remarks: json(),
})

const full: Example = {
  id: 1,
  jobId: 2,
  beganAt: new Date('2026-08-01T12:00:00.123Z'),
  durationSeconds: 0.5,
  dryRun: true,
  sourceSize: 2n ** 63n - 1n,
  versions: 3,
  remarks: ['a', "b'"],
}
const empty = {
  ...full,
  beganAt: null,
  durationSeconds: null,
  dryRun: false,
  sourceSize: null,
  versions: null,
  remarks: null,
}

it('names columns as the database does', () => {
  expect(examples.columns).toBe(
    '"id", "job_id", "began_at", "duration_seconds", "dryrun", "source_size", "backup_list_count", "remarks"',
  )
  expect(examples.columnsOf('b')).toMatch(/^b\."id", b\."job_id", /)
})

it.each([
  ['values', full],
  ['nulls', empty],
])('brings back what was stored: %s', (_, example) => {
  const database = new Database(':memory:')
  database.exec(
    `CREATE TABLE backups (id INTEGER, job_id INTEGER, began_at BIGINT, duration_seconds REAL, dryrun BOOLEAN, source_size BIGINT,
      backup_list_count INTEGER, remarks TEXT)`,
  )
  database
    .prepare(`INSERT INTO backups (${examples.columns}) VALUES (${examples.places})`)
    .run(...examples.write(example))
  const select = database.prepare<[], Stored[]>(`SELECT ${examples.columns} FROM backups`).raw().safeIntegers()
  expect(examples.read(select.get() as Stored[])).toEqual(example)
  database.prepare(`UPDATE backups SET ${examples.assignments} WHERE id = ?`).run(...examples.write(empty), example.id)
  expect(examples.read(select.get() as Stored[])).toEqual(empty)
  database.close()
})

it('stores numbers beyond 2^53 within JSON as digits', () => {
  expect(json<object>().write({ small: 1, large: 2n ** 53n })).toBe('{"small":1,"large":"9007199254740992"}')
})

it('refuses a field that its model does not have', () => {
  expect(() => rowCodec<{ color: string }>('Backup', { color: 'plain' })).toThrow('Backup has no field color.')
})
