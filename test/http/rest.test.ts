// The REST side, whole answers as they are on the wire: it is long because they stand in it.

import { describe, expect, it } from 'vitest'
import { fixture, startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

async function appWithSamples() {
  const app = await startApp()
  for (const name of ['success', 'warning', 'fatal']) await app.post(await fixture(`${name}.json`))
  return app
}

it('lists servers by number', async () => {
  const app = await appWithSamples()
  expect(await app.rest('GET', '/api/servers')).toMatchInlineSnapshot(`
    {
      "body": {
        "data": [
          {
            "alias": null,
            "created_at": "2026-08-01T12:00:00.000Z",
            "id": 1,
            "last_seen": "2026-08-01T12:00:00.000Z",
            "name": "nas-01",
            "notes": null,
            "updated_at": "2026-08-01T12:00:00.000Z",
            "url": null,
          },
          {
            "alias": null,
            "created_at": "2026-08-01T12:00:00.000Z",
            "id": 2,
            "last_seen": "2026-08-01T12:00:00.000Z",
            "name": "BUERO-PC",
            "notes": null,
            "updated_at": "2026-08-01T12:00:00.000Z",
            "url": null,
          },
          {
            "alias": null,
            "created_at": "2026-08-01T12:00:00.000Z",
            "id": 3,
            "last_seen": "2026-08-01T12:00:00.000Z",
            "name": "PORTATIL-PT37",
            "notes": null,
            "updated_at": "2026-08-01T12:00:00.000Z",
            "url": null,
          },
        ],
        "status": "success",
      },
      "status": 200,
    }
  `)
})

it('gives one server by number, machine-id or name', async () => {
  const app = await appWithSamples()
  const first = await app.rest('GET', '/api/servers/1')
  expect(first).toMatchInlineSnapshot(`
    {
      "body": {
        "data": {
          "alias": null,
          "created_at": "2026-08-01T12:00:00.000Z",
          "id": 1,
          "last_seen": "2026-08-01T12:00:00.000Z",
          "name": "nas-01",
          "notes": null,
          "updated_at": "2026-08-01T12:00:00.000Z",
          "url": null,
        },
        "status": "success",
      },
      "status": 200,
    }
  `)
  expect(await app.rest('GET', '/api/servers/66f5ffc7ff474a73a3c9cba4ac7bfb65')).toEqual(first)
  expect(await app.rest('GET', '/api/servers/nas-01')).toEqual(first)
})

it('tries a number as number first, then as machine-id, then as name', async () => {
  const app = await startApp()
  await app.post(report({ extra: { 'machine-id': '3', 'machine-name': '1' } }))
  await app.post(report({ extra: { 'machine-id': 'x', 'machine-name': '4' } }))
  const id = async (path: string) => (await app.rest('GET', `/api/servers/${path}`)).body as { data: { id: number } }
  expect((await id('2')).data.id).toBe(2)
  expect((await id('3')).data.id).toBe(1)
  expect((await id('4')).data.id).toBe(2)
})

it('refuses a name that several servers share', async () => {
  const app = await startApp()
  await app.post(report())
  await app.post(report({ extra: { 'machine-id': 'machine-2' } }))
  expect(await app.rest('GET', '/api/lastbackup/nas')).toMatchInlineSnapshot(`
    {
      "body": {
        "error": {
          "code": "CONFLICT",
          "message": "2 servers are named "nas": Server:1, Server:2. Use the id of one of them.",
        },
        "status": "error",
      },
      "status": 409,
    }
  `)
})

it.each(['PUT', 'PATCH'])('changes a server with %s: what is left out stays, null clears', async (method) => {
  const app = await appWithSamples()
  app.setTime('2026-08-02T00:00:00Z')
  const change = { alias: 'Archive', notes: 'Cellar', url: 'https://nas:8200' }
  expect(await app.rest(method, '/api/servers/1', change)).toMatchObject({
    status: 200,
    body: { status: 'success', data: { ...change, url: 'https://nas:8200/', updated_at: '2026-08-02T00:00:00.000Z' } },
  })
  expect(await app.rest(method, '/api/servers/nas-01', { notes: null })).toMatchObject({
    status: 200,
    body: { data: { alias: 'Archive', notes: null } },
  })
})

it('names everything that is wrong with a change', async () => {
  const app = await appWithSamples()
  const change = { name: 'x', alias: 1, url: 'nas' }
  expect(await app.rest('PUT', '/api/servers/1', change)).toMatchInlineSnapshot(`
    {
      "body": {
        "error": {
          "code": "BAD_USER_INPUT",
          "issues": [
            {
              "message": "must be text or null",
              "path": "alias",
            },
            {
              "message": "must be an http or https URL",
              "path": "url",
            },
            {
              "message": "cannot be changed; only alias, notes, url and tags can",
              "path": "name",
            },
          ],
          "message": "The server cannot be changed like this: alias: must be text or null; url: must be an http or https URL; name: cannot be changed; only alias, notes, url and tags can",
        },
        "status": "error",
      },
      "status": 400,
    }
  `)
})

it('sums everything up', async () => {
  const app = await appWithSamples()
  expect(await app.rest('GET', '/api/summary')).toMatchInlineSnapshot(`
    {
      "body": {
        "failedBackupsCount": 1,
        "overdueBackupsCount": 2,
        "secondsSinceLastBackup": 1184398,
        "totalBackupJobs": 3,
        "totalBackupSize": 11947525275648,
        "totalBackups": 3,
        "totalBackupsRuns": 3,
        "totalServers": 3,
        "totalStorageUsed": 12890114646245,
        "totalUploadedSize": 11000207721,
        "warningBackupsCount": 0,
      },
      "status": 200,
    }
  `)
})

it('sums up nothing', async () => {
  const app = await startApp()
  expect(await app.rest('GET', '/api/summary')).toMatchInlineSnapshot(`
    {
      "body": {
        "failedBackupsCount": 0,
        "overdueBackupsCount": 0,
        "secondsSinceLastBackup": null,
        "totalBackupJobs": 0,
        "totalBackupSize": 0,
        "totalBackups": 0,
        "totalBackupsRuns": 0,
        "totalServers": 0,
        "totalStorageUsed": 0,
        "totalUploadedSize": 0,
        "warningBackupsCount": 0,
      },
      "status": 200,
    }
  `)
})

it('sums sizes beyond 64 bits', async () => {
  const app = await startApp()
  const most = '9223372036854775807'
  for (const job of ['DB-1', 'DB-2']) {
    const sizes = { data: { SizeOfExaminedFiles: most }, backend: { BytesUploaded: most, KnownFileSize: most } }
    await app.post(report({ ...sizes, extra: { 'backup-id': job, 'backup-name': job } }))
  }
  expect(await app.graphql('{ summary { totalUploadedSize totalStorageUsed totalBackupSize } }')).toEqual({
    data: {
      summary: {
        totalUploadedSize: '18446744073709551614',
        totalStorageUsed: '18446744073709551614',
        totalBackupSize: '18446744073709551614',
      },
    },
  })
})

it('gives the latest run of a server', async () => {
  const app = await appWithSamples()
  await expect(JSON.stringify(await app.rest('GET', '/api/lastbackup/1'), null, 2)).toMatchFileSnapshot(
    'snapshots/lastbackup.json',
  )
})

it('gives the latest run of every job of a server', async () => {
  const app = await startApp()
  const lines = ['… [Error-a]: one', '… [Warning-b]: two', '… [Information-c]: three']
  await app.post(report({ data: { Duration: '1.02:03:04.5' }, logLines: lines }))
  await app.post(report({ extra: { 'backup-id': 'DB-2', 'backup-name': 'Music' }, data: { Duration: '-00:00:01' } }))
  await app.post(report({ extra: { 'backup-id': 'DB-3', 'backup-name': 'Dry' }, data: { Dryrun: true } }))
  expect(await app.rest('GET', '/api/lastbackups/1')).toMatchInlineSnapshot(`
    {
      "body": {
        "backup_jobs_count": 3,
        "backup_names": [
          "Dry",
          "Music",
          "Photos",
        ],
        "latest_backups": [
          {
            "available_backups": [],
            "backup_list_count": 7,
            "date": "2026-07-31T02:00:00.123Z",
            "duration": "00:00:00",
            "durationInMinutes": 0,
            "duration_seconds": -1,
            "errors": 0,
            "errors_array": "[]",
            "fileCount": 1000,
            "fileSize": 50000,
            "id": 2,
            "knownFileSize": 70000,
            "messages": 0,
            "messages_array": "[]",
            "name": "Music",
            "remarks": [],
            "server_id": 1,
            "status": "Success",
            "uploadedSize": 500,
            "warnings": 0,
            "warnings_array": "[]",
          },
          {
            "available_backups": [],
            "backup_list_count": 7,
            "date": "2026-07-31T02:00:00.123Z",
            "duration": "26:03:04",
            "durationInMinutes": 1563,
            "duration_seconds": 93784.5,
            "errors": 0,
            "errors_array": "["… [Error-a]: one"]",
            "fileCount": 1000,
            "fileSize": 50000,
            "id": 1,
            "knownFileSize": 70000,
            "messages": 0,
            "messages_array": "["… [Information-c]: three"]",
            "name": "Photos",
            "remarks": [],
            "server_id": 1,
            "status": "Success",
            "uploadedSize": 500,
            "warnings": 0,
            "warnings_array": "["… [Warning-b]: two"]",
          },
        ],
        "server": {
          "alias": null,
          "created_at": "2026-08-01T12:00:00.000Z",
          "id": 1,
          "name": "nas",
          "notes": null,
        },
        "status": 200,
      },
      "status": 200,
    }
  `)
})

it('has no latest run where there was only a dry one', async () => {
  const app = await startApp()
  await app.post(report({ data: { Dryrun: true } }))
  expect(await app.rest('GET', '/api/lastbackup/1')).toMatchInlineSnapshot(`
    {
      "body": {
        "latest_backup": null,
        "server": {
          "alias": null,
          "backup_id": null,
          "backup_name": null,
          "created_at": "2026-08-01T12:00:00.000Z",
          "id": 1,
          "name": "nas",
          "notes": null,
        },
        "status": 200,
      },
      "status": 200,
    }
  `)
})

it('says that it is healthy', async () => {
  const app = await startApp()
  const { status, body } = await app.rest('GET', '/api/health')
  const { storage, migrations, queue, ...rest } = body as Record<string, unknown>
  expect({ status, rest }).toEqual({
    status: 200,
    rest: {
      status: 'healthy',
      database: 'connected',
      timestamp: '2026-08-01T12:00:00.000Z',
      quarantine: { repaired: 0, setAside: 0 },
      access: { requireToken: true, requestsWithoutToken: 0 },
    },
  })
  // What these tell, ready.test.ts looks at.
  expect([storage, migrations, queue]).not.toContain(undefined)
})

describe('failures', () => {
  it.each([
    ['GET', '/', undefined],
    ['GET', '/api/servers/9', undefined],
    ['GET', '/api/servers/', undefined],
    ['GET', '/api/servers/1/x', undefined],
    ['GET', '/api/servers/%E0%A4%A', undefined],
    ['PUT', '/api/servers/9', '{}'],
    ['PUT', '/api/servers/1', '{'],
    ['PUT', '/api/servers/1', '[]'],
    ['PUT', '/api/servers/1', ''],
    ['PUT', '/api/servers/1', ' '.repeat(2 ** 20 + 1)],
    ['DELETE', '/api/servers/1', undefined],
    ['POST', '/api/summary', '{}'],
    ['GET', '/constructor', undefined],
  ])('answer %s %s in the same form', async (method, path, body) => {
    const app = await appWithSamples()
    expect(await app.rest(method, path, body)).toMatchSnapshot()
  })

  it('say which methods are possible', async () => {
    const app = await startApp()
    const response = await app.fetch('/api/servers/1', { method: 'DELETE' })
    expect(response.headers.get('allow')).toBe('GET, PUT, PATCH')
  })
})
