// Odd senders, odd documents and other operations: the whole answer to each, and what is stored of it.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const nobody = { 'machine-id': null, 'machine-name': null }
const sender = 'server { name machineIds } job { name backupId }'
const ofPhotos = { job: { name: 'Photos', backupId: 'DB-1' } }
const ofNas = { server: { name: 'nas', machineIds: ['machine-1'] } }
const long = 'x'.repeat(1000)

async function takes(body: unknown, fields: string, expected: unknown, path = '/api/upload') {
  const app = await startApp()
  expect(await app.rest('POST', path, body)).toEqual({
    status: 200,
    body: { success: true, backup: { id: 1 }, duplicate: false },
  })
  expect(await app.graphql(`{ node(id: "Backup:1") { ... on Backup { ${fields} } } }`)).toEqual({
    data: { node: expected },
  })
}

describe('a sender is known', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    [
      'by id only',
      { 'machine-name': null, 'backup-name': '' },
      { server: { name: 'machine-1', machineIds: ['machine-1'] }, job: { name: 'DB-1', backupId: 'DB-1' } },
    ],
    [
      'by name only',
      { 'machine-id': '', 'backup-id': null },
      { server: { name: 'nas', machineIds: [] }, job: { name: 'Photos', backupId: null } },
    ],
    [
      'by names with blanks around',
      { 'machine-name': ' nas\t', 'backup-name': '\nPhotos ' },
      { ...ofNas, ...ofPhotos },
    ],
    [
      'by names of 1000 characters',
      { 'machine-name': long, 'backup-name': ` ${long} ` },
      { server: { name: long, machineIds: ['machine-1'] }, job: { name: long, backupId: 'DB-1' } },
    ],
    [
      'by numbers',
      { 'machine-id': 7, 'backup-id': 3 },
      { server: { name: 'nas', machineIds: ['7'] }, job: { name: 'Photos', backupId: '3' } },
    ],
    [
      'by keys in another case and with underscores',
      { ...nobody, MACHINE_ID: 'm', Machine_Name: 'box', 'backup-name': null, 'Backup-NAME': 'Music' },
      { server: { name: 'box', machineIds: ['m'] }, job: { name: 'Music', backupId: 'DB-1' } },
    ],
    [
      'by names with NUL and signs',
      { 'machine-name': 'a\0b', 'backup-name': '<b>"ü\u{1f4be}\u001b[0m' },
      {
        server: { name: 'a\0b', machineIds: ['machine-1'] },
        job: { name: '<b>"ü\u{1f4be}\u001b[0m', backupId: 'DB-1' },
      },
    ],
    [
      'by names with half of a surrogate pair',
      { 'machine-name': 'a\ud800b', 'backup-name': '\udc00' },
      { server: { name: 'a\ufffdb', machineIds: ['machine-1'] }, job: { name: '\ufffd', backupId: 'DB-1' } },
    ],
    [
      'by names with percent signs',
      { 'machine-name': '100%', 'backup-name': '50% of %HOME%' },
      { server: { name: '100%', machineIds: ['machine-1'] }, job: { name: '50% of %HOME%', backupId: 'DB-1' } },
    ],
    [
      'whatever else is left of placeholders',
      { 'operating-system': '%operating-system%', operationname: '%OPERATIONNAME%' },
      { ...ofNas, ...ofPhotos },
    ],
  ])('%s', async (_, extra, expected) => {
    await takes(report({ extra }), sender, expected)
  })

  it.each<[string, Record<string, unknown>, unknown]>([
    ['where the report names nobody', nobody, { server: { name: 'Büro PC', machineIds: [] }, ...ofPhotos }],
    [
      'where it has only an id',
      { 'machine-name': ' ' },
      { server: { name: 'Büro PC', machineIds: ['machine-1'] }, ...ofPhotos },
    ],
    ['but not where it has a name', {}, { ...ofNas, ...ofPhotos }],
  ])('by the address %s', async (_, extra, expected) => {
    await takes(report({ extra }), sender, expected, '/api/upload?machine=%20B%C3%BCro+PC')
  })
})

describe('a document is read', () => {
  const json = JSON.stringify(report())

  it.each<[string, string]>([
    ['with unknown keys', JSON.stringify({ ...report({ data: { New: { a: [1] } }, extra: { new: 'x' } }), New: [{}] })],
    [
      'with keys of prototypes',
      json.replace('{"Main', '{"__proto__":{"Dryrun":true},"constructor":1,"toString":null,"Main'),
    ],
    [
      'with a key twice, the last of which counts',
      json.replace('{"machine-id"', '{"backup-name":"Music","machine-id"'),
    ],
    [
      'with a key twice beside a long number',
      json.replace('{"machine-id"', '{"x":"1234567890123456","backup-name":"Music","machine-id"'),
    ],
    ['with white space around it', `\r\n\t ${JSON.stringify(report(), null, 2)}\n`],
    ['with a byte order mark', `\ufeff${json}`],
    ['with deep nesting in an unknown key', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},${json.slice(1)}`],
  ])('%s', async (_, body) => {
    await takes(body, `${sender} dryRun`, { ...ofNas, ...ofPhotos, dryRun: false })
  })
})

describe('an operation is ignored:', () => {
  it.each<[string, unknown, string]>([
    ['Restore', report({ data: { MainOperation: 'Restore' } }), 'Restore'],
    ['List of anybody', { Data: { MainOperation: 'List' } }, 'List'],
    ['one that nobody knows', report({ data: { MainOperation: 'Frobnicate' } }), 'Frobnicate'],
    ['in lower case and with blanks', report({ data: { MainOperation: ' restore ' } }), 'restore'],
    [
      'one whose fields are of other kinds',
      { ...report({ data: { MainOperation: 'Test', BeginTime: [] } }), LogLines: 1 },
      'Test',
    ],
    [
      'one that only Extra names',
      report({ data: { MainOperation: null }, extra: { operation_name: '', OPERATIONNAME: ' Compact ' } }),
      'Compact',
    ],
    [
      'an exception in another operation',
      { Data: { ClassName: 'System.Exception' }, Extra: { OperationName: 'Repair' } },
      'Repair',
    ],
  ])('%s', async (_, body, ignored) => {
    const app = await startApp()
    expect(await app.post(body)).toEqual({ status: 200, body: { success: true, ignored } })
    const { data } = await app.graphql('{ servers { totalCount } backupJobs { totalCount } backups { totalCount } }')
    expect(data).toEqual({ servers: { totalCount: 0 }, backupJobs: { totalCount: 0 }, backups: { totalCount: 0 } })
  })
})

it('stores nothing that it does not know, such as addresses with passwords and tokens', async () => {
  const app = await startApp()
  const secret = 'hunter2'
  const extra = {
    RemoteUrl: `s3://bucket?auth-password=${secret}`,
    'remote-url': `webdavs://me:${secret}@host`,
    LocalPath: `/home/${secret}`,
    token: secret,
    'auth-password': secret,
    [secret]: secret,
  }
  const synchronized = {
    RemoteSynchronizationResults: [{ Destination: `ftp://me:${secret}@host`, CopiedFileCount: 1 }],
  }
  const body = {
    ...report({ data: { ...synchronized, Password: secret }, extra, logLines: ['a line'] }),
    Token: secret,
  }
  await app.rest('POST', `/api/upload?token=${secret}`, body)
  await app.close()

  const database = new Database(app.file, { readonly: true })
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  const values = tables.flatMap((table) =>
    database.prepare<[], unknown[]>(`SELECT * FROM "${table}"`).raw().all().flat(),
  )
  database.close()
  const texts = values.filter((value) => value !== null).map(String)
  expect(texts).toEqual(expect.arrayContaining(['nas', 'Photos', 'a line']))
  expect(texts.filter((text) => text.includes(secret))).toEqual([])
})
