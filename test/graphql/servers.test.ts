// Servers and jobs over GraphQL: finding, listing, states, and what a person changes.

import { describe, expect, it } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { start, startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const rename = graphql(`
  mutation Rename($id: ID!, $input: UpdateServerInput!) {
    updateServer(id: $id, input: $input) { server { id alias notes url displayName updatedAt lastSeen } }
  }
`)

describe('server(by:)', () => {
  it('finds a server by its id, its bare number, its machine-id or its name', async () => {
    const app = await startApp()
    await app.post(report())
    for (const by of ['id: "Server:1"', 'id: 1', 'machineId: "machine-1"', 'name: "nas"']) {
      expect(await app.graphql(`{ server(by: { ${by} }) { id } }`)).toEqual({ data: { server: { id: 'Server:1' } } })
    }
    for (const by of ['id: 2', 'machineId: "nas"', 'name: "NAS"']) {
      expect(await app.graphql(`{ server(by: { ${by} }) { id } }`)).toEqual({ data: { server: null } })
    }
  })

  it('refuses a name that several servers share, and names them', async () => {
    const app = await startApp()
    await app.post(report())
    await app.post(report({ extra: { 'machine-id': 'machine-2' } }))
    expect((await app.graphql('{ server(by: { name: "nas" }) { id } }')).errors).toMatchObject([
      {
        message: '2 servers are named "nas": Server:1, Server:2. Use the id of one of them.',
        extensions: { code: 'CONFLICT' },
      },
    ])
  })

  it.each(['Backup:1', 'x', '0', '-1', '1.5', ''])('does not take %j for an id', async (id) => {
    const app = await startApp()
    expect((await app.graphql(`{ server(by: { id: "${id}" }) { id } }`)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'by.id' }] } },
    ])
  })
})

describe.each([
  ['backupJob', 'BackupJob'],
  ['backup', 'Backup'],
])('%s(id:)', (field, type) => {
  it('finds it by its id or its bare number', async () => {
    const app = await startApp()
    await app.post(report())
    for (const id of [`"${type}:1"`, '1', '"1"'])
      expect(await app.graphql(`{ ${field}(id: ${id}) { id } }`)).toEqual({ data: { [field]: { id: `${type}:1` } } })
    for (const id of [`"${type}:2"`, '2'])
      expect(await app.graphql(`{ ${field}(id: ${id}) { id } }`)).toEqual({ data: { [field]: null } })
  })

  it.each(['Server:1', 'x', '0', ''])('does not take %j for an id', async (id) => {
    const app = await startApp()
    expect((await app.graphql(`{ ${field}(id: "${id}") { id } }`)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'id' }] } },
    ])
  })
})

describe('node and nodes', () => {
  it('fetch anything by its id, and null for what is not there', async () => {
    const app = await startApp()
    await app.post(report())
    const ids = '["Backup:1", "Server:9", "BackupJob:1", "Server:1"]'
    expect(await app.graphql(`{ nodes(ids: ${ids}) { __typename id } node(id: "Backup:9") { id } }`)).toEqual({
      data: {
        nodes: [
          { __typename: 'Backup', id: 'Backup:1' },
          null,
          { __typename: 'BackupJob', id: 'BackupJob:1' },
          { __typename: 'Server', id: 'Server:1' },
        ],
        node: null,
      },
    })
  })

  it.each(['1', 'Machine:1', 'Server:', 'Server:0', 'Server:1x', ''])('do not take %j for an id', async (id) => {
    const app = await startApp()
    const expected = [{ extensions: { code: 'BAD_USER_INPUT' } }]
    expect((await app.graphql(`{ node(id: "${id}") { id } }`)).errors).toMatchObject(expected)
    expect((await app.graphql(`{ nodes(ids: ["${id}"]) { id } }`)).errors).toMatchObject(expected)
  })
})

describe('updateServer', () => {
  it('changes what is given, leaves what is left out, clears what is null', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime('2026-08-02T00:00:00Z')
    const first = await app.query(rename, {
      id: 'Server:1',
      input: { alias: ' Archive ', notes: 'Cellar', url: 'http://nas:8200' },
    })
    expect(first.updateServer.server).toEqual({
      id: 'Server:1',
      alias: 'Archive',
      notes: 'Cellar',
      url: 'http://nas:8200/',
      displayName: 'Archive',
      updatedAt: '2026-08-02T00:00:00.000Z',
      lastSeen: start.toISOString(),
    })
    const second = await app.query(rename, { id: '1', input: { notes: null } })
    expect(second.updateServer.server).toMatchObject({ alias: 'Archive', notes: null, url: 'http://nas:8200/' })
    const third = await app.query(rename, { id: '1', input: { alias: '  ' } })
    expect(third.updateServer.server).toMatchObject({ alias: null, displayName: 'nas' })
  })

  it('does not count as changed what was not, nor what a report tells', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime('2026-08-02T00:00:00Z')
    await app.post(report({ data: { BeginTime: '2026-08-01T23:00:00Z' }, extra: { 'machine-name': 'nas-2' } }))
    const { updateServer } = await app.query(rename, { id: '1', input: { alias: null } })
    expect(updateServer.server).toMatchObject({
      displayName: 'nas-2',
      updatedAt: start.toISOString(),
      lastSeen: '2026-08-02T00:00:00.000Z',
    })
  })

  it('refuses if somebody changed the server meanwhile', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime('2026-08-02T00:00:00Z')
    await app.query(rename, { id: '1', input: { alias: 'a', ifUnmodifiedSince: start.toISOString() } })
    const late = { id: '1', input: { alias: 'b', ifUnmodifiedSince: start.toISOString() } }
    expect((await app.graphql(rename.toString(), late)).errors).toMatchObject([
      { message: 'Server:1 was changed at 2026-08-02T00:00:00.000Z; read it again.', extensions: { code: 'CONFLICT' } },
    ])
  })

  it('names everything that is wrong at once, and changes nothing', async () => {
    const app = await startApp()
    await app.post(report())
    const input = { alias: 'x'.repeat(201), notes: 'x'.repeat(10_001), url: 'ftp://nas' }
    expect((await app.graphql(rename.toString(), { id: '1', input })).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          issues: [
            { path: 'alias', message: 'must not exceed 200 characters' },
            { path: 'notes', message: 'must not exceed 10000 characters' },
            { path: 'url', message: 'must be an http or https URL' },
          ],
        },
      },
    ])
    expect(await app.graphql('{ server(by: { id: 1 }) { alias notes url } }')).toEqual({
      data: { server: { alias: null, notes: null, url: null } },
    })
  })

  it('says if there is no such server', async () => {
    const app = await startApp()
    expect((await app.graphql(rename.toString(), { id: 'Server:7', input: {} })).errors).toMatchObject([
      { message: 'There is no Server:7.', extensions: { code: 'NOT_FOUND' } },
    ])
  })
})

describe('duplicateServers', () => {
  const query = '{ duplicateServers { __typename name servers { id name machineIds } } }'

  it('lists no names that differ, in case alone either', async () => {
    const app = await startApp()
    expect(await app.graphql(query)).toEqual({ data: { duplicateServers: [] } })
    for (const name of ['nas', 'NAS', 'Nas', 'nas2']) {
      await app.post(report({ extra: { 'machine-id': name, 'machine-name': name } }))
    }
    expect(await app.graphql(query)).toEqual({ data: { duplicateServers: [] } })
  })

  it('lists the names that several servers share, and those servers, in order', async () => {
    const app = await startApp()
    for (const [id, name] of ['pc', 'nas', 'nas', 'NAS', 'pc', 'nas', 'box', 'NAS'].entries()) {
      await app.post(report({ extra: { 'machine-id': `m${id + 1}`, 'machine-name': name } }))
    }
    const server = (name: string) => (id: number) => ({ id: `Server:${id}`, name, machineIds: [`m${id}`] })
    const shared = (name: string, ...ids: number[]) => ({
      __typename: 'DuplicateServers',
      name,
      servers: ids.map(server(name)),
    })
    expect(await app.graphql(query)).toEqual({
      data: { duplicateServers: [shared('NAS', 4, 8), shared('nas', 2, 3, 6), shared('pc', 1, 5)] },
    })
  })
})

describe('states', () => {
  it('filter jobs and servers exactly by the state that is shown', async () => {
    const app = await startApp()
    const results = ['Success', 'Warning', 'Error', 'Unknown']
    const nexts = [null, '20260801T113000Z', '20260801T090000Z', '20260801T120000Z', '20260801T110000Z']
    let machine = 0
    for (const ParsedResult of results) {
      for (const next of nexts) {
        machine += 1
        const extra = {
          'machine-id': `m${Math.ceil(machine / 3)}`,
          'machine-name': `n${Math.ceil(machine / 3)}`,
          'backup-id': `DB-${machine}`,
          'backup-name': `Job ${machine}`,
        }
        await app.post(report({ data: { ParsedResult }, extra: { ...extra, 'next-scheduled-run': next } }))
      }
    }
    await app.post(report({ data: { Dryrun: true }, extra: { 'machine-id': 'dry', 'backup-id': 'DB-9' } }))
    const all = (
      await app.graphql('{ servers(first: 100) { nodes { id state } } backupJobs(first: 100) { nodes { id state } } }')
    ).data as Record<string, { nodes: { id: string; state: string }[] }>
    expect(new Set(all.backupJobs?.nodes.map(({ state }) => state))).toEqual(
      new Set(['OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW']),
    )
    for (const list of ['servers', 'backupJobs']) {
      for (const states of [
        ['PAUSED'],
        ['OVERDUE'],
        ['LATE'],
        ['FAILED'],
        ['WARNING'],
        ['OK'],
        ['NEW'],
        ['OK', 'LATE'],
      ]) {
        const query = `{ ${list}(first: 100, filter: { state: [${states}] }) { totalCount nodes { id state } } }`
        const expected = all[list]?.nodes.filter(({ state }) => states.includes(state)) ?? []
        const { data } = await app.graphql(query)
        expect(data).toEqual({ [list]: { totalCount: expected.length, nodes: expected } })
      }
    }
  })

  it('search finds names and aliases', async () => {
    const app = await startApp()
    await app.post(report())
    await app.post(report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'laptop', 'backup-name': 'Music' } }))
    await app.query(rename, { id: '2', input: { alias: 'Nastasia' } })
    const search = async (text: string) =>
      (
        await app.graphql(
          `{ servers(filter: { search: "${text}" }) { nodes { id } } backupJobs(filter: { search: "${text}" }) { nodes { name } } }`,
        )
      ).data
    expect(await search('nas')).toEqual({
      servers: { nodes: [{ id: 'Server:1' }, { id: 'Server:2' }] },
      backupJobs: { nodes: [] },
    })
    expect(await search('MUS')).toEqual({ servers: { nodes: [] }, backupJobs: { nodes: [{ name: 'Music' }] } })
  })

  // Each name is found by its own text alone, although % and _ stand for anything in SQL, and \ may take that from them.
  it.each([
    ['%', ['100% of it', 'half\\%']],
    ['0%', ['100% of it']],
    ['_', ['my_photos']],
    ['y_p', ['my_photos']],
    ['\\', ['half\\%', 'C:\\Users']],
    ['\\%', ['half\\%']],
    ['\\_', []],
    ['%%', []],
    ["'", ["Anna's"]],
    ['', ['100% of it', "Anna's", 'C:\\Users', 'half\\%', 'my_photos']],
  ])('search takes %j as it is', async (text, found) => {
    const app = await startApp()
    const names = ['100% of it', 'half\\%', 'my_photos', 'C:\\Users', "Anna's"]
    for (const [number, name] of names.entries())
      await app.post(report({ extra: { 'machine-id': `m${number}`, 'machine-name': name, 'backup-name': name } }))
    const { data } = await app.graphql(
      `query ($text: String) {
        servers(filter: { search: $text }) { totalCount nodes { name } }
        backupJobs(filter: { search: $text }) { totalCount nodes { name } }
      }`,
      { text },
    )
    const list = { totalCount: found.length, nodes: found.sort().map((name) => ({ name })) }
    expect(data).toEqual({ servers: list, backupJobs: list })
  })

  it.each(['servers', 'backupJobs'])('search of %s takes 1,000 characters and no more', async (list) => {
    const app = await startApp()
    const search = (length: number) =>
      app.graphql(`query ($text: String) { ${list}(filter: { search: $text }) { totalCount } }`, {
        text: '%'.repeat(length),
      })
    expect(await search(1000)).toEqual({ data: { [list]: { totalCount: 0 } } })
    expect((await search(1001)).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          issues: [{ path: 'filter.search', message: 'must have at most 1,000 characters, not 1,001' }],
        },
      },
    ])
  })
})
