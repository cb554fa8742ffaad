// What a person says of a job, and the guard against overwriting what somebody else said, which jobs and servers share.

import { describe, expect, it } from 'vitest'
import { start, startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { everyFieldOf } from '../support/selection.ts'

const update = (app: TestApp, id: unknown, input: object) =>
  app.graphql(
    `mutation ($id: ID!, $input: UpdateBackupJobInput!) { updateBackupJob(id: $id, input: $input) {
      backupJob { id alias notes displayName createdAt updatedAt } } }`,
    { id, input },
  )
const later = '2026-08-02T00:00:00.000Z'

describe('updateBackupJob', () => {
  it('changes what is given, leaves what is left out, clears what is null or blank', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime(later)
    const job = {
      id: 'BackupJob:1',
      alias: 'Pictures',
      notes: 'Since 1999',
      displayName: 'Pictures',
      createdAt: start.toISOString(),
      updatedAt: later,
    }
    const answer = (changes: object) => ({ data: { updateBackupJob: { backupJob: { ...job, ...changes } } } })
    expect(await update(app, 'BackupJob:1', { alias: ' Pictures ', notes: 'Since 1999' })).toEqual(answer({}))
    expect(await update(app, 1, { notes: null })).toEqual(answer({ notes: null }))
    expect(await update(app, '1', { alias: ' \n' })).toEqual(
      answer({ alias: null, notes: null, displayName: 'Photos' }),
    )
    expect(await update(app, '1', { notes: 'x', alias: 'y' })).toEqual(
      answer({ alias: 'y', notes: 'x', displayName: 'y' }),
    )
    expect(await update(app, '1', {})).toEqual(answer({ alias: 'y', notes: 'x', displayName: 'y' }))
  })

  it('shows the whole job as it is then, however the query asks', async () => {
    const app = await startApp()
    await app.post(report({ extra: { 'next-scheduled-run': '20260801T113000Z' } }))
    const all = `fragment All on BackupJob ${everyFieldOf('BackupJob', 4)}`
    const { data } = await app.graphql(`
      mutation { one: updateBackupJob(id: 1, input: { alias: "Pictures" }) { __typename job: backupJob { ...All } ...More } }
      fragment More on UpdateBackupJobPayload { backupJob { ...All again: alias } }
      ${all}`)
    const { node } = (await app.graphql(`{ node(id: "BackupJob:1") { ...All } } ${all}`)).data as { node: object }
    expect(node).toMatchObject({ displayName: 'Pictures', state: 'LATE', server: { latestBackup: { versions: 7 } } })
    const __typename = 'UpdateBackupJobPayload'
    expect(data).toEqual({ one: { __typename, job: node, backupJob: { ...node, again: 'Pictures' } } })
  })

  it('is not undone by a report, and does not count as changed what was not', async () => {
    const app = await startApp()
    await app.post(report())
    await update(app, 1, { alias: 'Pictures' })
    app.setTime(later)
    await app.post(report({ data: { BeginTime: '2026-08-01T23:00:00Z' }, extra: { 'backup-name': 'Photos 2' } }))
    await update(app, 1, { alias: 'Pictures', notes: null })
    expect(await app.graphql('{ backupJobs { nodes { name alias displayName updatedAt } } }')).toEqual({
      data: {
        backupJobs: {
          nodes: [{ name: 'Photos 2', alias: 'Pictures', displayName: 'Pictures', updatedAt: start.toISOString() }],
        },
      },
    })
  })

  it('takes text up to its limits, and names everything that is longer at once', async () => {
    const app = await startApp()
    await app.post(report())
    const longest = { alias: 'x'.repeat(200), notes: 'x'.repeat(10_000) }
    expect(await update(app, 1, longest)).toMatchObject({ data: { updateBackupJob: { backupJob: longest } } })
    const issues = [
      { path: 'alias', message: 'must not exceed 200 characters' },
      { path: 'notes', message: 'must not exceed 10000 characters' },
    ]
    expect(await update(app, 1, { alias: `${longest.alias}x`, notes: `${longest.notes}x` })).toMatchObject({
      data: null,
      errors: [
        {
          message: `The job cannot be changed like this: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
          path: ['updateBackupJob'],
          extensions: { code: 'BAD_USER_INPUT', issues },
        },
      ],
    })
    expect(await update(app, 1, { alias: 'y', notes: `${longest.notes}x` })).toMatchObject({ data: null })
    expect(await update(app, 1, {})).toMatchObject({ data: { updateBackupJob: { backupJob: longest } } })
  })

  it('says if there is no such job, or if that is none', async () => {
    const app = await startApp()
    await app.post(report())
    for (const id of ['BackupJob:2', '2']) {
      expect((await update(app, id, { alias: 'x' })).errors).toMatchObject([
        { message: 'There is no BackupJob:2.', extensions: { code: 'NOT_FOUND' } },
      ])
    }
    for (const id of ['Server:1', 'x', '0', '']) {
      expect((await update(app, id, { alias: 'x' })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'id' }] } },
      ])
    }
  })
})

describe.each([
  ['updateServer', 'server', 'Server'],
  ['updateBackupJob', 'backupJob', 'BackupJob'],
])('ifUnmodifiedSince of %s', (mutation, field, type) => {
  const document = `mutation ($input: Update${type}Input!) { ${mutation}(id: 1, input: $input) { ${field} { alias updatedAt } } }`
  const changed = (alias: string | null, updatedAt: string) => ({
    data: { [mutation]: { [field]: { alias, updatedAt } } },
  })

  it('lets a change pass if nobody made one after it', async () => {
    const app = await startApp()
    await app.post(report())
    for (const [index, ifUnmodifiedSince] of [
      start.toISOString(),
      '2026-08-02T00:00:00.000Z',
      '2026-08-02T03:00:00.001+02:00',
      null,
    ].entries()) {
      const now = `2026-08-02T0${index}:00:00.000Z`
      app.setTime(now)
      expect(await app.graphql(document, { input: { alias: now, ifUnmodifiedSince } })).toEqual(changed(now, now))
    }
  })

  it('is a conflict from one millisecond on, and then nothing is changed', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime(later)
    await app.graphql(document, { input: { alias: 'first' } })
    app.setTime('2026-08-03T00:00:00Z')
    const ifUnmodifiedSince = '2026-08-01T23:59:59.999Z'
    for (const alias of ['second', 'first']) {
      expect(await app.graphql(document, { input: { alias, ifUnmodifiedSince } })).toEqual({
        data: null,
        errors: [
          {
            message: `${type}:1 was changed at ${later}; read it again.`,
            locations: [expect.anything()],
            path: [mutation],
            extensions: { code: 'CONFLICT' },
          },
        ],
      })
    }
    expect(await app.graphql(document, { input: {} })).toEqual(changed('first', later))
  })

  it('lets only one of two changes pass that are made of the same state', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime(later)
    const input = { ifUnmodifiedSince: start.toISOString() }
    const answers = await Promise.all([
      app.graphql(document, { input: { ...input, alias: 'a' } }),
      app.graphql(document, { input: { ...input, alias: 'b' } }),
    ])
    const passed = answers.filter(({ errors }) => !errors)
    expect(passed).toHaveLength(1)
    expect(answers.flatMap(({ errors }) => errors ?? [])).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
    expect([await app.graphql(document, { input: {} })]).toEqual(passed)
  })

  it('is not moved on by a report', async () => {
    const app = await startApp()
    await app.post(report())
    app.setTime(later)
    await app.post(report({ data: { BeginTime: '2026-08-01T23:00:00Z' } }))
    const input = { alias: 'x', ifUnmodifiedSince: start.toISOString() }
    expect(await app.graphql(document, { input })).toEqual(changed('x', later))
  })

  it('must be a moment', async () => {
    const app = await startApp()
    await app.post(report())
    expect(
      (await app.graphql(document, { input: { alias: 'x', ifUnmodifiedSince: 'yesterday' } })).errors,
    ).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'input.ifUnmodifiedSince' }] } }])
  })
})
