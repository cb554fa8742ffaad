// What is answered with our own statements, and what is left to Prisma: told by the statements that Prisma makes.

import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { LiteralSqlite } from '../../src/database/literalContains.ts'
import { answerReads } from '../../src/database/reads/answerReads.ts'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

type Ask = (client: PrismaClient) => Promise<unknown>

const answered: Record<string, Ask> = {
  'all columns': (client) => client.backup.findMany(),
  'some columns': (client) => client.backup.findMany({ select: { id: true, uploadedSize: true, status: false } }),
  'rows of rows': (client) =>
    client.server.findMany({
      select: {
        name: true,
        jobs: { select: { latestBackup: true }, where: { paused: false }, orderBy: { name: 'desc' } },
      },
    }),
  'a row that refers to it': (client) =>
    client.backup.findMany({ include: { latestOfJob: true, latestOfServer: true } }),
  'a page': (client) => client.backup.findMany({ orderBy: [{ orderedAt: 'desc' }, { id: 'desc' }], take: 2, skip: 1 }),
  'the first': (client) => client.backup.findFirst({ orderBy: { beganAt: 'desc' } }),
  'no first': (client) => client.backup.findFirst({ where: { id: 99 } }),
  'one by its id': (client) => client.backup.findUniqueOrThrow({ where: { id: 2 } }),
  'one by another unique column': (client) =>
    client.backupJob.findUnique({ where: { latestBackupId: 2, paused: false } }),
  'none by its id': (client) => client.server.findUnique({ where: { id: 99 }, select: { name: true } }),
  'a number': (client) => client.backup.count({ where: { status: { in: ['SUCCESS', 'ERROR'] } } }),
  'a text as it is': (client) =>
    client.server.findMany({ where: { OR: [{ name: { contains: 'n%s' } }, { alias: { contains: 'x' } }] } }),
  'what is null': (client) => client.server.findMany({ where: { alias: null, notes: { not: null } } }),
  'what is compared': (client) =>
    client.backup.findMany({
      where: { beganAt: { gte: new Date('2026-07-02T00:00:00Z') }, uploadedSize: { gt: 1n }, NOT: { status: 'FATAL' } },
    }),
  'what is in no list': (client) =>
    client.server.findMany({ where: { id: { notIn: [] }, name: { notIn: ['a', 'b'] } } }),
  'what others say of it': (client) =>
    client.server.findMany({
      where: { jobs: { some: { state: 'OK' }, none: { paused: true }, every: { runs: { gt: 0 } } } },
    }),
  'what a row it refers to says': (client) => client.backup.findMany({ where: { job: { name: 'Photos' } } }),
  'what is undefined': (client) => client.server.findMany({ where: { id: undefined }, take: undefined } as object),
}

const left: Record<string, Ask> = {
  'a cursor': (client) => client.backup.findMany({ cursor: { id: 2 } }),
  'distinct rows': (client) => client.backup.findMany({ distinct: 'jobId' }),
  'counted relations': (client) => client.server.findMany({ select: { _count: true } }),
  'what is omitted': (client) => client.server.findMany({ omit: { name: true } }),
  'the last rows': (client) => client.backup.findMany({ take: -1 }),
  'some of the rows of each row': (client) => client.server.findMany({ select: { jobs: { take: 1 } } }),
  'an order by a relation': (client) => client.backup.findMany({ orderBy: { job: { name: 'asc' } } }),
  'nulls in their place': (client) => client.backup.findMany({ orderBy: { beganAt: { sort: 'asc', nulls: 'last' } } }),
  'a page in the order of a key of several columns': (client) => client.logLine.findMany({ take: 1 }),
  'one by several columns': (client) =>
    client.machineId.findUnique({ where: { id_name: { id: 'nowhere', name: '' } } }),
  'the start of a text': (client) => client.server.findMany({ where: { name: { startsWith: 'n' } } }),
  'what a row it refers to is not': (client) =>
    client.backup.findMany({ where: { job: { isNot: { name: 'Photos' } } } }),
  'a condition in a condition': (client) => client.backup.findMany({ where: { messages: { not: { gt: 1 } } } }),
  'an alternative that is none': (client) => client.server.findMany({ where: { OR: [{}, { id: 1 }] } }),
  'no alternative': (client) => client.server.findMany({ where: { AND: [{ name: 'x' }, { OR: [] }] } }),
  'a number that is no Int': (client) => client.backup.findUnique({ where: { id: 2 ** 31 } }),
  'a time as text': (client) => client.backup.findMany({ where: { beganAt: '2026-07-02T00:00:00.000Z' } }),
  'a long list': (client) =>
    client.backup.findMany({ where: { id: { in: Array.from({ length: 1001 }, (_, index) => index) } } }),
  groups: (client) => client.server.groupBy({ by: 'name' }),
}

const refused: Record<string, Ask> = {
  'nobody by an id': (client) => client.backup.findUniqueOrThrow({ where: { id: 99 } }),
  'no first': (client) => client.backup.findFirstOrThrow({ where: { id: 99 } }),
  'one by no id': (client) => client.backup.findUnique({ where: { id: undefined as unknown as number } }),
  'one by a column that is not unique': (client) => client.server.findUnique({ where: { name: 'nas' } as never }),
  'an unknown key': (client) => client.server.findMany({ nothing: true } as object),
  'an unknown column': (client) => client.server.findMany({ select: { id: true, nothing: false } as object }),
  'no column': (client) => client.server.findMany({ select: { id: false } }),
  'null for a column that never is': (client) => client.server.findMany({ where: { name: null as unknown as string } }),
  'null for a time to compare with': (client) =>
    client.backup.findMany({ where: { beganAt: { gt: null as unknown as Date } } }),
  'an order among words of an enum': (client) => client.backup.count({ where: { status: { lt: 'FATAL' } } as object }),
  'a word that is none of the enum': (client) => client.backup.count({ where: { status: 'GOOD' as 'ERROR' } }),
  'a pattern that SQLite refuses': (client) =>
    client.server.findMany({ where: { name: { contains: 'x'.repeat(60_000) } } }),
}

describe('our own statements', () => {
  it.each(Object.entries(answered))('answer %s', async (_, ask) => {
    const { client, ours, statementsOfPrisma } = await openFilled()
    const expected = await ask(client)
    const before = statementsOfPrisma()
    expect(await ask(ours)).toEqual(expected)
    expect(statementsOfPrisma()).toBe(before)
  })

  it.each(Object.entries(left))('leave %s to Prisma', async (_, ask) => {
    const { client, ours, statementsOfPrisma } = await openFilled()
    const expected = await ask(client)
    const before = statementsOfPrisma()
    expect(await ask(ours)).toEqual(expected)
    expect(statementsOfPrisma()).toBeGreaterThan(before)
  })

  it.each(Object.entries(refused))('leave it to Prisma to refuse %s', async (_, ask) => {
    const { client, ours } = await openFilled()
    const refusal = await ask(client).then(() => null, codeAndLastLine)
    expect(refusal).not.toBeNull()
    expect(await ask(ours).then(() => null, codeAndLastLine)).toEqual(refusal)
  })

  it('leave to Prisma what is not stored as its type says', async () => {
    const { file, client, ours, statementsOfPrisma } = await openFilled()
    const writer = new Database(file)
    writer.exec("UPDATE servers SET last_seen = '2026-07-01T00:00:00.000Z' WHERE id = 1")
    writer.close()
    const expected = await client.server.findMany()
    const before = statementsOfPrisma()
    expect(await ours.server.findMany()).toEqual(expected)
    expect(statementsOfPrisma()).toBe(before + 1)
  })

  it('read one moment, whatever is written meanwhile', async () => {
    const { file, ours, onStatement } = await openFilled()
    const writer = new Database(file)
    onTestFinished(() => void writer.close())
    onStatement((sql) => {
      if (sql.includes('FROM "backup_jobs"')) writer.exec("UPDATE backup_jobs SET name = 'later'")
    })
    const read = () => ours.server.findFirst({ select: { jobs: { select: { name: true }, orderBy: { id: 'asc' } } } })
    expect(await read()).toEqual({ jobs: [{ name: 'Documents' }, { name: 'Photos' }] })
    onStatement(() => {})
    expect(await read()).toEqual({ jobs: [{ name: 'later' }, { name: 'later' }] })
  })

  it('are prepared once for all that ask alike, while they are among the last 100', async () => {
    const { ours, database } = await openFilled()
    const prepare = vi.spyOn(database, 'prepare')
    const ask = (id: number) => ours.backup.findMany({ where: { id, status: { in: ['SUCCESS'] } } })
    const askOthers = async (kinds: number) => {
      for (let length = 1; length <= kinds; length++) {
        await ours.server.count({ where: { id: { in: Array.from({ length }, () => 1) } } })
      }
    }
    await ask(1)
    await ask(2)
    expect(prepare).toHaveBeenCalledTimes(1)
    await askOthers(99)
    await ask(3)
    expect(prepare).toHaveBeenCalledTimes(100)
    await askOthers(100)
    prepare.mockClear()
    await ask(4)
    expect(prepare).toHaveBeenCalledTimes(1)
  })
})

it('hands on whatever else the client can', async () => {
  const { ours } = await openFilled()
  expect(await ours.$queryRaw`SELECT count(*) AS number FROM servers`).toEqual([{ number: 2n }])
  expect(await ours.backupJob.aggregate({ _sum: { runs: true } })).toEqual({ _sum: { runs: 4 } })
})

/** A file of two servers, read by Prisma, and by us. */
async function openFilled() {
  const app = await startApp()
  for (const [index, extra] of [
    { 'backup-name': 'Documents', 'backup-id': 'DB-1' },
    { 'backup-name': 'Photos', 'backup-id': 'DB-2' },
    { 'backup-name': 'Photos', 'backup-id': 'DB-2' },
    { 'backup-name': 'Documents', 'machine-id': 'machine-2', 'machine-name': 'n%s' },
  ].entries()) {
    const { status } = await app.post(report({ extra, data: { BeginTime: `2026-07-0${index + 1}T00:00:00Z` } }))
    expect(status).toBe(200)
  }
  const { file } = app
  const adapter = new LiteralSqlite({ url: file, readonly: true }, { timestampFormat: 'unixepoch-ms' })
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] })
  let asked = 0
  client.$on('query', () => {
    asked += 1
  })
  let listener = (_: string) => {}
  const database = new Database(file, { readonly: true, verbose: (sql) => listener(String(sql)) })
  onTestFinished(async () => {
    await client.$disconnect()
    database.close()
  })
  return {
    file,
    client: client as PrismaClient,
    database,
    ours: answerReads(client as PrismaClient, database).client,
    statementsOfPrisma: () => asked,
    /** Calls back before each of our own statements is executed. */
    onStatement: (call: typeof listener) => {
      listener = call
    },
  }
}

function codeAndLastLine(error: Error & { code?: string }) {
  return [error.code, error.message.split('\n').at(-1)]
}
