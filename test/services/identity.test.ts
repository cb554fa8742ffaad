// Whose a report is, where the marks of Duplicati lie: cloned disks, two Duplicatis on one machine, new ids under old names.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

interface Sent {
  day: number
  hour?: number
  machine?: string | null
  name?: string | null
  id?: string | null
  job?: string | null
  result?: string
  /** Days by which the report comes later than the run. */
  late?: number
}

async function send(
  app: TestApp,
  { day, hour = 2, machine = 'm1', name = 'nas', id = 'DB-1', job = 'Photos', ...more }: Sent,
) {
  const began = new Date(Date.UTC(2026, 9, day, hour))
  const ended = new Date(began.getTime() + 600_000)
  app.setTime(new Date(ended.getTime() + (more.late ?? 0) * 86_400_000))
  const { body } = await app.post(
    report({
      data: { BeginTime: began.toISOString(), EndTime: ended.toISOString(), ParsedResult: more.result ?? 'Success' },
      extra: { 'machine-id': machine, 'machine-name': name, 'backup-id': id, 'backup-name': job },
    }),
  )
  return body as { backup: { id: number }; duplicate: boolean }
}

/** Servers by `number name`, with their jobs by `number name ids`, each with the numbers of its runs in time. */
async function standing(app: TestApp) {
  const { data } = (await app.graphql(`{ servers { nodes { databaseId name jobs { databaseId name backupIds state
    backups(first: 100, orderBy: BEGAN_AT_ASC) { nodes { databaseId } } } } } }`)) as {
    data: { servers: { nodes: Standing[] } }
  }
  expect(problemsIn(app.file)).toEqual([])
  return Object.fromEntries(
    data.servers.nodes.map(({ databaseId, name, jobs }) => [
      `${databaseId} ${name}`,
      Object.fromEntries(
        jobs.map((job) => [
          `${job.databaseId} ${job.name} ${job.backupIds.join(' ')}`.trim(),
          job.backups.nodes.map((run) => run.databaseId),
        ]),
      ),
    ]),
  )
}

interface Standing {
  databaseId: number
  name: string
  jobs: {
    databaseId: number
    name: string
    backupIds: string[]
    state: string
    backups: { nodes: { databaseId: number }[] }
  }[]
}

const states = async (app: TestApp) =>
  ((await app.graphql('{ servers { nodes { name state } } }')).data as { servers: { nodes: object[] } }).servers.nodes

describe('two machines of one machine-id (Pulse #1584)', () => {
  it('are kept apart by their names as soon as these alternate, and the one that dies is overdue', async () => {
    const logged: string[] = []
    const app = await startApp({ logged })
    for (const day of [1, 2, 3, 4]) {
      await send(app, { day, hour: 2, name: 'web-1' })
      await send(app, { day, hour: 3, name: 'web-2' })
    }
    for (const day of [5, 6, 7]) await send(app, { day, hour: 3, name: 'web-2' })
    expect(await standing(app)).toEqual({
      '1 web-1': { '1 Photos DB-1': [1, 3, 5, 7] },
      '2 web-2': { '2 Photos DB-1': [2, 4, 6, 8, 9, 10, 11] },
    })
    expect(await states(app)).toEqual([
      { name: 'web-1', state: 'OVERDUE' },
      { name: 'web-2', state: 'OK' },
    ])
    expect(logged.filter((line) => line.includes('--machine-id'))).toHaveLength(1)
    expect(await app.graphql('{ clonedMachineIds { machineId servers { name } } duplicateServers { name } }')).toEqual({
      data: {
        clonedMachineIds: [{ machineId: 'm1', servers: [{ name: 'web-1' }, { name: 'web-2' }] }],
        duplicateServers: [],
      },
    })
    expect(await app.graphql('{ server(by: { machineId: "m1" }) { name } }')).toMatchObject({
      errors: [{ extensions: { code: 'CONFLICT' } }],
    })
  })

  it('do not mix a failure of one with a success of the other, not even of one millisecond', async () => {
    const app = await startApp()
    for (const day of [1, 2, 3]) {
      await send(app, { day, name: 'web-1', result: 'Error' })
      expect(await send(app, { day, name: 'web-2' })).toMatchObject({ duplicate: false })
    }
    expect(await states(app)).toEqual([
      { name: 'web-1', state: 'FAILED' },
      { name: 'web-2', state: 'OK' },
    ])
  })

  it('stay one for a rename, and for a report that comes late', async () => {
    const app = await startApp()
    await send(app, { day: 1, name: 'old' })
    await send(app, { day: 2, name: 'new' })
    expect(await send(app, { day: 1, name: 'old', late: 2 })).toMatchObject({ duplicate: true })
    await send(app, { day: 1, hour: 5, name: 'old', late: 2 })
    await send(app, { day: 3, name: 'new' })
    expect(await standing(app)).toEqual({ '1 new': { '1 Photos DB-1': [1, 3, 2, 4] } })
  })

  it('take their ids of jobs along, also those that one of them alone reported', async () => {
    const app = await startApp()
    await send(app, { day: 1, name: 'web-1', id: 'DB-1' })
    await send(app, { day: 2, name: 'web-2', id: 'DB-5' })
    // Another job shows that web-1 is still there.
    await send(app, { day: 3, name: 'web-1', id: 'DB-2', job: 'Mail' })
    expect(await standing(app)).toEqual({
      '1 web-1': { '1 Photos DB-1': [1], '3 Mail DB-2': [3] },
      '2 web-2': { '2 Photos DB-5': [2] },
    })
  })

  it('go on as they are once one of them has an id of its own', async () => {
    const app = await startApp()
    for (const day of [1, 2])
      for (const name of ['web-1', 'web-2']) await send(app, { day, name, hour: name === 'web-1' ? 2 : 3 })
    await send(app, { day: 3, machine: 'm2', name: 'web-2' })
    await send(app, { day: 4, name: 'web-1' })
    expect(await standing(app)).toEqual({
      '1 web-1': { '1 Photos DB-1': [1, 3, 6] },
      '2 web-2': { '2 Photos DB-1': [2, 4, 5] },
    })
  })
})

describe('two Duplicatis of one machine', () => {
  it('without an id, the name of the job decides', async () => {
    const app = await startApp()
    await send(app, { day: 1, job: 'Documents' })
    await send(app, { day: 1, hour: 3, machine: '', job: 'Head job' })
    await send(app, { day: 2, job: 'Documents' })
    expect(await standing(app)).toEqual({ '1 nas': { '1 Documents DB-1': [1, 3], '2 Head job DB-1': [2] } })
    // Restarted, it has an id, and its job goes along.
    await send(app, { day: 2, hour: 3, machine: 'm2', job: 'Head job' })
    expect(await standing(app)).toEqual({
      '1 nas': { '1 Documents DB-1': [1, 3] },
      '2 nas': { '2 Head job DB-1': [2, 4] },
    })
  })

  it('are found by their ids also after they were merged, and can be split again (duplicati #2805)', async () => {
    const app = await startApp()
    const both = async (day: number) => {
      await send(app, { day, machine: 'service', name: 'pc', job: 'System' })
      await send(app, { day, hour: 3, machine: 'tray', name: 'pc', job: 'Documents' })
    }
    await both(1)
    await both(2)
    expect(await app.graphql('{ duplicateServers { name } }')).toEqual({ data: { duplicateServers: [] } })
    await app.graphql('mutation { mergeServers(from: 2, into: 1) { movedBackups } }')
    await both(3)
    expect(await standing(app)).toEqual({ '1 pc': { '1 System DB-1': [1, 3, 5], '2 Documents DB-1': [2, 4, 6] } })
    expect(
      await app.graphql(`mutation { splitServer(id: 1, machineIds: ["tray"]) {
        server { machineIds } newServer { databaseId name machineIds } movedJobs movedBackups untoldBackups } }`),
    ).toEqual({
      data: {
        splitServer: {
          server: { machineIds: ['service'] },
          newServer: { databaseId: 3, name: 'pc', machineIds: ['tray'] },
          ...{ movedJobs: 1, movedBackups: 3, untoldBackups: 0 },
        },
      },
    })
    await both(4)
    expect(await standing(app)).toEqual({
      '1 pc': { '1 System DB-1': [1, 3, 5, 7] },
      '3 pc': { '2 Documents DB-1': [2, 4, 6, 8] },
    })
    expect(await app.graphql('{ duplicateServers { name } }')).toEqual({ data: { duplicateServers: [] } })
  })
})

describe('an unknown id under the name of a job', () => {
  const [first, second] = ['A', 'B'].map((digit) => digit.repeat(64)) as [string, string]

  it.each([
    ['of the command line, whose destination changed', null, first, second],
    ['of a server, where it was imported anew', 'm1', 'DB-1', 'DB-7'],
  ])('goes on with it: %s', async (_, machine, before, after) => {
    const app = await startApp()
    await send(app, { day: 1, machine, id: before })
    await send(app, { day: 2, machine, id: after })
    await send(app, { day: 3, machine, id: after })
    expect(await standing(app)).toEqual({ '1 nas': { [`1 Photos ${before} ${after}`]: [1, 2, 3] } })
  })

  it('is another job if the older id reports again: the two are taken apart, and the log says so once', async () => {
    const logged: string[] = []
    const app = await startApp({ logged })
    await app.graphql(
      `mutation { createChannel(input: { name: "x", settings: { ntfy: { topic: "t" } } }) { channel { id } } }`,
    )
    await send(app, { day: 1, id: 'DB-1' })
    await app.graphql(
      'mutation { setNotificationRule(input: { channel: 1, job: 1, events: [FAILED], repeat: ONCE }) { notificationRule { id } } }',
    )
    await app.graphql('mutation { updateBackupJob(id: 1, input: { toleranceSeconds: 60 }) { backupJob { id } } }')
    await send(app, { day: 1, hour: 3, id: 'DB-2', result: 'Error' })
    await send(app, { day: 2, id: 'DB-1' })
    await send(app, { day: 2, hour: 3, id: 'DB-2', result: 'Error' })
    expect(await standing(app)).toEqual({ '1 nas': { '1 Photos DB-1': [1, 3], '2 Photos DB-2': [2, 4] } })
    expect(logged.filter((line) => line.includes('are kept apart from now on'))).toHaveLength(1)
    expect(
      await app.graphql(
        '{ backupJobs { nodes { state toleranceSeconds notificationRules { events } transitions { nodes { to backup { id } } } } } }',
      ),
    ).toMatchObject({
      data: {
        backupJobs: {
          nodes: [
            { state: 'OK', toleranceSeconds: 60 },
            { state: 'FAILED', toleranceSeconds: 60 },
          ],
        },
      },
    })
  })

  it('stays one job when a report of the older id only comes late', async () => {
    const app = await startApp()
    await send(app, { day: 1, id: 'DB-1' })
    await send(app, { day: 3, id: 'DB-2' })
    await send(app, { day: 2, id: 'DB-1', late: 3 })
    expect(await standing(app)).toEqual({ '1 nas': { '1 Photos DB-1 DB-2': [1, 3, 2] } })
  })

  it('proves nothing if the name is the one that the command line gives to every job', async () => {
    const app = await startApp()
    const job = 'Duplicati.CommandLine'
    await send(app, { day: 1, machine: null, id: first, job })
    await send(app, { day: 2, machine: null, id: second, job })
    expect(await standing(app)).toEqual({ '1 nas': { [`1 ${job} ${first}`]: [1], [`2 ${job} ${second}`]: [2] } })
  })

  it('is hinted at where nothing tells such jobs apart', async () => {
    const logged: string[] = []
    const app = await startApp({ logged })
    await send(app, { day: 1, machine: null, id: null, job: 'Duplicati.CommandLine' })
    expect(logged.join('')).toContain('set --backup-name')
  })
})

describe('jobs that a person knows better', () => {
  it('are listed, merged, and split again by their ids', async () => {
    const app = await startApp()
    await send(app, { day: 1, id: 'DB-1', job: 'Old' })
    await send(app, { day: 2, id: 'DB-2', job: 'New' })
    await send(app, { day: 3, id: 'DB-1', job: 'New' })
    await send(app, { day: 4, id: 'DB-2', job: 'New' })
    expect(await app.graphql('{ duplicateJobs { name server { name } jobs { id } } }'), 'they report in turns').toEqual(
      { data: { duplicateJobs: [] } },
    )
    expect(
      await app.graphql(`mutation { mergeBackupJobs(from: 2, into: 1) {
        backupJob { backupIds totals { runs } } deletedBackupJob { id } movedBackups duplicateBackups } }`),
    ).toEqual({
      data: {
        mergeBackupJobs: {
          backupJob: { backupIds: ['DB-1', 'DB-2'], totals: { runs: 4 } },
          deletedBackupJob: { id: 'BackupJob:2' },
          ...{ movedBackups: 2, duplicateBackups: 0 },
        },
      },
    })
    // Merged by a person, both ids go on.
    await send(app, { day: 5, id: 'DB-1', job: 'New' })
    await send(app, { day: 6, id: 'DB-2', job: 'New' })
    expect(await standing(app)).toEqual({ '1 nas': { '1 New DB-1 DB-2': [1, 2, 3, 4, 5, 6] } })
    expect(
      await app.graphql(`mutation { splitBackupJob(id: 1, backupIds: ["DB-2"]) {
        backupJob { backupIds } newBackupJob { databaseId backupIds } movedBackups untoldBackups } }`),
    ).toEqual({
      data: {
        splitBackupJob: {
          backupJob: { backupIds: ['DB-1'] },
          newBackupJob: { databaseId: 3, backupIds: ['DB-2'] },
          ...{ movedBackups: 3, untoldBackups: 0 },
        },
      },
    })
    expect(await standing(app)).toEqual({ '1 nas': { '1 New DB-1': [1, 3, 5], '3 New DB-2': [2, 4, 6] } })
  })

  it.each([
    ['mergeBackupJobs(from: 1, into: 1) { movedBackups }', 'BAD_USER_INPUT'],
    ['mergeBackupJobs(from: 1, into: 2) { movedBackups }', 'BAD_USER_INPUT'],
    ['mergeBackupJobs(from: 1, into: 9) { movedBackups }', 'NOT_FOUND'],
    ['splitBackupJob(id: 9, backupIds: ["DB-1"]) { movedBackups }', 'NOT_FOUND'],
    ['splitBackupJob(id: 1, backupIds: ["DB-1"]) { movedBackups }', 'BAD_USER_INPUT'],
    ['splitBackupJob(id: 1, backupIds: ["DB-9"]) { movedBackups }', 'BAD_USER_INPUT'],
    ['splitBackupJob(id: 1, backupIds: []) { movedBackups }', 'BAD_USER_INPUT'],
    ['splitServer(id: 9, machineIds: ["m1"]) { movedBackups }', 'NOT_FOUND'],
    ['splitServer(id: 1, machineIds: ["m1"]) { movedBackups }', 'BAD_USER_INPUT'],
    ['splitServer(id: 1, machineIds: ["m2"]) { movedBackups }', 'BAD_USER_INPUT'],
    [`splitServer(id: 1, machineIds: [${'"m1" '.repeat(101)}]) { movedBackups }`, 'BAD_USER_INPUT'],
  ])('are left alone by %s', async (mutation, code) => {
    const app = await startApp()
    await send(app, { day: 1 })
    await send(app, { day: 1, machine: 'm2', name: 'web' })
    const before = await standing(app)
    expect(await app.graphql(`mutation { ${mutation} }`)).toMatchObject({ errors: [{ extensions: { code } }] })
    expect(await standing(app)).toEqual(before)
  })
})
