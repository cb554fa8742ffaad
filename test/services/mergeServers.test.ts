// One server of two: where machine-ids, jobs and runs go, what counts as the same, and what is remembered afterwards. Long
// because two servers can differ in many ways.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'
import { everyFieldOf } from '../support/selection.ts'

const at = (hour: number) => `2026-08-02T${String(hour).padStart(2, '0')}:00:00.000Z`

interface Sent {
  /** The number of the machine, and with it its id; null for a Duplicati that sends none. */
  machine?: string | null
  name?: string
  job?: [id: string | null, name: string]
  /** When it ran, and when it is received. */
  hour: number
  data?: Record<string, unknown>
  backend?: Record<string, unknown>
  next?: string
}

/** Sends a report of `nas`' job Photos if it does not say otherwise, with one line of log. */
async function send(app: TestApp, { machine = 'old', name = 'nas', job = ['DB-1', 'Photos'], hour, ...sent }: Sent) {
  app.setTime(at(hour))
  const { status } = await app.post(
    report({
      data: { BeginTime: at(hour), ...sent.data },
      backend: { BytesUploaded: hour, ...sent.backend },
      extra: {
        'machine-id': machine,
        'machine-name': name,
        'backup-id': job[0],
        'backup-name': job[1],
        'next-scheduled-run': sent.next,
      },
      logLines: [`at ${hour}`],
    }),
  )
  expect(status).toBe(200)
}

/** Merges and checks that everything is in step; returns the counts. */
async function merge(app: TestApp, from: number, into: number) {
  const { data, errors } = await app.graphql(`mutation { mergeServers(from: ${from}, into: ${into}) {
    movedJobs mergedJobs movedBackups duplicateBackups server { id } deletedServer { id }
  } }`)
  expect(errors).toBeUndefined()
  expect(problemsIn(app.file)).toEqual([])
  const { server, deletedServer, ...counts } = (data as { mergeServers: Record<string, unknown> }).mergeServers
  expect([server, deletedServer]).toEqual([{ id: `Server:${into}` }, { id: `Server:${from}` }])
  return counts
}

interface Listed {
  servers: {
    nodes: {
      databaseId: number
      machineIds: string[]
      latestBackup: { databaseId: number } | null
      jobs: {
        databaseId: number
        backupId: string | null
        name: string
        backups: { nodes: { databaseId: number }[] }
      }[]
    }[]
  }
}

/** Every server with its machine-ids, its latest run, and the runs of its jobs in order of time. */
async function standing(app: TestApp) {
  const { data } = await app.graphql(`{ servers { nodes { databaseId machineIds latestBackup { databaseId } jobs {
    databaseId backupId name backups(orderBy: BEGAN_AT_ASC) { nodes { databaseId } }
  } } } }`)
  return (data as Listed).servers.nodes.map(({ databaseId, machineIds, latestBackup, jobs }) => ({
    id: databaseId,
    machineIds,
    latest: latestBackup?.databaseId ?? null,
    jobs: Object.fromEntries(
      jobs.map(({ databaseId: id, backupId, name, backups }) => [
        `${id} ${backupId} ${name}`,
        backups.nodes.map((run) => run.databaseId),
      ]),
    ),
  }))
}

describe('the payload', () => {
  it('shows the server that is left as it is now, and the other as it was', async () => {
    const app = await startApp()
    await send(app, { hour: 1, next: '20260802T120000Z' })
    await send(app, { hour: 2, machine: 'new' })
    await send(app, { hour: 3, machine: 'new', job: ['DB-2', 'Music'], data: { ParsedResult: 'Error' } })
    const all = `fragment All on Server ${everyFieldOf('Server', 4)}`
    const asItIs = async (id: number) =>
      ((await app.graphql(`{ node(id: "Server:${id}") { ...All } } ${all}`)).data as { node: object }).node
    const before = await asItIs(2)
    expect(before).toMatchObject({ machineIds: ['new'], state: 'FAILED', jobs: [{ totals: { runs: 1 } }, {}] })
    app.setTime(at(4))
    const { data } = await app.graphql(`mutation { one: mergeServers(from: "Server:2", into: 1) {
      __typename left: server { ...All } ...More movedJobs mergedJobs movedBackups duplicateBackups
    } }
    fragment More on MergeServersPayload { deletedServer { ...All } gone: deletedServer { id again: id } }
    ${all}`)
    const after = await asItIs(1)
    expect(after).toMatchObject({ machineIds: ['new', 'old'], state: 'FAILED', updatedAt: at(4) })
    expect(data).toEqual({
      one: {
        __typename: 'MergeServersPayload',
        left: after,
        deletedServer: before,
        gone: { id: 'Server:2', again: 'Server:2' },
        movedJobs: 1,
        mergedJobs: 1,
        movedBackups: 2,
        duplicateBackups: 0,
      },
    })
  })

  it('comes for global ids and for bare numbers', async () => {
    const app = await startApp()
    for (const machine of ['a', 'b', 'c', 'd']) await send(app, { machine, hour: 1 })
    const document = 'mutation ($from: ID!, $into: ID!) { mergeServers(from: $from, into: $into) { server { id } } }'
    for (const ids of [
      { from: 'Server:2', into: 'Server:1' },
      { from: '3', into: 1 },
      { from: 4, into: 'Server:1' },
    ]) {
      expect(await app.graphql(document, ids)).toEqual({ data: { mergeServers: { server: { id: 'Server:1' } } } })
    }
  })

  it('does not come for servers that are not there, are the same, or are none', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new' })
    const before = await standing(app)
    const failure = async (from: string, into: string) => {
      const document = 'mutation ($from: ID!, $into: ID!) { mergeServers(from: $from, into: $into) { movedJobs } }'
      const { data, errors } = await app.graphql(document, { from, into })
      expect(data).toBeNull()
      return errors
    }
    const notFound = (id: number) => [{ message: `There is no Server:${id}.`, extensions: { code: 'NOT_FOUND' } }]
    expect(await failure('3', '1')).toMatchObject(notFound(3))
    expect(await failure('1', '3')).toMatchObject(notFound(3))
    expect(await failure('3', '3')).toMatchObject(notFound(3))
    expect(await failure('1', 'Server:1')).toMatchObject([
      {
        message: 'Nothing to merge: into: must be another server',
        extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'into', message: 'must be another server' }] },
      },
    ])
    expect(await failure('BackupJob:1', '1')).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'from' }] } },
    ])
    expect(await failure('1', 'nas')).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'into' }] } },
    ])
    expect(await standing(app)).toEqual(before)
    await merge(app, 2, 1)
    expect(await failure('2', '1')).toMatchObject(notFound(2))
  })
})

describe('jobs', () => {
  it('move with their runs and logs, and leave other servers alone', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new', job: ['DB-2', 'Music'] })
    await send(app, { hour: 3, machine: 'other', name: 'pc' })
    await send(app, { hour: 4, machine: 'new', job: ['DB-2', 'Music'], data: { Dryrun: true } })
    expect(await merge(app, 2, 1)).toEqual({ movedJobs: 1, mergedJobs: 0, movedBackups: 2, duplicateBackups: 0 })
    expect(await standing(app)).toEqual([
      { id: 1, machineIds: ['new', 'old'], latest: 2, jobs: { '1 DB-1 Photos': [1], '2 DB-2 Music': [2, 4] } },
      { id: 3, machineIds: ['other'], latest: 3, jobs: { '3 DB-1 Photos': [3] } },
    ])
    expect(
      await app.graphql(`{
        server(by: { machineId: "new" }) { id backups { totalCount } }
        nodes(ids: ["Server:2", "BackupJob:2", "Backup:4"]) {
          id ... on BackupJob { server { id } totals { runs dryRuns } } ... on Backup { server { id } logLines { nodes { text } } }
        }
        summary { totalServers totalBackupJobs totalBackups totalUploadedSize lastBackupAt }
      }`),
    ).toEqual({
      data: {
        server: { id: 'Server:1', backups: { totalCount: 3 } },
        nodes: [
          null,
          { id: 'BackupJob:2', server: { id: 'Server:1' }, totals: { runs: 1, dryRuns: 1 } },
          { id: 'Backup:4', server: { id: 'Server:1' }, logLines: { nodes: [{ text: 'at 4' }] } },
        ],
        summary: { totalServers: 2, totalBackupJobs: 3, totalBackups: 3, totalUploadedSize: 6, lastBackupAt: at(3) },
      },
    })
  })

  it.each([
    ['the newest run stays', 2, 1, 5],
    ['the newest run moves', 1, 2, 5],
    ['the newest run stays, on the server made later', 1, 2, 2],
    ['the newest run moves, from the server made later', 2, 1, 2],
  ])('that both have are one, and what is known is the newest: %s', async (_, from, into, hour) => {
    const app = await startApp()
    // Received early or late: the run of `old` that tells the sizes is the newest of all, or the oldest.
    app.setTime(at(23))
    const run = (machine: string, ranAt: number, stored: number, ParsedResult: string, next: string) =>
      send(app, {
        machine,
        hour: 23,
        next,
        backend: { KnownFileSize: stored },
        data: { BeginTime: at(ranAt), ParsedResult },
      })
    await run('old', hour, 10, 'Warning', '20260803T110000Z')
    await run('new', 3, 30, 'Success', '20260803T130000Z')
    await run('old', 1, 20, 'Error', '20260803T120000Z')
    expect(await merge(app, from, into)).toMatchObject({ mergedJobs: 1, movedJobs: 0, duplicateBackups: 0 })
    const newest = hour === 5 ? 1 : 2
    const order = hour === 5 ? [3, 2, 1] : [3, 1, 2]
    expect(await standing(app)).toEqual([
      { id: into, machineIds: ['new', 'old'], latest: newest, jobs: { [`${into} DB-1 Photos`]: order } },
    ])
    const { data } = await app.graphql(
      '{ backupJobs { nodes { lastStatus storedSize dueAt totals { runs warned failed } } } }',
    )
    expect(data).toEqual({
      backupJobs: {
        nodes: [
          {
            lastStatus: newest === 1 ? 'WARNING' : 'SUCCESS',
            storedSize: newest === 1 ? 10 : 30,
            dueAt: newest === 1 ? '2026-08-03T11:00:00.000Z' : '2026-08-03T13:00:00.000Z',
            totals: { runs: 3, warned: 1, failed: 1 },
          },
        ],
      },
    })
  })

  it.each([
    ['old into new', 1, 2],
    ['new into old', 2, 1],
  ])('numbered anew are known by their names, and reports go to the right ones: %s', async (_, from, into) => {
    const app = await startApp()
    await send(app, { hour: 1, job: ['DB-1', 'Photos'] })
    await send(app, { hour: 2, job: ['DB-2', 'Music'] })
    await send(app, { hour: 3, job: ['DB-3', 'Mail'] })
    await send(app, { hour: 4, job: ['DB-9', 'Films'] })
    const numbered: [string, string][] = [
      ['DB-1', 'Music'],
      ['DB-2', 'Photos'],
      ['DB-3', 'Books'],
      ['DB-4', 'Films'],
    ]
    for (const [index, job] of numbered.entries()) await send(app, { hour: 5 + index, machine: 'new', job })
    expect(await merge(app, from, into)).toEqual({ movedJobs: 1, mergedJobs: 3, movedBackups: 4, duplicateBackups: 0 })
    for (const [index, job] of numbered.entries()) await send(app, { hour: 9 + index, machine: 'new', job })
    expect(problemsIn(app.file)).toEqual([])
    const [photos, music, films] = into === 1 ? [1, 2, 4] : [6, 5, 8]
    expect(await standing(app)).toEqual([
      {
        id: into,
        machineIds: ['new', 'old'],
        latest: 12,
        jobs: {
          '7 DB-3 Books': [7, 11],
          [`${films} DB-4 Films`]: [4, 8, 12],
          '3 DB-3 Mail': [3],
          [`${music} DB-1 Music`]: [2, 5, 9],
          [`${photos} DB-2 Photos`]: [1, 6, 10],
        },
      },
    ])
  })

  it('of the same number and name go on under both machine-ids', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new' })
    await merge(app, 2, 1)
    await send(app, { hour: 3 })
    await send(app, { hour: 4, machine: 'new' })
    await send(app, { hour: 4, machine: 'old' })
    expect(await standing(app)).toEqual([
      { id: 1, machineIds: ['new', 'old'], latest: 4, jobs: { '1 DB-1 Photos': [1, 2, 3, 4] } },
    ])
    expect(problemsIn(app.file)).toEqual([])
  })

  it('of which two share a name are kept apart, but for one of the same number', async () => {
    const app = await startApp()
    await send(app, { hour: 1, job: ['DB-1', 'Photos'] })
    await send(app, { hour: 2, job: ['DB-2', 'Photos'] })
    await send(app, { hour: 3, job: ['DB-1', 'Photos'] })
    await send(app, { hour: 4, machine: 'new', job: ['DB-2', 'Photos'] })
    await send(app, { hour: 5, machine: 'new', job: ['DB-3', 'Photos'] })
    await send(app, { hour: 6, machine: 'new', job: ['DB-2', 'Photos'] })
    expect(await merge(app, 2, 1)).toEqual({ movedJobs: 1, mergedJobs: 1, movedBackups: 3, duplicateBackups: 0 })
    expect(await standing(app)).toMatchObject([
      { jobs: { '1 DB-1 Photos': [1, 3], '2 DB-2 Photos': [2, 4, 6], '4 DB-3 Photos': [5] } },
    ])
  })

  it.each([
    ['which stays and reported last', 1, 2, null, 'DB-1'],
    ['which goes and reported last', 2, 1, null, 'DB-1'],
    ['which stays and reported before', 2, 1, 'DB-1', null],
    ['which goes and reported before', 1, 2, 'DB-1', null],
  ])('without number take the number of their namesake, %s', async (_, from, into, first, second) => {
    const app = await startApp()
    await send(app, { hour: 1, job: [first, 'Photos'] })
    await send(app, { hour: 2, machine: 'new', job: [second, 'Photos'] })
    await merge(app, from, into)
    expect(await standing(app)).toMatchObject([{ id: into, jobs: { [`${into} DB-1 Photos`]: [1, 2] } }])
  })

  it('of one name are kept apart from each other through two merges', async () => {
    const app = await startApp()
    await send(app, { hour: 1, job: ['DB-1', 'Photos'] })
    await send(app, { hour: 2, job: ['DB-2', 'Photos'] })
    await send(app, { hour: 3, job: ['DB-1', 'Photos'] })
    await send(app, { hour: 4, machine: 'new', job: ['DB-1', 'Music'] })
    await send(app, { hour: 5, machine: 'new', job: ['DB-2', 'Mail'] })
    await merge(app, 1, 2)
    await send(app, { hour: 6, machine: 'third', job: [null, 'Photos'] })
    expect(await merge(app, 2, 3)).toMatchObject({ movedJobs: 4, mergedJobs: 0 })
    expect(await standing(app)).toMatchObject([
      {
        machineIds: ['new', 'old', 'third'],
        jobs: {
          '1 DB-1 Photos': [1, 3],
          '2 DB-2 Photos': [2],
          '3 DB-1 Music': [4],
          '4 DB-2 Mail': [5],
          '5 null Photos': [6],
        },
      },
    ])
  })
})

describe('runs', () => {
  it('that both have are left once, and counted; dry runs are moved and counted too', async () => {
    const app = await startApp()
    for (const machine of ['old', 'new']) {
      await send(app, { machine, hour: 1 })
      await send(app, { machine, hour: 2, data: { Dryrun: true } })
      await send(app, { machine, hour: machine === 'old' ? 3 : 4 })
    }
    await send(app, { machine: 'new', hour: 5, data: { Dryrun: true } })
    expect(await merge(app, 2, 1)).toEqual({ movedJobs: 0, mergedJobs: 1, movedBackups: 2, duplicateBackups: 2 })
    expect(await standing(app)).toEqual([
      { id: 1, machineIds: ['new', 'old'], latest: 6, jobs: { '1 DB-1 Photos': [1, 2, 3, 6, 7] } },
    ])
    const { data } = await app.graphql(
      '{ backupJobs { nodes { totals { runs dryRuns uploadedSize } } } nodes(ids: ["Backup:4", "Backup:5"]) { id } }',
    )
    expect(data).toEqual({
      backupJobs: { nodes: [{ totals: { runs: 3, dryRuns: 2, uploadedSize: 8 } }] },
      nodes: [null, null],
    })
  })

  it('that are all the same leave the latest of the one that stays', async () => {
    const app = await startApp()
    await send(app, { machine: 'old', hour: 1 })
    await send(app, { machine: 'new', hour: 1 })
    expect(await merge(app, 1, 2)).toEqual({ movedJobs: 0, mergedJobs: 1, movedBackups: 0, duplicateBackups: 1 })
    expect(await standing(app)).toEqual([
      { id: 2, machineIds: ['new', 'old'], latest: 2, jobs: { '2 DB-1 Photos': [2] } },
    ])
  })

  it('without begin time are never taken for the same', async () => {
    const app = await startApp()
    await send(app, { machine: 'old', hour: 1, data: { BeginTime: null } })
    await send(app, { machine: 'new', hour: 1, data: { BeginTime: null } })
    expect(await merge(app, 2, 1)).toEqual({ movedJobs: 0, mergedJobs: 1, movedBackups: 1, duplicateBackups: 0 })
    expect(await standing(app)).toMatchObject([{ latest: 2, jobs: { '1 DB-1 Photos': [1, 2] } }])
  })

  it('that are sent again after the merge are known', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new' })
    await merge(app, 2, 1)
    await send(app, { hour: 2, machine: 'new' })
    await send(app, { hour: 1, machine: 'new' })
    expect(await standing(app)).toMatchObject([{ jobs: { '1 DB-1 Photos': [1, 2] } }])
  })
})

describe('what is said of the servers', () => {
  const said = '{ servers { nodes { id name alias notes url createdAt updatedAt lastSeen } } }'

  it.each([
    [1, 2, 'B'],
    [2, 1, 'A'],
  ])('stays, and gaps are filled: %i into %i', async (from, into, alias) => {
    const app = await startApp()
    await send(app, { hour: 1, name: 'a' })
    await send(app, { hour: 2, machine: 'new', name: 'b' })
    await app.graphql(`mutation {
      a: updateServer(id: 1, input: { alias: "A", notes: "of A" }) { server { id } }
      b: updateServer(id: 2, input: { alias: "B", url: "http://b:8200" }) { server { id } }
    }`)
    app.setTime(at(5))
    await merge(app, from, into)
    expect((await app.graphql(said)).data).toEqual({
      servers: {
        nodes: [
          {
            id: `Server:${into}`,
            name: 'b',
            alias,
            notes: 'of A',
            url: 'http://b:8200/',
            createdAt: at(1),
            updatedAt: at(5),
            lastSeen: at(2),
          },
        ],
      },
    })
  })

  it('and of jobs that both have stays too', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new' })
    await app.graphql(`mutation {
      a: updateBackupJob(id: 1, input: { alias: "A", notes: "of A" }) { backupJob { id } }
      b: updateBackupJob(id: 2, input: { alias: "B" }) { backupJob { id } }
    }`)
    app.setTime(at(5))
    await merge(app, 1, 2)
    expect((await app.graphql('{ backupJobs { nodes { id alias notes createdAt updatedAt } } }')).data).toEqual({
      backupJobs: {
        nodes: [{ id: 'BackupJob:2', alias: 'B', notes: 'of A', createdAt: at(1), updatedAt: at(5) }],
      },
    })
  })

  it('lets a machine that sends no id go on under its name', async () => {
    const app = await startApp()
    await send(app, { hour: 1, name: 'a' })
    await send(app, { hour: 2, machine: null, name: 'b' })
    await merge(app, 2, 1)
    await send(app, { hour: 3, machine: null, name: 'b' })
    expect(await standing(app)).toEqual([
      { id: 1, machineIds: ['old'], latest: 3, jobs: { '1 DB-1 Photos': [1, 2, 3] } },
    ])
  })
})

describe('servers', () => {
  it('without jobs can be merged, either way', async () => {
    const app = await startApp()
    for (const machine of ['a', 'b', 'c']) await send(app, { machine, hour: 1 })
    await app.graphql(
      'mutation { a: deleteBackupJob(id: 1) { deletedBackups } b: deleteBackupJob(id: 2) { deletedBackups } }',
    )
    expect(await merge(app, 1, 2)).toEqual({ movedJobs: 0, mergedJobs: 0, movedBackups: 0, duplicateBackups: 0 })
    expect(await merge(app, 3, 2)).toEqual({ movedJobs: 1, mergedJobs: 0, movedBackups: 1, duplicateBackups: 0 })
    expect(await standing(app)).toEqual([
      { id: 2, machineIds: ['a', 'b', 'c'], latest: 3, jobs: { '3 DB-1 Photos': [3] } },
    ])
    await send(app, { machine: 'd', hour: 2 })
    await app.graphql('mutation { deleteBackup(id: 4) { deletedBackup { id } } }')
    expect(await merge(app, 4, 2)).toEqual({ movedJobs: 0, mergedJobs: 1, movedBackups: 0, duplicateBackups: 0 })
  })

  it('that were merged before can be merged again, and their numbers are not used again', async () => {
    const app = await startApp()
    for (const [index, machine] of ['a', 'b', 'c', 'd'].entries()) await send(app, { machine, hour: index + 1 })
    await merge(app, 4, 1)
    await merge(app, 1, 3)
    await merge(app, 2, 3)
    for (const [index, machine] of ['a', 'b', 'c', 'd'].entries()) await send(app, { machine, hour: index + 5 })
    await send(app, { machine: 'e', hour: 9, name: 'pc' })
    expect(await standing(app)).toEqual([
      { id: 3, machineIds: ['a', 'b', 'c', 'd'], latest: 8, jobs: { '3 DB-1 Photos': [1, 2, 3, 4, 5, 6, 7, 8] } },
      { id: 5, machineIds: ['e'], latest: 9, jobs: { '5 DB-1 Photos': [9] } },
    ])
    expect(problemsIn(app.file)).toEqual([])
  })

  it('are listed as duplicates no longer', async () => {
    const app = await startApp()
    await send(app, { hour: 1 })
    await send(app, { hour: 2, machine: 'new' })
    const query = '{ duplicateServers { name servers { id } } }'
    expect((await app.graphql(query)).data).toEqual({
      duplicateServers: [{ name: 'nas', servers: [{ id: 'Server:1' }, { id: 'Server:2' }] }],
    })
    await merge(app, 1, 2)
    expect((await app.graphql(query)).data).toEqual({ duplicateServers: [] })
  })
})
