// Lateness over GraphQL: how a job is watched, what became of it, and what a person can do about it. Long,
// because whole answers stand here.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const watched = `
  scheduleSource interval schedule { interval weekdays timeOfDay timeZone } legacySchedule { interval }
  toleranceSeconds latenessWatched paused state dueAt overdueAt`

const update = (app: TestApp, input: object) =>
  app.graphql(
    `mutation ($input: UpdateBackupJobInput!) { updateBackupJob(id: "BackupJob:1", input: $input) {
      backupJob { ${watched} updatedAt } } }`,
    { input },
  )

const transitionsOf = `transitions(orderBy: AT_ASC) { nodes { from to at reason backup { id } } }`

/** A job that Duplicati announced to run again at 13:00. */
async function startAnnounced(changes: Parameters<typeof report>[0] = {}) {
  const app = await startApp()
  await app.post(report({ ...changes, extra: { 'next-scheduled-run': '20260801T130000Z' } }))
  return app
}

describe('a schedule', () => {
  const schedule = { interval: '1W', weekdays: ['SATURDAY', 'SUNDAY'], timeOfDay: '18:00', timeZone: 'Europe/Berlin' }

  it('that a person sets takes the place of what Duplicati announces, until it is taken away', async () => {
    const app = await startAnnounced()
    expect(await app.graphql(`{ node(id: "BackupJob:1") { ... on BackupJob { ${watched} } } }`)).toMatchInlineSnapshot(`
      {
        "data": {
          "node": {
            "dueAt": "2026-08-01T13:00:00.000Z",
            "interval": null,
            "latenessWatched": true,
            "legacySchedule": null,
            "overdueAt": "2026-08-01T14:00:00.000Z",
            "paused": false,
            "schedule": null,
            "scheduleSource": "REPORTED",
            "state": "OK",
            "toleranceSeconds": null,
          },
        },
      }
    `)
    app.setTime('2026-08-01T12:30:00Z')
    expect(await update(app, { schedule, toleranceSeconds: 7200 })).toMatchInlineSnapshot(`
      {
        "data": {
          "updateBackupJob": {
            "backupJob": {
              "dueAt": "2026-08-02T16:00:00.000Z",
              "interval": "1W",
              "latenessWatched": true,
              "legacySchedule": null,
              "overdueAt": "2026-08-02T18:00:00.000Z",
              "paused": false,
              "schedule": {
                "interval": "1W",
                "timeOfDay": "18:00",
                "timeZone": "Europe/Berlin",
                "weekdays": [
                  "SATURDAY",
                  "SUNDAY",
                ],
              },
              "scheduleSource": "SET",
              "state": "OK",
              "toleranceSeconds": 7200,
              "updatedAt": "2026-08-01T12:30:00.000Z",
            },
          },
        },
      }
    `)
    expect(await update(app, { schedule: null, toleranceSeconds: null })).toMatchObject({
      data: {
        updateBackupJob: {
          backupJob: {
            scheduleSource: 'REPORTED',
            schedule: null,
            toleranceSeconds: null,
            dueAt: '2026-08-01T13:00:00.000Z',
            overdueAt: '2026-08-01T14:00:00.000Z',
          },
        },
      },
    })
  })

  it('needs an interval alone', async () => {
    const app = await startAnnounced()
    await app.graphql(
      'mutation { updateBackupJob(id: 1, input: { schedule: { interval: "12h" } }) { backupJob { id } } }',
    )
    const { data } = await app.graphql('{ backupJobs { nodes { schedule { interval weekdays timeOfDay timeZone } } } }')
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    expect(data).toEqual({
      backupJobs: { nodes: [{ schedule: { interval: '12h', weekdays: null, timeOfDay: null, timeZone } }] },
    })
  })

  it('is not looked at where lateness is not watched', async () => {
    const app = await startAnnounced()
    expect(await update(app, { latenessWatched: false })).toMatchObject({
      data: {
        updateBackupJob: { backupJob: { latenessWatched: false, dueAt: null, scheduleSource: null, state: 'OK' } },
      },
    })
    expect(await update(app, { latenessWatched: true })).toMatchObject({
      data: { updateBackupJob: { backupJob: { latenessWatched: true, dueAt: '2026-08-01T13:00:00.000Z' } } },
    })
  })

  it('that is wrong is refused with everything that is', async () => {
    const app = await startAnnounced()
    const issuesOf = async (input: object) => {
      const { errors } = await update(app, input)
      const [{ extensions }] = errors as [{ extensions: { code: string; issues: unknown } }]
      expect(extensions.code).toBe('BAD_USER_INPUT')
      return extensions.issues
    }
    expect(
      await issuesOf({
        alias: 'x'.repeat(201),
        schedule: { interval: '12h', weekdays: [], timeOfDay: '24:00' },
        toleranceSeconds: -1,
        latenessWatched: null,
      }),
    ).toMatchInlineSnapshot(`
      [
        {
          "message": "must not exceed 200 characters",
          "path": "alias",
        },
        {
          "message": "must name a day, or be null for every day",
          "path": "schedule.weekdays",
        },
        {
          "message": "must be HH:MM, from 00:00 to 23:59",
          "path": "schedule.timeOfDay",
        },
        {
          "message": "needs an interval of days, weeks, months or years",
          "path": "schedule.timeOfDay",
        },
        {
          "message": "must be 0 or more",
          "path": "toleranceSeconds",
        },
        {
          "message": "must be true or false",
          "path": "latenessWatched",
        },
      ]
    `)
    expect(await issuesOf({ schedule: { interval: 'daily' }, toleranceSeconds: 31_622_401 })).toEqual([
      { path: 'schedule.interval', message: 'must be an interval such as 12h, 1D, 1W or 1M' },
      { path: 'toleranceSeconds', message: 'must be a year or less' },
    ])
    expect(await issuesOf({ schedule: { interval: '1D', timeZone: 'Mars/Base' } })).toMatchObject([
      { path: 'input.schedule.timeZone' },
    ])
    expect(await issuesOf({ schedule: { interval: '1D', weekdays: ['SOMEDAY'] } })).toMatchObject([
      { path: 'input.schedule.weekdays[0]' },
    ])
    expect(
      await app.graphql(`{ node(id: "BackupJob:1") { ... on BackupJob { alias schedule { interval } } } }`),
    ).toEqual({
      data: { node: { alias: null, schedule: null } },
    })
  })
})

it('records what becomes of a job: when, why, and by which run', async () => {
  const app = await startAnnounced()
  app.setTime('2026-08-02T00:00:00Z')
  await app.post(
    report({ data: { BeginTime: '2026-08-01T23:00:00Z', EndTime: '2026-08-01T23:59:00Z', ParsedResult: 'Error' } }),
  )
  const { data } = await app.graphql(`{
    transitions(orderBy: AT_ASC) {
      totalCount nodes { id databaseId from to at recordedAt reason job { id } server { id } backup { id } }
    }
    servers { nodes { transitions(first: 1) { totalCount nodes { id } } jobs { transitions(last: 1) { nodes { id } } } } }
    node(id: "Transition:2") { ... on Transition { to } }
  }`)
  expect(data).toMatchInlineSnapshot(`
    {
      "node": {
        "to": "LATE",
      },
      "servers": {
        "nodes": [
          {
            "jobs": [
              {
                "transitions": {
                  "nodes": [
                    {
                      "id": "Transition:1",
                    },
                  ],
                },
              },
            ],
            "transitions": {
              "nodes": [
                {
                  "id": "Transition:4",
                },
              ],
              "totalCount": 4,
            },
          },
        ],
      },
      "transitions": {
        "nodes": [
          {
            "at": "2026-08-01T12:00:00.000Z",
            "backup": {
              "id": "Backup:1",
            },
            "databaseId": 1,
            "from": "NEW",
            "id": "Transition:1",
            "job": {
              "id": "BackupJob:1",
            },
            "reason": "REPORT",
            "recordedAt": "2026-08-01T12:00:00.000Z",
            "server": {
              "id": "Server:1",
            },
            "to": "OK",
          },
          {
            "at": "2026-08-01T13:00:00.000Z",
            "backup": null,
            "databaseId": 2,
            "from": "OK",
            "id": "Transition:2",
            "job": {
              "id": "BackupJob:1",
            },
            "reason": "TIME",
            "recordedAt": "2026-08-02T00:00:00.000Z",
            "server": {
              "id": "Server:1",
            },
            "to": "LATE",
          },
          {
            "at": "2026-08-01T14:00:00.000Z",
            "backup": null,
            "databaseId": 3,
            "from": "LATE",
            "id": "Transition:3",
            "job": {
              "id": "BackupJob:1",
            },
            "reason": "TIME",
            "recordedAt": "2026-08-02T00:00:00.000Z",
            "server": {
              "id": "Server:1",
            },
            "to": "OVERDUE",
          },
          {
            "at": "2026-08-02T00:00:00.000Z",
            "backup": {
              "id": "Backup:2",
            },
            "databaseId": 4,
            "from": "OVERDUE",
            "id": "Transition:4",
            "job": {
              "id": "BackupJob:1",
            },
            "reason": "REPORT",
            "recordedAt": "2026-08-02T00:00:00.000Z",
            "server": {
              "id": "Server:1",
            },
            "to": "FAILED",
          },
        ],
        "totalCount": 4,
      },
    }
  `)
})

it('lists transitions by their own time, of everything, a server and a job, page by page', async () => {
  const app = await startApp()
  // Job n of server 1 is due at n o'clock in the afternoon; the last two are of server 2.
  for (const number of [3, 1, 2, 5, 4]) {
    const extra = {
      'machine-id': number > 3 ? 'machine-2' : 'machine-1',
      'machine-name': number > 3 ? 'web' : 'nas',
      'backup-id': `DB-${number}`,
      'backup-name': `${number}`,
      'next-scheduled-run': `20260801T1${number + 2}0000Z`,
    }
    await app.post(report({ extra }))
  }
  app.setTime('2026-08-03T00:00:00Z')
  const page = async (args: string) => {
    const { data, errors } = await app.graphql(`{ transitions(${args}) {
      totalCount nodes { to job { name } } pageInfo { hasNextPage startCursor endCursor } } }`)
    expect(errors).toBeUndefined()
    return (data as { transitions: Listed }).transitions
  }
  const names = ({ nodes }: Listed) => nodes.map(({ to, job }) => `${job.name} ${to}`)
  const whole = await page('orderBy: AT_ASC, first: 100')
  expect(names(whole)).toMatchInlineSnapshot(`
    [
      "3 OK",
      "1 OK",
      "2 OK",
      "5 OK",
      "4 OK",
      "1 LATE",
      "1 OVERDUE",
      "2 LATE",
      "2 OVERDUE",
      "3 LATE",
      "3 OVERDUE",
      "4 LATE",
      "4 OVERDUE",
      "5 LATE",
      "5 OVERDUE",
    ]
  `)
  expect(names(await page('first: 100'))).toEqual(names(whole).reverse())
  const read: string[] = []
  let after = ''
  for (let more = true; more; ) {
    const next = await page(`first: 4 ${after}`)
    read.push(...names(next))
    after = `after: "${next.pageInfo.endCursor}"`
    more = next.pageInfo.hasNextPage
  }
  expect(read).toEqual(names(whole).reverse())
  expect(names(await page('filter: { server: "Server:2" }'))).toEqual(
    names(whole)
      .filter((name) => /^[45]/.test(name))
      .reverse(),
  )
  expect(await page('filter: { server: 1, job: "BackupJob:1" }')).toMatchObject({ totalCount: 3 })
  expect(await page('filter: { server: 2, job: 1 }')).toMatchObject({ totalCount: 0 })
  const { data } = await app.graphql(`{ servers { nodes {
    name transitions { totalCount } jobs { name transitions(first: 1) { totalCount nodes { job { name } } } } } } }`)
  const ofJob = (name: string) => ({ name, transitions: { totalCount: 3, nodes: [{ job: { name } }] } })
  expect(data).toEqual({
    servers: {
      nodes: [
        { name: 'nas', transitions: { totalCount: 9 }, jobs: ['1', '2', '3'].map(ofJob) },
        { name: 'web', transitions: { totalCount: 6 }, jobs: ['4', '5'].map(ofJob) },
      ],
    },
  })
})

it.each([
  ['filter: { server: "x" }', 'filter.server'],
  ['filter: { job: "Server:1" }', 'filter.job'],
  ['last: 101', 'last'],
])('answers transitions(%s) with where it is wrong', async (args, path) => {
  const app = await startApp()
  const { errors } = await app.graphql(`{ transitions(${args}) { nodes { id } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path }] } }])
})

describe('a person', () => {
  const act = async (app: TestApp, mutation: string) => {
    const { data, errors } = await app.graphql(`mutation { ${mutation} {
      backupJob { state paused dueAt snoozedUntil acknowledged acknowledgedAt } } }`)
    if (errors) return (errors as [{ message: string; extensions: { code: string; issues?: unknown[] } }])[0]
    return (Object.values(data as object)[0] as { backupJob: object }).backupJob
  }

  it('pauses and resumes a job, of which nothing is expected meanwhile', async () => {
    const app = await startAnnounced()
    expect(await act(app, 'pauseJob(id: "BackupJob:1")')).toMatchObject({ state: 'PAUSED', paused: true })
    app.setTime('2026-08-01T15:00:00Z')
    expect((await app.graphql('{ summary { overdueJobs } }')).data).toEqual({ summary: { overdueJobs: 0 } })
    expect(await act(app, 'resumeJob(id: 1)')).toMatchObject({
      state: 'OK',
      paused: false,
      dueAt: '2026-08-03T00:00:00.000Z',
    })
    expect(await app.graphql(`{ backupJobs { nodes { ${transitionsOf} } } }`)).toMatchInlineSnapshot(`
      {
        "data": {
          "backupJobs": {
            "nodes": [
              {
                "transitions": {
                  "nodes": [
                    {
                      "at": "2026-08-01T12:00:00.000Z",
                      "backup": {
                        "id": "Backup:1",
                      },
                      "from": "NEW",
                      "reason": "REPORT",
                      "to": "OK",
                    },
                    {
                      "at": "2026-08-01T12:00:00.000Z",
                      "backup": null,
                      "from": "OK",
                      "reason": "PAUSE",
                      "to": "PAUSED",
                    },
                    {
                      "at": "2026-08-01T15:00:00.000Z",
                      "backup": null,
                      "from": "PAUSED",
                      "reason": "PAUSE",
                      "to": "OK",
                    },
                  ],
                },
              },
            ],
          },
        },
      }
    `)
  })

  it('silences a job, and ends that', async () => {
    const app = await startAnnounced()
    const until = '2026-08-03T00:00:00.000Z'
    expect(await act(app, `snoozeJob(id: 1, until: "${until}")`)).toMatchObject({ state: 'OK', snoozedUntil: until })
    expect(await act(app, 'snoozeJob(id: 1)')).toMatchObject({ snoozedUntil: null })
    await act(app, `snoozeJob(id: 1, until: "${until}")`)
    expect(await act(app, 'snoozeJob(id: 1, until: null)')).toMatchObject({ snoozedUntil: null })
    await act(app, `snoozeJob(id: 1, until: "${until}")`)
    app.setTime('2026-08-03T00:00:00.001Z')
    expect((await app.graphql('{ backupJobs { nodes { state snoozedUntil } } }')).data).toEqual({
      backupJobs: { nodes: [{ state: 'OVERDUE', snoozedUntil: null }] },
    })
  })

  it('acknowledges the trouble a job is in, until it is over', async () => {
    const app = await startAnnounced()
    expect(await act(app, 'acknowledgeJob(id: 1)')).toMatchObject({
      message: 'BackupJob:1 has no trouble that could be acknowledged.',
      extensions: { code: 'CONFLICT' },
    })
    app.setTime('2026-08-01T15:00:00Z')
    expect(await act(app, 'acknowledgeJob(id: 1)')).toMatchObject({
      state: 'OVERDUE',
      acknowledged: 'OVERDUE',
      acknowledgedAt: '2026-08-01T15:00:00.000Z',
    })
    await app.post(report({ data: { BeginTime: '2026-08-01T14:00:00Z', EndTime: '2026-08-01T14:59:00Z' } }))
    expect((await app.graphql('{ backupJobs { nodes { state acknowledged acknowledgedAt } } }')).data).toEqual({
      backupJobs: { nodes: [{ state: 'OK', acknowledged: null, acknowledgedAt: null }] },
    })
  })

  it.each(['pauseJob', 'resumeJob', 'snoozeJob', 'acknowledgeJob'])('cannot %s what is not there', async (mutation) => {
    const app = await startAnnounced()
    expect(await act(app, `${mutation}(id: 9)`)).toMatchObject({
      message: 'There is no BackupJob:9.',
      extensions: { code: 'NOT_FOUND' },
    })
    expect(await act(app, `${mutation}(id: "Server:1")`)).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'id' }] },
    })
  })

  it.each([
    ['2026-08-01T12:00:00Z', [{ path: 'until', message: 'must lie ahead' }]],
    ['2026-08-01T12:00:00.001Z', undefined],
  ])('cannot silence a job until a moment that has passed: %s', async (until, issues) => {
    const app = await startAnnounced()
    const { extensions } = (await act(app, `snoozeJob(id: 1, until: "${until}")`)) as { extensions?: object }
    expect(extensions).toEqual(issues && { code: 'BAD_USER_INPUT', issues })
  })
})

interface Listed {
  totalCount: number
  nodes: { to: string; job: { name: string } }[]
  pageInfo: { hasNextPage: boolean; startCursor: string; endCursor: string }
}
