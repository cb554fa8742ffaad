// However much a report says, what is kept of it and what is answered of it has a bound in bytes.

import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const MiB = 2 ** 20

async function postPacked(app: TestApp, document: unknown) {
  const body = gzipSync(JSON.stringify(document), { level: 1 })
  const response = await app.fetch('/api/upload', { method: 'POST', headers: { 'content-encoding': 'gzip' }, body })
  expect(response.status).toBe(200)
}

const ofJob = (index: number) => ({ 'backup-id': `DB-${index}`, 'backup-name': `Job ${index}` })

function stored<Row>(app: TestApp, sql: string): Row[] {
  const database = new Database(app.file, { readonly: true })
  try {
    return database.prepare(sql).all() as Row[]
  } finally {
    database.close()
  }
}

/** As an older release left it: the lines are stored whole. */
function storeWhole(app: TestApp, backupId: number, lines: number, text: string) {
  const database = new Database(app.file)
  const insert = database.prepare("INSERT INTO log_lines VALUES (?, 'INFORMATION', ?, ?)")
  database.transaction(() => {
    for (let sequence = 0; sequence < lines; sequence += 1) insert.run(backupId, sequence, `${sequence} ${text}`)
  })()
  database.close()
}

describe('30 jobs with long reports', () => {
  it('are kept in part, and answered in part', async () => {
    const app = await startApp()
    const longest = Array.from({ length: 1000 }, (_, index) => `[Warning-A-B]: ${index} `.padEnd(30_000, '"'))
    await postPacked(app, report({ extra: ofJob(10), logLines: longest }))
    const long = Array.from({ length: 60 }, (_, index) => `[Warning-A-B]: ${index} `.padEnd(7900, 'x'))
    for (let index = 11; index < 40; index += 1) await postPacked(app, report({ extra: ofJob(index), logLines: long }))

    const kept = stored<{ lines: number; bytes: number; longest: number }>(
      app,
      'SELECT count(*) AS lines, sum(octet_length(text)) AS bytes, max(octet_length(text)) AS longest FROM log_lines GROUP BY backup_id',
    )
    expect(kept).toEqual([
      { lines: 128, bytes: 128 * 8182, longest: 8182 },
      ...Array.from({ length: 29 }, () => ({ lines: 60, bytes: 60 * 7900, longest: 7900 })),
    ])
    const { data } = await app.graphql('{ backup(id: 1) { logLinesDropped logLinesCut logLines { totalCount } } }')
    expect(data).toEqual({ backup: { logLinesDropped: 872, logLinesCut: 128, logLines: { totalCount: 128 } } })

    const text = await (await app.fetch('/api/lastbackups/1')).text()
    // A quotation mark in a text within a text takes four bytes.
    expect(text.length).toBeLessThan(2 * 4 * MiB + 100_000)
    const { latest_backups: runs } = JSON.parse(text)
    expect(runs).toHaveLength(30)
    const counts = [128, ...Array.from({ length: 29 }, () => 60)]
    for (const [index, run] of runs.entries()) {
      const lines: string[] = JSON.parse(run.warnings_array)
      expect(lines.length).toBeGreaterThan(5)
      expect(lines.at(-1)).toBe(`... and ${(counts[index] ?? 0) - lines.length + 1} more`)
      expect(run.messages_array).toBe('[]')
    }
    const one = await (await app.fetch('/api/lastbackup/1')).json()
    expect(JSON.parse(one.latest_backup.warnings_array)).toHaveLength(60)
  }, 60_000)
})

describe('logs that an older release stored whole', () => {
  it('are answered in part, errors first', async () => {
    const app = await startApp()
    for (const index of [1, 2]) await app.post(report({ extra: ofJob(index) }))
    await app.post(report({ extra: ofJob(3), logLines: ['[Information-A]: short', '[Error-A]: also short'] }))
    for (const backupId of [1, 2]) storeWhole(app, backupId, 300, `ä\0${'x'.repeat(20_000)}`)

    const text = await (await app.fetch('/api/lastbackups/1')).text()
    const { latest_backups: runs } = JSON.parse(text)
    expect(text.length).toBeLessThan(4.2 * MiB)
    const messages: string[][] = runs.map((run: { messages_array: string }) => JSON.parse(run.messages_array))
    expect(messages[0]?.[0]).toBe(`0 ä\0${'x'.repeat(8155)}… (11845 more bytes)`)
    expect(messages[0]?.at(-1)).toMatch(/^\.\.\. and \d+ more$/)
    // What one run leaves of its share is the next one's.
    expect(messages[1]?.length).toBeGreaterThanOrEqual(messages[0]?.length ?? 0)
    expect(messages[2]).toEqual(['[Information-A]: short'])
    expect(JSON.parse(runs[2].errors_array)).toEqual(['[Error-A]: also short'])
    expect(stored(app, 'SELECT octet_length(text) AS bytes FROM log_lines WHERE backup_id = 1 LIMIT 1')).toEqual([
      { bytes: 20_005 },
    ])
  })

  it('have lines of up to 8 KiB over GraphQL, and so many in one answer', async () => {
    const app = await startApp()
    for (const index of [1, 2, 3]) await app.post(report({ extra: ofJob(index) }))
    for (const backupId of [1, 2, 3]) storeWhole(app, backupId, 100, `ä${'x'.repeat(100_000)}`)

    const { data } = await app.graphql('{ backup(id: 1) { logLines(last: 1) { nodes { sequence text } } } }')
    expect(data).toEqual({
      backup: { logLines: { nodes: [{ sequence: 99, text: `99 ä${'x'.repeat(8155)}… (91845 more bytes)` }] } },
    })
    const pages = Array.from({ length: 30 }, (_, index) => `a${index}: logLines(first: 100) { nodes { text } }`)
    const { errors } = await app.graphql(`{ backup(id: 1) { ${pages.join(' ')} } }`)
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'QUERY_TOO_COMPLEX' } })
    const fewer = await app.graphql(`{ backup(id: 1) { ${pages.slice(0, 15).join(' ')} } }`)
    expect(fewer.errors).toBeUndefined()
  })
})

describe('every other text of a report', () => {
  const long = 'x'.repeat(200_000)

  it('is kept up to a bound, with how much is missing', async () => {
    const app = await startApp()
    const problems = Array.from({ length: 500 }, (_, index) => ({ Key: index % 2 ? 'Missing' : 'Extra', Value: long }))
    const { status } = await app.post(
      report({
        exception: `System.Exception: ${long}`,
        data: {
          ParsedResult: long,
          Version: long,
          TestResults: {
            VerificationsActualLength: 1,
            Verifications: [{ Key: long, Value: problems.map((one) => ({ ...one, Value: long.slice(0, 2000) })) }],
          },
          FilesWithError: 1,
        },
        logLines: [`[Warning-Duplicati.Library.Main.Operation.Backup.A]: failed: /${long}`],
      }),
    )
    expect(status).toBe(200)

    const columns = stored<Record<string, string | number>>(app, 'SELECT * FROM backups')[0] ?? {}
    const lengths = Object.entries(columns).map(([name, value]) => [name, String(value).length])
    const tooLong = lengths.filter(([, length]) => Number(length) > 1024)
    expect(tooLong.map(([name]) => name)).toEqual(['exception', 'sub_results', 'remarks'])
    expect(columns.exception).toMatch(/^System\.Exception: x+… \(134514 more bytes\)$/)
    expect(Buffer.byteLength(String(columns.exception))).toBeLessThanOrEqual(64 * 1024)
    expect(String(columns.sub_results).length).toBeLessThan(300_000)
    const remarks: { message: string }[] = JSON.parse(String(columns.remarks))
    // The count is that of all, also where only some are kept.
    expect(remarks.map(({ message }) => message.slice(0, 60))).toEqual([
      '1 file could not be saved: /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      'The check of the destination found 250 entries that are miss',
    ])
    expect(Math.max(...remarks.map(({ message }) => message.length))).toBeLessThan(4000)
  })

  it.each(['machine-id', 'machine-name', 'backup-id', 'backup-name'])(
    '%s is refused, so that no two become one',
    async (key) => {
      const app = await startApp()
      const { status, body } = await app.post(report({ extra: { [key]: 'x'.repeat(1001) } }))
      expect(status).toBe(400)
      expect(body).toMatchObject({ error: { issues: [{ path: `Extra.${key}` }] } })
    },
  )

  it.each([
    ['what is wrong', { ...report(), LogLines: Array.from({ length: 100_000 }, () => 1) }],
    ['wrong entries', report({ data: { TestResults: { Verifications: Array.from({ length: 100_000 }, () => 1) } } })],
  ])('of %s, 100 issues are named', async (_, document) => {
    const app = await startApp()
    const { status, body } = await app.post(document)
    expect(status).toBe(400)
    expect((body as { error: { issues: unknown[] } }).error.issues).toHaveLength(100)
  })

  it('the operation of a report that is ignored, and the names in a form, are echoed in part', async () => {
    const app = await startApp()
    const { body } = await app.post(report({ data: { MainOperation: long } }))
    expect(JSON.stringify(body).length).toBeLessThan(1200)
    const form = await app.rest('POST', '/api/upload', `${long}=1`)
    expect(JSON.stringify(form.body).length).toBeLessThan(1200)
  })
})
