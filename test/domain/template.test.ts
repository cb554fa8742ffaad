import { describe, expect, it } from 'vitest'
import { messageValues } from '../../src/domain/messages/messageValues.ts'
import { notificationEvents } from '../../src/domain/messages/notification.ts'
import {
  defaultTemplates,
  placeholders,
  render,
  type Template,
  templateIssues,
} from '../../src/domain/messages/template.ts'

const template = (changes: Partial<Template>): Template => ({
  title: 'Title',
  message: 'Message',
  priority: 'DEFAULT',
  tags: [],
  ...changes,
})

describe('render', () => {
  it.each([
    ['a placeholder', '{server_name}', 'nas'],
    ['several, side by side', '{server_name}{status}{server_name}', 'nasErrornas'],
    ['a value that looks like a placeholder, as it is', '{backup_name}: {status}', '{status}: Error'],
    ['a value with what replacing would take for a pattern, as it is', '{server_note}', "$& $1 $' $$"],
    ['an unknown placeholder, as it is', '{machine_nam} {status}', '{machine_nam} Error'],
    [
      'a name that every object has, as it is',
      '{constructor} {__proto__} {toString}',
      '{constructor} {__proto__} {toString}',
    ],
    ['another case, as it is', '{Status}', '{Status}'],
    ['blanks inside, as they are', '{ status }', '{ status }'],
    ['doubled braces, as the name in braces', '{{status}} is {status}', '{status} is Error'],
    ['an open brace', '{status and {status}', '{status and Error'],
    ['a dollar before a brace', '$' + '{status}', '$Error'],
    ['an empty value', '[{server_url}]', '[]'],
    ['nothing in braces', '{}', '{}'],
  ])('writes %s', (_, message, expected) => {
    const values = {
      server_name: 'nas',
      status: 'Error',
      backup_name: '{status}',
      server_note: "$& $1 $' $$",
      server_url: '',
    }
    expect(render(template({ message, title: message }), values)).toEqual({
      title: expected,
      message: expected,
      priority: 'DEFAULT',
      tags: [],
    })
  })

  it('makes the title one line, and leaves the lines of the text', () => {
    const values = { server_note: 'a\r\nBcc: b\tc\0d\u0085e', status: 'Error' }
    expect(
      render(template({ title: ' {server_note}\n', message: '\n{server_note}\r\n{status}\n\n' }), values),
    ).toMatchObject({
      title: 'a Bcc: b c d e',
      message: 'a\nBcc: b\tcde\nError',
    })
  })

  it('keeps emoji whole, and mends half of one', () => {
    const text = '👨‍👩‍👧 🕑 \ud83d'
    expect(render(template({ title: text, message: text }), {})).toMatchObject({
      title: '👨‍👩‍👧 🕑 \ufffd',
      message: '👨‍👩‍👧 🕑 \ufffd',
    })
  })

  it('hands priority and tags on', () => {
    expect(render(template({ priority: 'URGENT', tags: ['a', '{status}'] }), { status: 'Error' })).toMatchObject({
      priority: 'URGENT',
      tags: ['a', '{status}'],
    })
  })
})

describe('templateIssues', () => {
  it('finds nothing wrong with a template of all placeholders at the limits', () => {
    const all = Object.keys(placeholders).map((name) => `{${name}} {{${name}}} { ${name} }`)
    const tags = Array.from({ length: 10 }, (_, place) => `${place}`.padEnd(50, 'x'))
    expect(
      templateIssues(template({ title: 'x'.repeat(250), message: all.join('\n').padEnd(10_000, 'x'), tags }), 'FAILED'),
    ).toEqual([])
  })

  it('names every unknown placeholder once, where it is, with those there are', () => {
    const issues = templateIssues(
      template({ title: '{machine_nam}', message: '{foo} {status} {foo} {{foo}} {constructor}' }),
      'FAILED',
    )
    expect(issues.map(({ path, message }) => `${path}: ${message.slice(0, 90)}`)).toMatchInlineSnapshot(`
      [
        "title: {machine_nam} is not a placeholder; write {{machine_nam}} for the text, or use {event} {ba",
        "message: {foo} is not a placeholder; write {{foo}} for the text, or use {event} {backup_name} {back",
        "message: {constructor} is not a placeholder; write {{constructor}} for the text, or use {event} {ba",
      ]
    `)
    for (const name of Object.keys(placeholders)) expect(issues[0]?.message).toContain(`{${name}}`)
  })

  it.each([
    ['a blank title', { title: ' \n' }, ['title: must not be blank']],
    ['a blank text', { message: '' }, ['message: must not be blank']],
    ['a title that is too long', { title: 'x'.repeat(251) }, ['title: must not exceed 250 characters']],
    ['a text that is too long', { message: 'x'.repeat(10_001) }, ['message: must not exceed 10000 characters']],
    ['too many tags', { tags: Array(11).fill('a') }, ['tags: must not be more than 10']],
    [
      'tags that are none',
      { tags: ['a', ' ', 'a,b', 'a\nb', 'x'.repeat(51)] },
      [1, 2, 3, 4].map((place) => `tags.${place}: must be from 1 to 50 characters in one line, without a comma`),
    ],
    [
      'all at once',
      { title: '', message: '', tags: [''] },
      [
        'title: must not be blank',
        'message: must not be blank',
        'tags.0: must be from 1 to 50 characters in one line, without a comma',
      ],
    ],
  ])('says what is wrong with %s', (_, changes, issues) => {
    expect(templateIssues(template(changes), 'FAILED').map(({ path, message }) => `${path}: ${message}`)).toEqual(
      issues,
    )
  })
})

describe('the default templates', () => {
  const values = messageValues(
    {
      event: 'OVERDUE',
      ofRun: false,
      remark: null,
      finding: null,
      server: { name: 'nas-01', alias: 'The NAS', notes: null, url: null },
      job: { name: 'Photos: RAW', alias: null },
      run: {
        status: 'ERROR',
        at: new Date('2026-07-31T00:00:00.000Z'),
        durationSeconds: 2271.85,
        examinedFiles: 88_321,
        sourceSize: 53_687_091_200,
        uploadedSize: 1_234_567,
        storedSize: 21_474_836_480,
        versions: 14,
        messages: 20,
        warnings: 3,
        errors: 1,
        reason: 'System.IO.IOException: The disk is full',
        remarks: [],
        logLines: ['The disk is full'],
      },
      latestAt: new Date('2026-07-31T00:00:00.000Z'),
      dueAt: new Date('2026-08-01T00:00:00.000Z'),
      overdueAt: new Date('2026-08-01T01:00:00.000Z'),
      interval: null,
      toleranceSeconds: 3600,
      away: null,
      successor: null,
    },
    new Date('2026-08-01T12:00:00.000Z'),
    'Europe/Berlin',
  )

  it('say what, where, how bad and since when', () => {
    const rendered = notificationEvents.map((event) => render(defaultTemplates[event], values))
    expect(
      rendered.map(({ title, message, priority, tags }) => [`${tags} ${priority}`, title, message].join('\n')),
    ).toMatchInlineSnapshot(`
      [
        "alarm_clock HIGH
      Overdue: Photos: RAW on The NAS
      Expected 2026-08-01 02:00 CEST (12 hours ago). Last backup 2026-07-31 02:00 CEST (1 day ago).",
        "rotating_light HIGH
      Failed: Photos: RAW on The NAS
      System.IO.IOException: The disk is full
      Error at 2026-07-31 02:00 CEST. Errors: 1, warnings: 3.
      The disk is full",
        "warning DEFAULT
      Warning: Photos: RAW on The NAS
      Error at 2026-07-31 02:00 CEST. Warnings: 3.
      The disk is full",
        "white_check_mark LOW
      Success: Photos: RAW on The NAS
      At 2026-07-31 02:00 CEST in 00:37:51: 1.18 MB uploaded, 20 GB stored.",
        "green_heart DEFAULT
      Recovered: Photos: RAW on The NAS
      Error at 2026-07-31 02:00 CEST in 00:37:51: 1.18 MB uploaded, 20 GB stored.",
        "mag HIGH
      Unusual: Photos: RAW on The NAS
      Error at 2026-07-31 02:00 CEST in 00:37:51.",
      ]
    `)
  })

  it('fit a locked phone, may be saved, and leave no gap where a run has no log', () => {
    for (const event of notificationEvents) {
      const { title, message } = render(defaultTemplates[event], { ...values, log_text: '', exception: '' })
      expect([event, title.length < 60, message.length < 130, message]).toEqual([event, true, true, message.trim()])
      expect(templateIssues(defaultTemplates[event], event)).toEqual([])
    }
  })
})
