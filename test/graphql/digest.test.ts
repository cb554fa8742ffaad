// Digests over GraphQL: when a channel gets one, what it says, and that it is written once. Long, because whole answers stand here.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const zone = 'timeZone: "Europe/Berlin"'

/** An app with a webhook, at 2026-08-01T12:00:00Z. */
async function start(options: Parameters<typeof startApp>[0] = {}) {
  const app = await startApp(options)
  const hook = await startWebhookReceiver()
  const { errors } = await app.graphql(
    `mutation ($url: String!, $secret: String!) {
      createChannel(input: { name: "hook", settings: { webhook: { url: $url, secret: $secret } } }) { channel { id } } }`,
    hook.settings,
  )
  expect(errors).toBeUndefined()
  /** What was told by this time, since it was last asked. */
  const toldAt = async (time: string) => {
    app.setTime(time)
    await app.writeDigests()
    await app.deliver()
    return hook.received.splice(0).map(({ payload }) => payload)
  }
  return { app, hook, toldAt }
}

const set = (app: TestApp, input: string) =>
  app.graphql(
    `mutation { setDigest(input: { channel: 1, ${input} }) { digest { period timeOfDay timeZone weekday tag nextAt } } }`,
  )

const digestOf = async (app: TestApp) =>
  (await app.graphql('{ channel(id: 1) { digest { period timeOfDay timeZone weekday tag nextAt } } }')).data

const issuesOf = ({ errors }: { errors?: unknown[] }) => {
  const [{ extensions }] = errors as [{ extensions: { code: string; issues?: { path: string; message: string }[] } }]
  return [extensions.code, ...(extensions.issues ?? []).map(({ path, message }) => `${path} ${message}`)]
}

const post = async (app: TestApp, job: number, began: string, changes: Parameters<typeof report>[0] = {}) => {
  const { status } = await app.post(
    report({
      ...changes,
      data: { BeginTime: began, EndTime: began, ...changes.data },
      extra: { 'backup-id': `DB-${job}`, 'backup-name': `Job ${job}`, ...changes.extra },
    }),
  )
  expect(status).toBe(200)
}

it('is set, read, changed and removed', async () => {
  const { app } = await start()
  expect(await digestOf(app)).toEqual({ channel: { digest: null } })
  expect(await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}, tag: " Off  Site "`)).toEqual({
    data: {
      setDigest: {
        digest: {
          period: 'DAILY',
          timeOfDay: '08:00',
          timeZone: 'Europe/Berlin',
          weekday: null,
          tag: 'off site',
          nextAt: '2026-08-02T06:00:00.000Z',
        },
      },
    },
  })
  await set(app, `period: WEEKLY, timeOfDay: "23:30", ${zone}`)
  expect(await digestOf(app)).toMatchObject({
    channel: { digest: { weekday: 'MONDAY', tag: null, nextAt: '2026-08-03T21:30:00.000Z' } },
  })
  await set(app, `period: WEEKLY, weekday: SATURDAY, timeOfDay: "14:00", ${zone}`)
  expect(await digestOf(app)).toMatchObject({
    channel: { digest: { weekday: 'SATURDAY', nextAt: '2026-08-08T12:00:00.000Z' } },
  })
  await set(app, `period: MONTHLY, timeOfDay: "00:00", ${zone}`)
  expect(await digestOf(app)).toMatchObject({
    channel: { digest: { period: 'MONTHLY', nextAt: '2026-08-31T22:00:00.000Z' } },
  })
  const remove = 'mutation { deleteDigest(channel: 1) { deletedDigest { period nextAt } } }'
  expect((await app.graphql(remove)).data).toEqual({
    deleteDigest: { deletedDigest: { period: 'MONTHLY', nextAt: '2026-08-31T22:00:00.000Z' } },
  })
  expect(await digestOf(app)).toEqual({ channel: { digest: null } })
  expect(issuesOf(await app.graphql(remove))).toEqual(['NOT_FOUND'])
})

it('follows the time zone of the settings, or else of the server', async () => {
  const { app } = await start()
  await set(app, 'period: DAILY, timeOfDay: "08:00"')
  const next = async (timeZone: string) => {
    await app.graphql(
      'mutation ($timeZone: TimeZone) { updateSettings(input: { timeZone: $timeZone }) { settings { timeZone } } }',
      { timeZone },
    )
    return digestOf(app)
  }
  expect(await next('Asia/Tokyo')).toMatchObject({
    channel: { digest: { timeZone: null, nextAt: '2026-08-01T23:00:00.000Z' } },
  })
  expect(await next('America/New_York')).toMatchObject({ channel: { digest: { nextAt: '2026-08-02T12:00:00.000Z' } } })
})

it.each([
  ['period: DAILY, timeOfDay: "24:00"', ['BAD_USER_INPUT', 'timeOfDay must be HH:MM, from 00:00 to 23:59']],
  [
    'period: DAILY, timeOfDay: "8:00", tag: " "',
    ['BAD_USER_INPUT', 'timeOfDay must be HH:MM, from 00:00 to 23:59', 'tag must not be blank'],
  ],
  [
    'period: DAILY, timeOfDay: "08:00", weekday: MONDAY',
    ['BAD_USER_INPUT', 'weekday must be left out unless the period is WEEKLY'],
  ],
])('refuses %s', async (input, issues) => {
  const { app } = await start()
  expect(issuesOf(await set(app, input))).toEqual(issues)
})

it('is refused for a channel that there is not, and as an event of a rule', async () => {
  const { app } = await start()
  const missing =
    'mutation { setDigest(input: { channel: 9, period: DAILY, timeOfDay: "08:00" }) { digest { nextAt } } }'
  expect(issuesOf(await app.graphql(missing))).toEqual(['NOT_FOUND'])
  const rule =
    'mutation { setNotificationRule(input: { channel: 1, events: [FAILED, DIGEST] }) { notificationRule { id } } }'
  expect(issuesOf(await app.graphql(rule))).toEqual([
    'BAD_USER_INPUT',
    'events.1 must be an event of a job; setDigest sets a digest',
  ])
})

it('is sent when all is well, at its time and once, without a rule', async () => {
  const { app, toldAt } = await start({ environment: { PUBLIC_URL: 'https://backups.example' } })
  await post(app, 1, '2026-08-01T01:00:00Z')
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  await post(app, 1, '2026-08-01T11:00:00Z')
  expect(await toldAt('2026-08-02T05:59:59.999Z')).toEqual([])
  const told = await toldAt('2026-08-02T06:00:00Z')
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "data": {
          "job": null,
          "link": "https://backups.example",
          "message": "Since 2026-08-01 14:00 CEST: 1 succeeded, 0 with warnings, 0 failed, 0 missed.",
          "priority": "DEFAULT",
          "tags": [
            "bar_chart",
          ],
          "title": "The backup is fine",
        },
        "timestamp": "2026-08-02T06:00:00.000Z",
        "type": "channel.digest",
      },
    ]
  `)
  expect(await toldAt('2026-08-02T06:00:01Z')).toEqual([])
  expect(await digestOf(app)).toMatchObject({ channel: { digest: { nextAt: '2026-08-03T06:00:00.000Z' } } })
  const { data } = await app.graphql(
    '{ notifications { nodes { event job { id } server { id } backup { id } status } } }',
  )
  expect(data).toEqual({
    notifications: { nodes: [{ event: 'DIGEST', job: null, server: null, backup: null, status: 'SENT' }] },
  })
})

it('says what is wrong, what ran since the last one, what grew and what is almost full', async () => {
  const { app, toldAt } = await start()
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  await post(app, 1, '2026-08-01T01:00:00Z')
  await post(app, 2, '2026-08-01T02:00:00Z', { extra: { 'next-scheduled-run': '20260802T020000Z' } })
  const [first] = await toldAt('2026-08-02T06:00:00Z')
  expect(first?.data.message).toContain('2 succeeded, 0 with warnings, 0 failed, 1 missed.')
  await post(app, 1, '2026-08-02T05:59:00Z', { data: { ParsedResult: 'Error' }, backend: { KnownFileSize: 170_000 } })
  await post(app, 3, '2026-08-02T05:59:30Z', {
    data: { ParsedResult: 'Warning', Warnings: ['w'] },
    backend: { TotalQuotaSpace: 1000, FreeQuotaSpace: 99, AssignedQuotaSpace: -1 },
  })
  await post(app, 3, '2026-08-02T05:59:40Z', {
    data: { MainOperation: 'Backup', ParsedResult: 'Success' },
    backend: { TotalQuotaSpace: 1000, FreeQuotaSpace: 99 },
  })
  const [second] = await toldAt('2026-08-03T06:00:00Z')
  expect(`${second?.data.title}\n${second?.data.message}`).toMatchInlineSnapshot(`
    "2 of 3 backups need attention: 1 overdue, 1 failed (1 almost full)
    Overdue: Job 2 on nas, since 2026-08-02 05:00 CEST (1 day ago)
    Failed: Job 1 on nas, since 2026-08-02 08:00 CEST (1 day ago)
    Since 2026-08-02 08:00 CEST: 1 succeeded, 1 with warnings, 1 failed, 0 missed.
    Grew most:
    Job 1 on nas: 97.66 KB more, 166.02 KB now
    Almost full:
    Job 3 on nas: 99 Bytes of 1000 Bytes free"
  `)
  // None is counted twice.
  const [third] = await toldAt('2026-08-04T06:00:00Z')
  expect(third?.data.message).toContain('0 succeeded, 0 with warnings, 0 failed, ')
})

it('is about the jobs of a tag, and of the servers that carry it', async () => {
  const { app, toldAt } = await start()
  await post(app, 1, '2026-08-01T01:00:00Z', { data: { ParsedResult: 'Error' } })
  await post(app, 2, '2026-08-01T02:00:00Z')
  await post(app, 3, '2026-08-01T03:00:00Z', { extra: { 'machine-id': 'machine-2', 'machine-name': 'web' } })
  await app.graphql('mutation { updateBackupJob(id: 2, input: { tags: ["Offsite"] }) { backupJob { id } } }')
  await app.graphql('mutation { updateServer(id: 2, input: { tags: ["OFFSITE"] }) { server { id } } }')
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}, tag: "offSite"`)
  await post(app, 1, '2026-08-01T10:00:00Z', { data: { ParsedResult: 'Error' } })
  await post(app, 2, '2026-08-01T11:00:00Z')
  const [told] = await toldAt('2026-08-02T06:00:00Z')
  expect(`${told?.data.title}\n${told?.data.message}`).toMatchInlineSnapshot(`
    "All 2 backups tagged offsite are fine
    Since 2026-08-01 14:00 CEST: 1 succeeded, 0 with warnings, 0 failed, 0 missed."
  `)
})

it('is written once after a pause of the server, however often it fell due', async () => {
  const { app, hook } = await start()
  await post(app, 1, '2026-08-01T11:00:00Z', { extra: { 'next-scheduled-run': '20260802T110000Z' } })
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  await app.close()
  const again = await startApp({ file: app.file, now: '2026-08-05T07:00:00Z' })
  await Promise.all([again.writeDigests(), again.writeDigests()])
  await again.writeDigests()
  await again.deliver()
  expect(hook.received.map(({ payload }) => payload.data.title)).toEqual(['The backup is fine (1 late)'])
  expect(await digestOf(again)).toMatchObject({ channel: { digest: { nextAt: '2026-08-06T06:00:00.000Z' } } })
})

it('is not sent to a channel that is switched off, nor later', async () => {
  const { app, toldAt } = await start()
  await post(app, 1, '2026-08-01T11:00:00Z')
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  const enable = (enabled: boolean) =>
    app.graphql(`mutation { updateChannel(id: 1, input: { enabled: ${enabled} }) { channel { id } } }`)
  await enable(false)
  expect(await toldAt('2026-08-02T06:00:00Z')).toEqual([])
  await enable(true)
  expect(await toldAt('2026-08-02T07:00:00Z')).toEqual([])
  // What ran is counted since the last one that was sent.
  const [told] = await toldAt('2026-08-03T06:00:00Z')
  expect(told?.data.message).toMatch(/^Since 2026-08-01 14:00 /m)
})

it('comes back to its time after a clock that was a year ahead', async () => {
  const { app, toldAt } = await start()
  app.setTime('2027-08-01T12:00:00Z')
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  expect(await toldAt('2026-08-01T13:00:00Z')).toEqual([])
  expect(await digestOf(app)).toMatchObject({ channel: { digest: { nextAt: '2026-08-02T06:00:00.000Z' } } })
  expect(await toldAt('2026-08-02T06:00:00Z')).toHaveLength(1)
})

it('goes with its channel', async () => {
  const { app, toldAt } = await start()
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  await app.graphql('mutation { deleteChannel(id: 1) { deletedChannel { digest { period } } } }')
  expect(await toldAt('2026-08-02T06:00:00Z')).toEqual([])
})

describe('its template', () => {
  const setTemplate = (app: TestApp, message: string) =>
    app.graphql(
      'mutation ($message: String!) { setTemplate(event: DIGEST, template: { title: "{jobs_count} jobs", message: $message }) { settings { id } } }',
      { message },
    )
  const preview = (app: TestApp, args: string) =>
    app.graphql(`{ previewTemplate(${args}) { title message priority tags } }`)

  it('has placeholders of its own', async () => {
    const { app, toldAt } = await start()
    const [code, issue] = issuesOf(await setTemplate(app, '{backup_name}'))
    expect(code).toBe('BAD_USER_INPUT')
    expect(issue).toContain('{backup_name} is not a placeholder')
    expect((await setTemplate(app, '{summary}: {succeeded_runs}')).errors).toBeUndefined()
    await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
    await post(app, 1, '2026-08-01T11:00:00Z')
    const [told] = await toldAt('2026-08-02T06:00:00Z')
    expect([told?.data.title, told?.data.message]).toEqual(['1 jobs', 'The backup is fine: 1'])
  })

  it('is previewed with what ran in the last 24 hours, without a job', async () => {
    const { app } = await start()
    await post(app, 1, '2026-07-31T11:00:00Z')
    app.setTime('2026-08-02T13:00:00Z')
    await post(app, 1, '2026-08-02T12:30:00Z')
    const { data } = await preview(app, 'event: DIGEST')
    expect(data).toMatchObject({
      previewTemplate: { title: 'The backup is fine', message: expect.stringMatching(/: 1 succeeded, 0 with/) },
    })
    expect(
      (await preview(app, 'event: DIGEST, template: { title: "{period}", message: "{failed_runs}" }')).data,
    ).toMatchObject({
      previewTemplate: { title: 'daily', message: '0' },
    })
    expect(issuesOf(await preview(app, 'event: DIGEST, job: 1'))).toEqual([
      'BAD_USER_INPUT',
      'job must be left out: a digest is about no single job',
    ])
    expect(issuesOf(await preview(app, 'event: FAILED'))).toEqual([
      'BAD_USER_INPUT',
      'job must be given, unless the event is DIGEST',
    ])
  })
})

it('of 20,000 jobs lets others have their turn all the time, and is a small message', async () => {
  const { app, toldAt } = await start()
  await post(app, 1, '2026-08-01T11:00:00Z')
  await set(app, `period: DAILY, timeOfDay: "08:00", ${zone}`)
  fill(app.file, 20_000)
  app.setTime('2026-08-02T06:00:00Z')
  let turns = 0
  const watching = setInterval(() => {
    turns += 1
  }, 1)
  await app.writeDigests()
  clearInterval(watching)
  const [told] = await toldAt('2026-08-02T06:00:01Z')
  expect(told?.data.title).toBe('20000 of 20001 backups need attention: 20000 failed')
  expect(told?.data.message).toContain('\nand 19980 more\n')
  expect(told?.data.message).toContain('20001 failed')
  expect(Buffer.byteLength(told?.data.message ?? '')).toBeLessThan(4000)
  // It is read in eighty pieces.
  expect(turns).toBeGreaterThan(10)
}, 60_000)

/** Copies the job and its run, as failed ones, while the app runs. */
function fill(file: string, count: number) {
  const database = new Database(file)
  const columns = (table: string) =>
    database
      .prepare<[string], string>("SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('id')")
      .pluck()
      .all(table)
  const jobColumns = columns('backup_jobs')
  const changed: Record<string, string> = {
    name: "'Job ' || n",
    state: "'FAILED'",
    last_status: "'FATAL'",
    latest_backup_id: 'NULL',
    last_success_id: 'NULL',
  }
  database.exec(`
    WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n <= ${count})
    INSERT INTO backup_jobs (${jobColumns}) SELECT ${jobColumns.map((name) => changed[name] ?? `j.${name}`)} FROM numbers, backup_jobs j WHERE j.id = 1`)
  const runColumns = columns('backups')
  const ofRun: Record<string, string> = { job_id: 'j.id', status: "'FATAL'" }
  database.exec(`
    INSERT INTO backups (${runColumns}) SELECT ${runColumns.map((name) => ofRun[name] ?? `b.${name}`)} FROM backup_jobs j, backups b WHERE b.id = 1`)
  database.close()
}
