// What the log tells of requests: of a report always what became of it, of all others with LOG_LEVEL=debug; and every line of
// a request can be found by the id that its answer has.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { startGuarded } from '../support/tokens.ts'

/** The lines without what differs from run to run. */
function read(lines: string[]) {
  return lines.map((line) => {
    const { time, pid, hostname, ms, ...rest } = JSON.parse(line)
    return rest
  })
}

const headers = { 'x-request-id': 'request-1', 'content-type': 'application/json' }

it('has a line of every report, by whichever way it came', async () => {
  const lines: string[] = []
  const app = await startApp({ logged: lines })
  lines.length = 0
  const upload = (body: unknown) =>
    app.fetch('/api/upload', { method: 'POST', headers, body: JSON.stringify(body) }, { address: '10.0.0.9' })
  await upload(report())
  await upload(report())
  await upload({ Data: { MainOperation: 'Restore' } })
  await upload({ Data: {} })
  const query = 'mutation ($report: JSON!) { recordReport(report: $report) { duplicate } }'
  for (const one of [report(), {}]) {
    const body = JSON.stringify({ query, variables: { report: one } })
    await app.fetch('/graphql', { method: 'POST', headers, body })
  }
  const told = read(lines).filter(({ level }) => level >= 30)
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "backup": "Backup:1",
        "backupName": "Photos",
        "job": "BackupJob:1",
        "level": 30,
        "machine": "nas",
        "msg": "A report was recorded",
        "outcome": "recorded",
        "requestId": "request-1",
        "server": "Server:1",
        "status": "SUCCESS",
      },
      {
        "backup": "Backup:1",
        "backupName": "Photos",
        "job": "BackupJob:1",
        "level": 30,
        "machine": "nas",
        "msg": "A report was repeated",
        "outcome": "duplicate",
        "requestId": "request-1",
        "server": "Server:1",
        "status": "SUCCESS",
      },
      {
        "level": 30,
        "msg": "A report was ignored",
        "operation": "Restore",
        "outcome": "ignored",
        "requestId": "request-1",
      },
      {
        "address": "10.0.0.9",
        "code": "BAD_USER_INPUT",
        "level": 40,
        "msg": "A report was refused",
        "outcome": "refused",
        "reason": "This is not a report of Duplicati: Data.MainOperation: is missing; Extra.machine-id: is missing, and so is machine-name; add ?machine=NAME to the address for releases that send neither; Extra.backup-name: is missing, and so is backup-id; a --send-http-message must contain %backup-name% and %backup-id%",
        "requestId": "request-1",
      },
      {
        "backup": "Backup:1",
        "backupName": "Photos",
        "job": "BackupJob:1",
        "level": 30,
        "machine": "nas",
        "msg": "A report was repeated",
        "outcome": "duplicate",
        "requestId": "request-1",
        "server": "Server:1",
        "status": "SUCCESS",
      },
      {
        "code": "BAD_USER_INPUT",
        "level": 40,
        "msg": "A report was refused",
        "outcome": "refused",
        "reason": "This is not a report of Duplicati: Data: is missing; Extra.machine-id: is missing, and so is machine-name; add ?machine=NAME to the address for releases that send neither; Extra.backup-name: is missing, and so is backup-id; a --send-http-message must contain %backup-name% and %backup-id%",
        "requestId": "request-1",
      },
    ]
  `)
})

it('has with debug a line of every request, without its token', async () => {
  const lines: string[] = []
  const app = await startGuarded({ logged: lines })
  const token = await app.newToken({ scope: 'REPORT' })
  lines.length = 0
  for (const [path, method] of [
    ['/api/servers/1?x=1', 'GET'],
    [`/api/upload/${token}?machine=nas`, 'POST'],
    [`/nothing?token=${token}`, 'GET'],
  ] as const) {
    await app.fetch(path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) })
  }
  expect(lines.join()).not.toContain(token)
  expect(read(lines).filter(({ level }) => level === 20)).toMatchInlineSnapshot(`
    [
      {
        "level": 20,
        "method": "GET",
        "msg": "GET /api/servers/:id 401",
        "requestId": "request-1",
        "route": "/api/servers/:id",
        "status": 401,
        "url": "http://localhost/api/servers/1?x=1",
      },
      {
        "level": 20,
        "method": "POST",
        "msg": "POST /api/upload/… 400",
        "requestId": "request-1",
        "route": "/api/upload/…",
        "status": 400,
        "url": "http://localhost/api/upload/…?machine=nas",
      },
      {
        "level": 20,
        "method": "GET",
        "msg": "GET other 404",
        "requestId": "request-1",
        "route": "other",
        "status": 404,
        "url": "http://localhost/nothing?token=…",
      },
    ]
  `)
})

it('has the id of the request in every line that belongs to one', async () => {
  const lines: string[] = []
  const app = await startGuarded({ logged: lines })
  lines.length = 0
  const authorization = `Bearer ${app.admin}`
  await app.fetch('/api/servers/1', { method: 'PATCH', headers: { ...headers, authorization }, body: '{"alias":"A"}' })
  await app.fetch('/api/servers', { headers: { ...headers, authorization: 'Bearer wrong' } })
  const query = 'mutation { updateServer(id: 1, input: { alias: "B" }) { server { id } } }'
  const body = JSON.stringify({ query })
  await app.fetch('/graphql', { method: 'POST', headers: { ...headers, authorization }, body })
  const told = read(lines).map(({ requestId, msg }) => [requestId, msg])
  expect(told).toMatchInlineSnapshot(`
    [
      [
        "request-1",
        "updateServer of Server:1",
      ],
      [
        "request-1",
        "PATCH /api/servers/:id 200",
      ],
      [
        "request-1",
        "A token was refused",
      ],
      [
        "request-1",
        "GET /api/servers 401",
      ],
      [
        "request-1",
        "updateServer of Server:1",
      ],
      [
        "request-1",
        "POST /graphql 200",
      ],
    ]
  `)
})
