// What holds for all jobs, over GraphQL: the tolerance, the time zone, and the words of messages.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const words = { title: '{backup_name} is late', message: 'since {expected_date}', priority: 'URGENT', tags: ['fire'] }

const setTemplate = (app: TestApp, event: string, template: object) =>
  app.graphql(
    `mutation ($event: NotificationEvent!, $template: TemplateInput!) { setTemplate(event: $event, template: $template) {
      settings { templates { event title message priority tags builtIn } } } }`,
    { event, template },
  )

const preview = (app: TestApp, event: string, template?: object | null, job: unknown = 1) =>
  app.graphql(
    `query ($event: NotificationEvent!, $template: TemplateInput, $job: ID!) {
      previewTemplate(event: $event, template: $template, job: $job) { title message priority tags } }`,
    { event, template, job },
  )

it('begins with an hour of tolerance, the time zone of the machine, and built-in words', async () => {
  const app = await startApp()
  const { data } = await app.graphql(
    '{ settings { toleranceSeconds timeZone templates { event title message priority tags builtIn } } }',
  )
  expect(data).toMatchInlineSnapshot(`
    {
      "settings": {
        "templates": [
          {
            "builtIn": true,
            "event": "OVERDUE",
            "message": "Expected {expected_date} ({expected_elapsed}). Last backup {last_backup_date} ({last_elapsed}).",
            "priority": "HIGH",
            "tags": [
              "alarm_clock",
            ],
            "title": "Overdue: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "FAILED",
            "message": "{exception}
    {status} at {backup_date}. Errors: {errors_count}, warnings: {warnings_count}.
    {log_text}",
            "priority": "HIGH",
            "tags": [
              "rotating_light",
            ],
            "title": "Failed: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "WARNING",
            "message": "{status} at {backup_date}. Warnings: {warnings_count}.
    {log_text}",
            "priority": "DEFAULT",
            "tags": [
              "warning",
            ],
            "title": "Warning: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "SUCCESS",
            "message": "At {backup_date} in {duration}: {uploaded_size} uploaded, {storage_size} stored.",
            "priority": "LOW",
            "tags": [
              "white_check_mark",
            ],
            "title": "Success: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "RECOVERED",
            "message": "{status} at {backup_date} in {duration}: {uploaded_size} uploaded, {storage_size} stored.",
            "priority": "DEFAULT",
            "tags": [
              "green_heart",
            ],
            "title": "Recovered: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "UNUSUAL",
            "message": "{remarks}
    {status} at {backup_date} in {duration}.",
            "priority": "HIGH",
            "tags": [
              "mag",
            ],
            "title": "Unusual: {backup_alias} on {server_alias}",
          },
          {
            "builtIn": true,
            "event": "DIGEST",
            "message": "{troubles}
    {runs}
    {growth}
    {almost_full}",
            "priority": "DEFAULT",
            "tags": [
              "bar_chart",
            ],
            "title": "{summary}",
          },
        ],
        "timeZone": null,
        "toleranceSeconds": 3600,
      },
    }
  `)
})

describe('updateSettings', () => {
  const update = (app: TestApp, input: object) =>
    app.graphql(
      `mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { settings { toleranceSeconds timeZone } } }`,
      { input },
    )
  const answer = (settings: object) => ({ data: { updateSettings: { settings } } })

  it('changes what is given, and leaves what is left out', async () => {
    const app = await startApp()
    expect(await update(app, { toleranceSeconds: 0 })).toEqual(answer({ toleranceSeconds: 0, timeZone: null }))
    expect(await update(app, { timeZone: 'Asia/Tokyo' })).toEqual(
      answer({ toleranceSeconds: 0, timeZone: 'Asia/Tokyo' }),
    )
    expect(await update(app, { toleranceSeconds: 31_622_400, timeZone: null })).toEqual(
      answer({ toleranceSeconds: 31_622_400, timeZone: null }),
    )
    expect(await update(app, {})).toEqual(answer({ toleranceSeconds: 31_622_400, timeZone: null }))
  })

  it('judges every job by the new tolerance at once', async () => {
    const app = await startApp()
    await app.post(report({ extra: { 'next-scheduled-run': '20260801T130000Z' } }))
    app.setTime('2026-08-01T13:30:00Z')
    const state = async () => (await app.graphql('{ backupJobs { nodes { state overdueAt } } }')).data
    const standing = (state: string, overdueAt: string) => ({ backupJobs: { nodes: [{ state, overdueAt }] } })
    expect(await state()).toEqual(standing('LATE', '2026-08-01T14:00:00.000Z'))
    await update(app, { toleranceSeconds: 60 })
    // Its run took ten minutes, and is given twice that.
    expect(await state()).toEqual(standing('OVERDUE', '2026-08-01T13:20:00.000Z'))
    await update(app, { toleranceSeconds: 7200 })
    expect(await state()).toEqual(standing('LATE', '2026-08-01T15:00:00.000Z'))
  })

  it.each([
    [{ toleranceSeconds: -1 }, [{ path: 'toleranceSeconds', message: 'must be 0 or more' }]],
    [{ toleranceSeconds: 31_622_401 }, [{ path: 'toleranceSeconds', message: 'must be a year or less' }]],
    [{ toleranceSeconds: null }, [{ path: 'toleranceSeconds', message: 'must be a whole number' }]],
    [{ toleranceSeconds: 1.5 }, [{ path: 'input.toleranceSeconds' }]],
    [{ timeZone: 'Mars/Base' }, [{ path: 'input.timeZone' }]],
  ])('refuses %j', async (input, issues) => {
    const app = await startApp()
    expect((await update(app, input)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues } }])
  })
})

describe('templates', () => {
  it('are set and reset event by event', async () => {
    const app = await startApp()
    const { data } = (await setTemplate(app, 'OVERDUE', words)) as { data: { setTemplate: Answer } }
    const { templates } = data.setTemplate.settings
    expect(templates[0]).toEqual({ event: 'OVERDUE', ...words, builtIn: false })
    expect(templates.slice(1).map(({ event, builtIn }) => [event, builtIn])).toEqual([
      ['FAILED', true],
      ['WARNING', true],
      ['SUCCESS', true],
      ['RECOVERED', true],
      ['UNUSUAL', true],
      ['DIGEST', true],
    ])
    const short = { title: 'Fine', message: 'Good' }
    expect(await setTemplate(app, 'SUCCESS', short)).toMatchObject({
      data: {
        setTemplate: { settings: { templates: [{}, {}, {}, { ...short, priority: 'DEFAULT', tags: [] }, {}, {}, {}] } },
      },
    })
    const reset = await app.graphql(
      'mutation { resetTemplate(event: OVERDUE) { settings { templates { event builtIn } } } }',
    )
    expect(reset).toEqual({
      data: {
        resetTemplate: {
          settings: {
            templates: [
              { event: 'OVERDUE', builtIn: true },
              { event: 'FAILED', builtIn: true },
              { event: 'WARNING', builtIn: true },
              { event: 'SUCCESS', builtIn: false },
              { event: 'RECOVERED', builtIn: true },
              { event: 'UNUSUAL', builtIn: true },
              { event: 'DIGEST', builtIn: true },
            ],
          },
        },
      },
    })
  })

  it('say everything that is wrong at once, where it stands, and are not saved', async () => {
    const app = await startApp()
    await app.post(report())
    const wrong = { title: '{server} ', message: ' ', tags: ['a,b', 'fine'] }
    const issues = [
      { path: 'template.title', message: expect.stringMatching(/^\{server\} is not a placeholder; /) },
      { path: 'template.message', message: 'must not be blank' },
      { path: 'template.tags.0', message: expect.any(String) },
    ]
    for (const act of [setTemplate, preview]) {
      expect((await act(app, 'FAILED', wrong)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', issues } },
      ])
    }
    expect(await app.graphql('{ settings { templates { builtIn } } }')).toEqual({
      data: { settings: { templates: Array(7).fill({ builtIn: true }) } },
    })
  })
})

describe('previewTemplate', () => {
  it('shows the words that are given, those that are set, and else the built-in ones', async () => {
    const app = await startApp()
    await app.graphql('mutation { updateSettings(input: { timeZone: "Europe/Berlin" }) { settings { timeZone } } }')
    await app.post(report({ extra: { 'next-scheduled-run': '20260801T130000Z' } }))
    expect(await preview(app, 'SUCCESS')).toMatchInlineSnapshot(`
      {
        "data": {
          "previewTemplate": {
            "message": "At 2026-07-31 04:00 CEST in 00:10:00: 500 Bytes uploaded, 68.36 KB stored.",
            "priority": "LOW",
            "tags": [
              "white_check_mark",
            ],
            "title": "Success: Photos on nas",
          },
        },
      }
    `)
    await setTemplate(app, 'SUCCESS', { title: '{event}: {backup_name}', message: '{file_size} of {server_name}' })
    expect(await preview(app, 'SUCCESS', null)).toMatchInlineSnapshot(`
      {
        "data": {
          "previewTemplate": {
            "message": "48.83 KB of nas",
            "priority": "DEFAULT",
            "tags": [],
            "title": "Success: Photos",
          },
        },
      }
    `)
    expect(await preview(app, 'OVERDUE', words, 'BackupJob:1')).toMatchInlineSnapshot(`
      {
        "data": {
          "previewTemplate": {
            "message": "since 2026-08-01 15:00 CEST",
            "priority": "URGENT",
            "tags": [
              "fire",
            ],
            "title": "Photos is late",
          },
        },
      }
    `)
  })

  it('refuses a job that is not there', async () => {
    const app = await startApp()
    expect((await preview(app, 'SUCCESS', words, 9)).errors).toMatchObject([
      { message: 'There is no BackupJob:9.', extensions: { code: 'NOT_FOUND' } },
    ])
    expect((await preview(app, 'SUCCESS', words, 'Server:1')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'job' }] } },
    ])
  })
})

interface Answer {
  settings: { templates: { event: string; builtIn: boolean }[] }
}

it('names the time zone of the server, whatever is set', async () => {
  const app = await startApp()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const zones = '{ settings { timeZone serverTimeZone } }'
  expect(await app.graphql(zones)).toEqual({ data: { settings: { timeZone: null, serverTimeZone: timeZone } } })
  await app.graphql('mutation { updateSettings(input: { timeZone: "Asia/Tokyo" }) { settings { timeZone } } }')
  expect(await app.graphql(zones)).toEqual({
    data: { settings: { timeZone: 'Asia/Tokyo', serverTimeZone: timeZone } },
  })
})
