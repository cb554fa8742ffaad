// What is on the wire when something is wrong.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'

const codes = (errors: unknown[] | undefined) =>
  errors?.map((error) => (error as { extensions: { code: string } }).extensions.code)

it.each([
  ['a document that cannot be parsed', '{', {}, 'GRAPHQL_PARSE_FAILED'],
  ['a field that does not exist', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a literal of the wrong type', '{ backups(first: "x") { totalCount } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['two ways to find a server', '{ server(by: { id: 1, name: "x" }) { id } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a variable of the wrong type',
    'query ($n: Int) { backups(first: $n) { totalCount } }',
    { n: 'x' },
    'BAD_USER_INPUT',
  ],
  [
    'an operation that is not there',
    'query A { summary { totalServers } } query B { summary { totalServers } }',
    {},
    'BAD_USER_INPUT',
  ],
])('answers %s with its code', async (_, query, variables, code) => {
  const app = await startApp()
  expect(codes((await app.graphql(query, variables)).errors)).toEqual([code])
})

it('says which variable is wrong, and how', async () => {
  const app = await startApp()
  const query = 'query ($f: BackupFilter, $n: Int) { backups(filter: $f, first: $n) { totalCount } }'
  const { errors } = await app.graphql(query, { f: { beganAfter: 'yesterday' }, n: 1.5 })
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'f.beganAfter' }] } },
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'n' }] } },
  ])
})

it('says everything that is wrong with a report, as an upload does', async () => {
  const app = await startApp()
  const { errors } = await app.graphql('mutation { recordReport(report: {}) { duplicate } }')
  expect(errors).toMatchObject([
    {
      extensions: {
        code: 'BAD_USER_INPUT',
        issues: [{ path: 'Data' }, { path: 'Extra.machine-id' }, { path: 'Extra.backup-name' }],
      },
    },
  ])
})

it('masks what is a fault of its own', async () => {
  const app = await startApp()
  const database = new Database(app.file)
  database.pragma('foreign_keys = OFF')
  database.exec('DROP TABLE backup_jobs')
  database.close()
  const { errors } = await app.graphql('{ summary { totalServers } }')
  expect(codes(errors)).toEqual(['INTERNAL_SERVER_ERROR'])
  expect(JSON.stringify(errors)).not.toMatch(/database|prisma|sqlite|backup_jobs/i)
  expect(await app.rest('GET', '/api/summary')).toMatchObject({
    status: 500,
    body: { error: { code: 'INTERNAL_SERVER_ERROR', message: expect.not.stringMatching(/database|prisma|sqlite/i) } },
  })
})

it.each([
  ['application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--\r\n',
  ],
  ['text/plain', '{"query":"{__typename}"}'],
])('does not take %s, which any site can make a browser post', async (type, body) => {
  const app = await startApp()
  const response = await app.fetch('/graphql', { method: 'POST', headers: { 'content-type': type }, body })
  expect(response.status).toBe(415)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] })
})

it('does not change anything by GET', async () => {
  const app = await startApp()
  const query = 'mutation { updateServer(id: 1, input: {}) { server { id } } }'
  const response = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'application/json' },
  })
  expect(response.status).toBe(405)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
})

it('answers another method with METHOD_NOT_ALLOWED', async () => {
  const app = await startApp()
  const response = await app.fetch('/graphql', { method: 'DELETE' })
  expect(response.status).toBe(405)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
})
