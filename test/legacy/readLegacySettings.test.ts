// Every old setting, of both generations of keys, and everything that can be wrong with one. Long, because it
// is tables.

import { describe, expect, it } from 'vitest'
import { noOldKey, oldKey } from '../../src/legacy/oldKey.ts'
import { type LegacySettings, readLegacySettings } from '../../src/legacy/readLegacySettings.ts'
import { encryptAsOld, oldKeyBytes } from '../support/oldSecrets.ts'

const zone = 'Europe/Berlin'

/** The settings of rows that are given as values. */
function read(rows: Record<string, unknown>, timeZone = zone, key = oldKey(oldKeyBytes)): LegacySettings {
  const text = (value: unknown) => (typeof value === 'string' || value === null ? value : JSON.stringify(value))
  return readLegacySettings(new Map(Object.entries(rows).map(([key, value]) => [key, text(value)])), timeZone, key)
}

const nothing: LegacySettings = {
  ntfy: null,
  mail: null,
  templates: {},
  toleranceSeconds: null,
  repeat: 'DAILY',
  overdueChecked: true,
  passwords: { known: new Map(), locked: 0 },
  jobs: new Map(),
  problems: [],
}

/** One job's settings, and the problems without the part that is the same in all. */
function readJob(settings: unknown, timeZone = zone) {
  const { jobs, problems } = read({ job_settings: { 7: settings } }, timeZone)
  return { ...jobs.get(7), problems: problems.map((problem) => problem.replace('job_settings of job 7', 'JOB')) }
}

it('is nothing where there is nothing', () => {
  expect(read({})).toEqual(nothing)
  expect(read({ notifications: null, job_settings: '', overdue_tolerance: ' ', ntfy_config: 'null' })).toEqual(nothing)
})

it.each([
  ['no_tolerance', 0],
  ['5min', 300],
  ['15min', 900],
  ['30min', 1800],
  ['1h', 3600],
  ['2h', 7200],
  ['4h', 14_400],
  ['6h', 21_600],
  ['12h', 43_200],
  ['1d', 86_400],
  [' 1h\n', 3600],
])('reads the tolerance %j as %i seconds', (overdue_tolerance, toleranceSeconds) => {
  expect(read({ overdue_tolerance })).toEqual({ ...nothing, toleranceSeconds })
})

it.each([
  ['onetime', 'ONCE'],
  ['every_day', 'DAILY'],
  ['every_week', 'WEEKLY'],
  ['every_month', 'MONTHLY'],
])('reads the frequency %s as %s', (notification_frequency, repeat) => {
  expect(read({ notification_frequency })).toEqual({ ...nothing, repeat })
})

describe('the check for overdue jobs', () => {
  const service = (task: unknown) => ({ port: 9667, tasks: { 'overdue-backup-check': task } })
  const task = { cronExpression: '*/20 * * * *' }

  it.each([
    [service({ ...task, enabled: false }), false, []],
    [service({ ...task, enabled: true }), true, []],
    [service(task), true, []],
    [service(null), true, []],
    [service('off'), true, ['cron_service.tasks.overdue-backup-check is text, not an object']],
    [{ port: 9667 }, true, []],
    [{ tasks: [] }, true, ['cron_service.tasks is a list, not an object']],
    ['{', true, ['cron_service is not JSON']],
  ])('is, in %j, on: %j', (cron_service, overdueChecked, problems) => {
    expect(read({ cron_service })).toEqual({ ...nothing, overdueChecked, problems })
  })
})

describe('ntfy', () => {
  const old = { url: 'https://ntfy.example/', topic: 'old', accessToken: 'tk_old' }

  it.each([
    ['of 0.6', { notifications: { ntfy: old } }, old],
    ['of 0.8', { ntfy_config: { ...old, topic: 'new' } }, { ...old, topic: 'new' }],
    [
      'of 0.8 rather than that of 0.6',
      { notifications: { ntfy: old }, ntfy_config: { ...old, topic: 'new' } },
      { ...old, topic: 'new' },
    ],
    [
      'of 0.6 where 0.8 has none',
      { notifications: { ntfy: old }, ntfy_config: { url: 'https://x.example', topic: '' } },
      old,
    ],
    [
      'without a token',
      { ntfy_config: { url: 'http://10.0.0.1:8080', topic: 't', accessToken: '' } },
      { url: 'http://10.0.0.1:8080', topic: 't', accessToken: null },
    ],
    [
      'with blanks around',
      { ntfy_config: { url: ' https://ntfy.sh ', topic: 't\n' } },
      { url: 'https://ntfy.sh', topic: 't', accessToken: null },
    ],
    [
      'with letters of all kinds',
      { ntfy_config: { url: 'https://ntfy.sh', topic: 'ünïcode-東京' } },
      { url: 'https://ntfy.sh', topic: 'ünïcode-東京', accessToken: null },
    ],
    ['without a topic, as nothing', { ntfy_config: { url: 'https://ntfy.sh', accessToken: 'tk' } }, null],
  ])('is read %s', (_, rows, ntfy) => {
    expect(read(rows)).toEqual({ ...nothing, ntfy })
  })

  it.each([
    ['a row that is not JSON', '{"accessToken":"SECRET', null, ['ntfy_config is not JSON']],
    ['a row that is text', '"SECRET"', null, ['ntfy_config is text, not an object']],
    ['a row that is a list', ['SECRET'], null, ['ntfy_config is a list, not an object']],
    ['no address', { topic: 'SECRET' }, null, ['ntfy_config.url is not an http or https address']],
    [
      'another address',
      { topic: 't', url: 'file:///SECRET' },
      null,
      ['ntfy_config.url is not an http or https address'],
    ],
    ['half an address', { topic: 't', url: 'https://' }, null, ['ntfy_config.url is not an http or https address']],
    [
      'a topic that is a number',
      { topic: 5, url: 'https://ntfy.sh' },
      null,
      ['ntfy_config.topic is not a text of one line'],
    ],
    [
      'a topic with a NUL',
      { topic: 'SE\0CRET', url: 'https://ntfy.sh' },
      null,
      ['ntfy_config.topic is not a text of one line'],
    ],
    [
      'a huge topic',
      { topic: 'SECRET'.repeat(200), url: 'https://ntfy.sh' },
      null,
      ['ntfy_config.topic is not a text of one line'],
    ],
    [
      'a token that is an object',
      { topic: 't', url: 'https://ntfy.sh', accessToken: { a: 'SECRET' } },
      { url: 'https://ntfy.sh', topic: 't', accessToken: null },
      ['ntfy_config.accessToken is not a text of one line'],
    ],
    [
      'a token of two lines',
      { topic: 't', url: 'https://ntfy.sh', accessToken: 'SECRET\nX-Header: 1' },
      { url: 'https://ntfy.sh', topic: 't', accessToken: null },
      ['ntfy_config.accessToken is not a text of one line'],
    ],
  ])('is a problem with %s, and nothing of it is told', (_, ntfy_config, ntfy, problems) => {
    const settings = read({ ntfy_config, overdue_tolerance: '1h' })
    expect(settings).toEqual({ ...nothing, ntfy, toleranceSeconds: 3600, problems })
    expect(settings.problems.join()).not.toContain('SECRET')
  })

  it('is a problem of the older place too', () => {
    expect(read({ notifications: { ntfy: 'SECRET' } })).toEqual({
      ...nothing,
      problems: ['notifications.ntfy is text, not an object'],
    })
  })

  it('goes on at the older place where the later one cannot be read', () => {
    expect(read({ ntfy_config: '{', notifications: { ntfy: old } })).toEqual({
      ...nothing,
      ntfy: old,
      problems: ['ntfy_config is not JSON'],
    })
  })
})

describe('templates', () => {
  const template = (title: string) => ({ title, message: `{machine_name} ${title}`, priority: 'high', tags: 'a, b' })
  const read06 = (title: string) => ({ title, message: `{machine_name} ${title}`, priority: 'HIGH', tags: ['a', 'b'] })
  const all = { success: template('S'), warning: template('W'), overdueBackup: template('O') }

  it.each([
    ['0.6', { notifications: { templates: all } }],
    ['0.8', { notification_templates: { ...all, dailySummary: {} } }],
  ])('of %s are for the events that they were sent for', (_, rows) => {
    expect(read(rows)).toEqual({
      ...nothing,
      templates: { SUCCESS: read06('S'), WARNING: read06('W'), FAILED: read06('W'), OVERDUE: read06('O') },
    })
  })

  it('are each those of 0.8, or else those of 0.6', () => {
    const { templates, problems } = read({
      notification_templates: { success: template('new'), warning: 'lost', overdueBackup: { title: 'no text' } },
      notifications: { templates: all },
    })
    expect(templates).toEqual({
      SUCCESS: read06('new'),
      WARNING: read06('W'),
      FAILED: read06('W'),
      OVERDUE: read06('O'),
    })
    expect(problems).toEqual(['notification_templates.warning is text, not an object'])
  })

  it.each([
    ['1.2', {}, '{server_alias} {server_name} {{server_alias}}'],
    ['1.3', { language: 'de' }, '{server_alias_and_name} {server_name} {{server_alias}}'],
    ['1.3 without a language', { language: '' }, '{server_alias_and_name} {server_name} {{server_alias}}'],
  ])('of %s name the server as they did there', (_, language, text) => {
    const words = '{server_alias} {server_name} {{server_alias}}'
    const notification_templates = { ...language, success: { title: words, message: words } }
    const older = { templates: { warning: { title: words, message: words } } }
    const { templates } = read({ notification_templates, notifications: older })
    for (const event of ['SUCCESS', 'WARNING', 'FAILED'] as const) {
      expect(templates[event]).toMatchObject({ title: text, message: text })
    }
  })

  it('are no longer than they may be where a placeholder becomes longer', () => {
    const success = { title: '{server_alias}'.repeat(17), message: 'M' }
    const { templates, problems } = read({ notification_templates: { language: 'en', success } })
    expect(templates.SUCCESS?.title).toHaveLength(250)
    expect(problems).toEqual(['notification_templates.success.title is cut to 250 characters'])
  })

  const one = (fields: object) => {
    const { templates, problems } = read({ notifications: { templates: { success: { message: 'M', ...fields } } } })
    return {
      ...templates.SUCCESS,
      problems: problems.map((problem) => problem.replace('notifications.templates.success', 'T')),
    }
  }

  it.each([
    ['max', 'URGENT'],
    ['urgent', 'URGENT'],
    ['5', 'URGENT'],
    [5, 'URGENT'],
    ['HIGH', 'HIGH'],
    [4, 'HIGH'],
    ['default', 'DEFAULT'],
    ['3', 'DEFAULT'],
    ['', 'DEFAULT'],
    [undefined, 'DEFAULT'],
    ['low', 'LOW'],
    ['2', 'LOW'],
    ['min', 'MIN'],
    ['1', 'MIN'],
  ])('read the priority %j as %s', (priority, expected) => {
    expect(one({ priority })).toMatchObject({ priority: expected, problems: [] })
  })

  it.each([
    ['no title', {}, { title: 'Success: {backup_alias} on {server_alias}', message: 'M', tags: [], problems: [] }],
    ['tags with gaps', { tags: ' a,, b ,' }, { tags: ['a', 'b'], problems: [] }],
    [
      'control characters',
      { title: 'a\0b', message: 'c\0d\ne\tf', tags: 'g\0h' },
      { title: 'ab', message: 'cd\ne\tf', tags: ['gh'], problems: [] },
    ],
    ['an unknown placeholder, which stays', { title: '{foo}' }, { title: '{foo}', problems: [] }],
    [
      'an unknown priority',
      { priority: 'huge' },
      { priority: 'DEFAULT', problems: ['T.priority is "huge", taken as default'] },
    ],
    [
      'a priority that every object has',
      { priority: 'constructor' },
      { priority: 'DEFAULT', problems: ['T.priority is "constructor", taken as default'] },
    ],
    [
      'a priority that is a list',
      { priority: [] },
      { priority: 'DEFAULT', problems: ['T.priority is a list, not text'] },
    ],
    [
      'a title that is a number',
      { title: 5 },
      { title: 'Success: {backup_alias} on {server_alias}', problems: ['T.title is a number, not text'] },
    ],
    [
      'a huge title',
      { title: 'x'.repeat(251) },
      { title: 'x'.repeat(250), problems: ['T.title is cut to 250 characters'] },
    ],
    [
      'a huge text',
      { message: 'x'.repeat(1_000_000) },
      { message: 'x'.repeat(10_000), problems: ['T.message is cut to 10000 characters'] },
    ],
    ['tags that are a list', { tags: ['a'] }, { tags: [], problems: ['T.tags is a list, not text'] }],
    [
      'too many tags',
      { tags: 'abcdefghijkl'.split('').join() },
      { tags: 'abcdefghij'.split(''), problems: ['T.tags: 2 tags are left out, too long or too many'] },
    ],
    [
      'a huge tag',
      { tags: `a,${'x'.repeat(51)},b` },
      { tags: ['a', 'b'], problems: ['T.tags: 1 tags are left out, too long or too many'] },
    ],
  ])('are read with %s', (_, fields, expected) => {
    expect(one(fields)).toMatchObject(expected)
  })

  it.each([
    ['no text', { title: 'T' }, []],
    ['a blank text', { message: ' \n' }, []],
    ['a text that is an object', { message: {} }, ['notifications.templates.success.message is an object, not text']],
    ['nothing', null, []],
    ['a list', [], ['notifications.templates.success is a list, not an object']],
    ['true', true, ['notifications.templates.success is a boolean, not an object']],
  ])('are none with %s', (_, success, problems) => {
    expect(read({ notifications: { templates: { success } } })).toEqual({ ...nothing, problems })
  })
})

describe('the events of a job', () => {
  it.each([
    ['all', ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS']],
    ['warnings', ['OVERDUE', 'FAILED', 'WARNING']],
    ['errors', ['OVERDUE', 'FAILED']],
    // Old releases told of overdue jobs whatever else they were to tell.
    ['off', ['OVERDUE']],
  ])('are, of %s, %j', (notificationEvent, events) => {
    expect(readJob({ notificationEvent })).toMatchObject({
      events,
      schedule: null,
      watched: true,
      lastToldAt: null,
      problems: [],
    })
    expect(readJob({ notificationEvent, overdueBackupCheckEnabled: true })).toMatchObject({ events, watched: true })
    expect(readJob({ notificationEvent, overdueBackupCheckEnabled: false })).toMatchObject({
      events: events.slice(1),
      schedule: null,
      watched: false,
      lastToldAt: null,
      problems: [],
    })
  })

  it('are none where ntfy was switched off for the job; its lateness is watched all the same', () => {
    expect(readJob({ notificationEvent: 'all', ntfyEnabled: false })).toMatchObject({
      events: [],
      watched: true,
      problems: [],
    })
    expect(readJob({ notificationEvent: 'errors', ntfyEnabled: true })).toMatchObject({ events: ['OVERDUE', 'FAILED'] })
  })

  it.each([
    [{}, []],
    [{ notificationEvent: 'loud' }, ['JOB.notificationEvent is "loud", taken as warnings']],
    [{ notificationEvent: '__proto__' }, ['JOB.notificationEvent is "__proto__", taken as warnings']],
    [{ notificationEvent: 'a\u009bb\u007f' }, ['JOB.notificationEvent is "a\\u009bb\\u007f", taken as warnings']],
    [{ notificationEvent: ['all'] }, ['JOB.notificationEvent is a list, not text']],
    [
      { notificationEvent: `\0${'x'.repeat(99)}` },
      [`JOB.notificationEvent is "\\u0000${'x'.repeat(59)}…", taken as warnings`],
    ],
    [{ overdueBackupCheckEnabled: 'false' }, ['JOB.overdueBackupCheckEnabled is neither true nor false: "false"']],
    [{ ntfyEnabled: 0 }, ['JOB.ntfyEnabled is neither true nor false: 0']],
    [{ emailEnabled: 'yes' }, ['JOB.emailEnabled is neither true nor false: "yes"']],
    [{ additionalNtfyTopic: 5 }, ['JOB.additionalNtfyTopic is a number, not text']],
    [{ additionalEmails: [] }, ['JOB.additionalEmails is a list, not text']],
    [{ additionalNotificationEvent: 'loud' }, ['JOB.additionalNotificationEvent is "loud", taken as warnings']],
  ])('are trouble alone with %j', (settings, problems) => {
    expect(readJob(settings)).toMatchObject({
      events: ['OVERDUE', 'FAILED', 'WARNING'],
      schedule: null,
      watched: true,
      lastToldAt: null,
      problems,
    })
  })
})

describe('what is told by e-mail', () => {
  it.each([
    [{ notificationEvent: 'all', emailEnabled: true }, ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS']],
    [{ notificationEvent: 'off', emailEnabled: true }, ['OVERDUE']],
    [{ notificationEvent: 'errors', emailEnabled: true, overdueBackupCheckEnabled: false }, ['FAILED']],
    [{ notificationEvent: 'errors', emailEnabled: true, ntfyEnabled: false }, ['OVERDUE', 'FAILED']],
    [{ notificationEvent: 'all', emailEnabled: false }, []],
    [{ notificationEvent: 'all', emailEnabled: null }, []],
    [{ notificationEvent: 'all' }, []],
  ])('is, of %j, %j', (settings, mailEvents) => {
    expect(readJob(settings)).toMatchObject({ mailEvents, problems: [] })
  })
})

describe('what is told elsewhere', () => {
  const all = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS']
  it.each([
    ['of its own', { notificationEvent: 'off', additionalNotificationEvent: 'all' }, all],
    ['of the job where it has none', { notificationEvent: 'all' }, all],
    ['of the job where it is empty', { notificationEvent: 'all', additionalNotificationEvent: '' }, all],
    ['off', { notificationEvent: 'all', additionalNotificationEvent: 'off' }, []],
    ['of a job that is off', { notificationEvent: 'off' }, []],
    ['of its own, unwatched', { additionalNotificationEvent: 'errors', overdueBackupCheckEnabled: false }, ['FAILED']],
    [
      'of its own, where ntfy is off',
      { additionalNotificationEvent: 'errors', ntfyEnabled: false },
      ['OVERDUE', 'FAILED'],
    ],
  ])('has the events %s', (_, settings, events) => {
    expect(readJob({ additionalNtfyTopic: ' t ', additionalEmails: 'a@b.c, ,D <d@e.f>,', ...settings })).toMatchObject({
      elsewhere: { topic: 't', addresses: ['a@b.c', 'D <d@e.f>'], events },
      problems: [],
    })
  })

  it('is nothing without a topic and addresses', () => {
    expect(readJob({ additionalNtfyTopic: '', additionalEmails: ' , ' })).toMatchObject({
      elsewhere: { topic: null, addresses: [] },
      problems: [],
    })
  })
})

describe('the mail server', () => {
  const username = encryptAsOld('me@mail.example')
  const password = encryptAsOld(' pass wörd ')
  const smtp08 = { host: 'mail.example', port: 2525, username, password, mailto: 'a@example.org' }
  const read08 = {
    host: 'mail.example',
    port: 2525,
    security: 'STARTTLS',
    user: 'me@mail.example',
    password: ' pass wörd ',
    from: 'duplistatus <me@mail.example>',
    to: ['a@example.org'],
    locked: null,
  }
  const mail = (smtp_config: unknown, key = oldKey(oldKeyBytes)) => {
    const settings = read({ smtp_config }, zone, key)
    expect(settings).toEqual({ ...nothing, mail: settings.mail, problems: settings.problems })
    return { mail: settings.mail, problems: settings.problems }
  }

  it.each<[string, object, object]>([
    ['of 0.8', {}, {}],
    ['that is not encrypted', { connectionType: 'plain' }, { security: 'NONE' }],
    ['that is encrypted later', { connectionType: 'starttls' }, { security: 'STARTTLS' }],
    ['that is encrypted later, whatever was said before', { connectionType: 'starttls', secure: true }, {}],
    ['that is encrypted at once', { connectionType: 'ssl' }, { security: 'TLS' }],
    ['that is secure', { secure: true }, { security: 'TLS' }],
    ['that is not secure', { secure: false }, { security: 'STARTTLS' }],
    ['on the port of TLS', { port: 465 }, { port: 465, security: 'TLS' }],
    ['on the port of TLS, and not by it', { port: 465, connectionType: 'plain' }, { port: 465, security: 'NONE' }],
    ['with a port in text', { port: ' 25 ' }, { port: 25 }],
    ['without a port', { port: undefined }, { port: null }],
    ['with a sender', { senderName: 'Me', fromAddress: 'you@example.org' }, { from: 'Me <you@example.org>' }],
    ['with a name alone', { senderName: 'Me, "myself" <and> I\n' }, { from: 'Me, myself and I <me@mail.example>' }],
    ['with several recipients', { mailto: 'a@b.c,b@b.c ; x, ' }, { to: ['a@b.c', 'b@b.c ; x'] }],
    ['that wants a login', { requireAuth: true }, {}],
    ['without a login', { requireAuth: false }, { user: null, password: null }],
    [
      'without a user',
      { username: '', password: '', fromAddress: 'f@example.org' },
      { user: null, password: null, from: 'duplistatus <f@example.org>' },
    ],
    [
      'with nothing encrypted',
      { username: encryptAsOld(''), password: encryptAsOld(''), fromAddress: 'f@example.org' },
      { user: null, password: null, from: 'duplistatus <f@example.org>' },
    ],
  ])('is read %s', (_, changes, expected) => {
    expect(mail({ ...smtp08, ...changes })).toEqual({ mail: { ...read08, ...expected }, problems: [] })
  })

  const wrong = 'the key in .duplistatus.key is not the one that they were encrypted with'
  const locked = { user: null, password: null, from: 'a@example.org' }
  const noSender = 'smtp_config names no sender that is an address: mails are sent as from the first recipient'

  it.each<[string, object, Buffer | null, object, string[]]>([
    ['without a key', {}, null, { ...locked, locked: 'there is none' }, [noSender]],
    ['with another key', {}, Buffer.alloc(32), { ...locked, locked: wrong }, [noSender]],
    [
      'with a key of 31 bytes',
      {},
      oldKeyBytes.subarray(1),
      { ...locked, locked: '.duplistatus.key has 31 bytes where 32 are a key' },
      [noSender],
    ],
    [
      'without a key, as from its sender',
      { fromAddress: 'f@example.org' },
      null,
      { ...locked, from: 'duplistatus <f@example.org>', locked: 'there is none' },
      [],
    ],
    ['without a key that is not needed', { requireAuth: false }, null, locked, [noSender]],
    [
      'with a password of another key',
      { password: encryptAsOld('x', Buffer.alloc(32)) },
      oldKeyBytes,
      { user: null, password: null, locked: wrong },
      [],
    ],
    [
      'with a user in the clear',
      { username: 'me@mail.example' },
      oldKeyBytes,
      { ...locked, locked: wrong },
      [noSender],
    ],
    ['with half a text', { username: username.slice(0, -1) }, oldKeyBytes, { ...locked, locked: wrong }, [noSender]],
    [
      'without a password',
      { password: '' },
      oldKeyBytes,
      { user: null, password: null, locked: 'one of the two was empty' },
      [],
    ],
  ])('says %s what cannot be opened', (_, changes, file, expected, problems) => {
    const key = file ? oldKey(file) : noOldKey('there is none')
    expect(mail({ ...smtp08, ...changes }, key)).toEqual({ mail: { ...read08, ...expected }, problems })
  })

  it.each([
    [
      'a user that is no address',
      { username: encryptAsOld('apikey') },
      { user: 'apikey', from: 'a@example.org' },
      [noSender],
    ],
    ['a port beyond the last', { port: 65_536 }, { port: null }, ['smtp_config.port is not a port: 65536']],
    [
      'another way to encrypt',
      { connectionType: 'ssh' },
      {},
      ['smtp_config.connectionType is "ssh", taken as starttls'],
    ],
    [
      'a recipient that could send, after one that could not',
      { username: encryptAsOld('apikey'), mailto: 'SECRET, Ops <ops@example.org>' },
      { user: 'apikey', from: 'Ops <ops@example.org>', to: ['SECRET', 'Ops <ops@example.org>'] },
      [noSender],
    ],
    ['recipients in a list', { mailto: ['SECRET'] }, { to: [] }, ['smtp_config.mailto is a list, not text']],
  ])('is read with %s', (_, changes, expected, problems) => {
    expect(mail({ ...smtp08, ...changes })).toEqual({ mail: { ...read08, ...expected }, problems })
  })

  it.each([
    ['{"password":"SECRET', 'smtp_config is not JSON'],
    [['SECRET'], 'smtp_config is a list, not an object'],
    [{ mailto: 'SECRET' }, 'smtp_config names no host'],
  ])('is none of %j', (smtp_config, problem) => {
    expect(mail(smtp_config)).toEqual({ mail: null, problems: [problem] })
  })
})

describe('the passwords of servers', () => {
  const server_passwords = {
    1: encryptAsOld('open sesame'),
    2: '',
    3: encryptAsOld(''),
    4: encryptAsOld('x', Buffer.alloc(32)),
  }

  it('are read by the number of the server', () => {
    const known = new Map([[1, 'open sesame']])
    expect(read({ server_passwords })).toEqual({ ...nothing, passwords: { known, locked: 1 } })
  })

  it('are counted without the key', () => {
    const { passwords, problems } = read({ server_passwords }, zone, noOldKey(''))
    expect([passwords, problems]).toEqual([{ known: new Map(), locked: 3 }, []])
  })

  it.each([
    [{ nas: 'SECRET' }, 'server_passwords of server "nas": there is no such number'],
    [{ 1: ['SECRET'] }, 'server_passwords of server 1 is a list, not text'],
    ['SECRET', 'server_passwords is not JSON'],
  ])('are a problem in %j, and nothing of it is told', (server_passwords, problem) => {
    expect(read({ server_passwords })).toEqual({ ...nothing, problems: [problem] })
  })
})

describe('the schedule of a job', () => {
  it.each([
    [1, 'day', { count: 1, unit: 'DAY' }],
    [1, 'days', { count: 1, unit: 'DAY' }],
    [36, 'hours', { count: 36, unit: 'HOUR' }],
    [1, 'hour', { count: 1, unit: 'HOUR' }],
    [7, 'Days', { count: 7, unit: 'DAY' }],
    [2, 'weeks', { count: 2, unit: 'WEEK' }],
    [90, 'minutes', { count: 90, unit: 'MINUTE' }],
    [1.5, 'days', { count: 36, unit: 'HOUR' }],
    [1.1, 'days', { count: 1584, unit: 'MINUTE' }],
    [0.5, 'hours', { count: 30, unit: 'MINUTE' }],
    [24, undefined, { count: 24, unit: 'HOUR' }],
    [24, null, { count: 24, unit: 'HOUR' }],
    ['36', 'hours', { count: 36, unit: 'HOUR' }],
    ['1D', 'days', { count: 1, unit: 'DAY' }],
    ['1D', undefined, { count: 1, unit: 'DAY' }],
    [' 1W ', undefined, { count: 1, unit: 'WEEK' }],
    ['1D12h', undefined, { count: 36, unit: 'HOUR' }],
    ['3M', undefined, { count: 3, unit: 'MONTH' }],
    ['3m', undefined, { count: 3, unit: 'MINUTE' }],
    ['1Y', undefined, { count: 1, unit: 'YEAR' }],
    // A bare number is seconds.
    ['86400', undefined, { count: 24, unit: 'HOUR' }],
    ['5400', undefined, { count: 90, unit: 'MINUTE' }],
  ])('has, of %j %j, the interval %j', (expectedInterval, intervalUnit, interval) => {
    expect(readJob({ expectedInterval, intervalUnit })).toMatchObject({
      schedule: { interval, weekdays: null, timeOfDay: null, timeZone: zone },
      problems: [],
    })
  })

  it.each([
    [0, 'days', '0 with the unit "days"'],
    [-1, 'days', '-1 with the unit "days"'],
    [1e300, 'days', '1e+300 with the unit "days"'],
    [0.001, 'hours', '0.001 with the unit "hours"'],
    [3654, 'days', '3654 with the unit "days"'],
    [1, 'fortnight', '1 with the unit "fortnight"'],
    [1, 5, '1 with the unit 5'],
    [1, {}, '1 with the unit an object'],
    ['1X', undefined, '"1X"'],
    ['0D', undefined, '"0D"'],
    ['0', undefined, '"0"'],
    ['1D '.repeat(50), undefined, `"${'1D '.repeat(20)}…"`],
    [[1], undefined, 'a list'],
    [true, undefined, 'true'],
  ])('is none of %j %j', (expectedInterval, intervalUnit, shown) => {
    expect(readJob({ notificationEvent: 'off', expectedInterval, intervalUnit, time: '02:00' })).toMatchObject({
      events: ['OVERDUE'],
      schedule: null,
      watched: true,
      lastToldAt: null,
      problems: [`JOB.expectedInterval is not an interval: ${shown}`],
    })
  })

  it.each([[undefined], [null], ['']])('is none, and no problem, of %j', (expectedInterval) => {
    expect(readJob({ expectedInterval })).toMatchObject({ schedule: null, problems: [] })
  })

  it.each([
    [[0], ['SUNDAY'], []],
    [[1, 2, 3, 4, 5], ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'], []],
    [[6, 0, 6], ['SATURDAY', 'SUNDAY'], []],
    [[0, 1, 2, 3, 4, 5, 6], null, []],
    [[], null, []],
    [null, null, []],
    [[1, 7, -1], ['MONDAY'], ['JOB.allowedWeekDays holds what is not a day from 0 to 6: 7']],
    [['1'], null, ['JOB.allowedWeekDays holds what is not a day from 0 to 6: "1"']],
    [[[1]], null, ['JOB.allowedWeekDays holds what is not a day from 0 to 6: a list']],
    [[1.5], null, ['JOB.allowedWeekDays holds what is not a day from 0 to 6: 1.5']],
    ['12345', null, ['JOB.allowedWeekDays is not a list: "12345"']],
    [{ 0: true }, null, ['JOB.allowedWeekDays is not a list: an object']],
  ])('is, with the days %j, on %j', (allowedWeekDays, weekdays, problems) => {
    expect(readJob({ expectedInterval: '1D', allowedWeekDays })).toMatchObject({ schedule: { weekdays }, problems })
    expect(readJob({ expectedInterval: '12h', allowedWeekDays })).toMatchObject({ schedule: { weekdays }, problems })
  })

  it.each([
    ['02:00', '02:00', []],
    ['2:05', '02:05', []],
    ['23:59:59', '23:59', []],
    ['', null, []],
    [null, null, []],
    ['24:00', null, ['JOB.time is not a time: "24:00"']],
    ['02:60', null, ['JOB.time is not a time: "02:60"']],
    ['2026-13-45T00:00:00Z', null, ['JOB.time is not a time: "2026-13-45T00:00:00Z"']],
    ["2 o'clock\0", null, ['JOB.time is not a time: "2 o\'clock\\u0000"']],
  ])('is, with the time %j, at %j', (time, timeOfDay, problems) => {
    expect(readJob({ expectedInterval: '1D', time })).toMatchObject({
      schedule: { timeOfDay, timeZone: zone },
      problems,
    })
    // Hours count from run to run.
    expect(readJob({ expectedInterval: '12h', time })).toMatchObject({ schedule: { timeOfDay: null }, problems: [] })
    expect(readJob({ expectedInterval: '1D', time }).schedule).not.toHaveProperty('nextRun')
  })

  it.each([
    ['2026-01-15T01:00:00.000Z', '02:00'],
    ['2026-07-15T00:00:00.000Z', '02:00'],
    ['2026-07-15T02:00:30+02:00', '02:00'],
  ])('has %j as its next run, and the time of day of that by the clock of the host', (time, timeOfDay) => {
    const nextRun = Date.parse(time)
    expect(readJob({ expectedInterval: '1W', time })).toMatchObject({ schedule: { timeOfDay, nextRun }, problems: [] })
    expect(readJob({ expectedInterval: '12h', time })).toMatchObject({
      schedule: { timeOfDay: null, nextRun },
      problems: [],
    })
  })

  it('is without a time that is no text', () => {
    expect(readJob({ expectedInterval: '1D', time: 200 })).toMatchObject({
      schedule: { timeOfDay: null },
      problems: ['JOB.time is a number, not text'],
    })
  })

  it('is by the clock of the host', () => {
    const settings = { expectedInterval: '1W', time: '2026-01-15T01:00:00.000Z' }
    expect(readJob(settings, 'America/New_York').schedule).toEqual({
      interval: { count: 1, unit: 'WEEK' },
      weekdays: null,
      timeOfDay: '20:00',
      timeZone: 'America/New_York',
      nextRun: Date.parse(settings.time),
    })
  })
})

describe('when a job was last told of', () => {
  const told = (job_notifications: unknown, job_settings: unknown = {}) => read({ job_settings, job_notifications })

  it.each([
    ['0.6', { lastNotificationSent: '2025-05-06T03:20:00.000Z', lastBackupDate: '2025-05-02T02:00:00.000Z' }],
    ['0.7', { lastNotificationSent: '2025-05-06T03:20:00.000Z', serverName: 'nas' }],
  ])('is read from %s, beside the settings and without any', (_, entry) => {
    const lastToldAt = new Date('2025-05-06T03:20:00.000Z')
    const { jobs, problems } = told({ 7: entry, 8: entry }, { 7: { notificationEvent: 'off', expectedInterval: '1D' } })
    expect(problems).toEqual([])
    expect([...jobs]).toEqual([
      [
        7,
        {
          events: ['OVERDUE'],
          mailEvents: [],
          elsewhere: { topic: null, addresses: [], events: [] },
          schedule: expect.anything(),
          watched: true,
          lastToldAt,
        },
      ],
      [
        8,
        {
          events: null,
          mailEvents: [],
          elsewhere: { topic: null, addresses: [], events: [] },
          schedule: null,
          watched: true,
          lastToldAt,
        },
      ],
    ])
  })

  it.each([
    [{ lastNotificationSent: '' }, []],
    [{ lastBackupDate: '2025-05-02T02:00:00.000Z' }, []],
    [{ lastNotificationSent: '2025-05-06' }, ['JOB.lastNotificationSent is not a time: "2025-05-06"']],
    [
      { lastNotificationSent: '2025-05-06 03:20:00' },
      ['JOB.lastNotificationSent is not a time: "2025-05-06 03:20:00"'],
    ],
    [{ lastNotificationSent: 1_746_501_600_000 }, ['JOB.lastNotificationSent is a number, not text']],
    ['yesterday', ['JOB is text, not an object']],
  ])('is unknown of %j', (entry, problems) => {
    const { jobs, problems: found } = told({ 7: entry })
    expect(jobs.size).toBe(0)
    expect(found.map((problem) => problem.replace('job_notifications of job 7', 'JOB'))).toEqual(problems)
  })
})

it.each([
  [
    'overdue_tolerance',
    '3h',
    'overdue_tolerance is none of no_tolerance, 5min, 15min, 30min, 1h, 2h, 4h, 6h, 12h, 1d: "3h"',
  ],
  [
    'overdue_tolerance',
    'toString',
    'overdue_tolerance is none of no_tolerance, 5min, 15min, 30min, 1h, 2h, 4h, 6h, 12h, 1d: "toString"',
  ],
  [
    'notification_frequency',
    '"every_day"',
    'notification_frequency is none of onetime, every_day, every_week, every_month: "\\"every_day\\""',
  ],
  [
    'notification_frequency',
    `\0${'x'.repeat(1e6)}`,
    `notification_frequency is none of onetime, every_day, every_week, every_month: "\\u0000${'x'.repeat(59)}…"`,
  ],
  ['notifications', '{', 'notifications is not JSON'],
  ['notifications', '\0', 'notifications is not JSON'],
  ['notifications', '['.repeat(1e6), 'notifications is not JSON'],
  ['notifications', 7, 'notifications is a number, not an object'],
  ['notifications', { templates: [] }, 'notifications.templates is a list, not an object'],
  ['notification_templates', 'success', 'notification_templates is not JSON'],
  ['notification_templates', true, 'notification_templates is a boolean, not an object'],
  ['job_settings', [], 'job_settings is a list, not an object'],
  ['job_settings', { 7: null, 8: [] }, 'job_settings of job 8 is a list, not an object'],
  ['job_settings', { 'nas:Photos': {} }, 'job_settings of job "nas:Photos": there is no such number'],
  ['job_settings', '{"__proto__": {}}', 'job_settings of job "__proto__": there is no such number'],
  ['job_notifications', '{,}', 'job_notifications is not JSON'],
  ['backup_settings', '{', 'backup_settings is not JSON'],
  ['overdue_backup_notifications', '"', 'overdue_backup_notifications is not JSON'],
  ['overdue_notifications', '[]', 'overdue_notifications is a list, not an object'],
])('names what is wrong with %s, and reads all the rest', (key, value, problem) => {
  const good: Record<string, unknown> = {
    ntfy_config: { url: 'https://ntfy.sh', topic: 't' },
    overdue_tolerance: '1h',
    notification_frequency: 'every_day',
    notification_templates: { success: { title: 'S', message: 'M', priority: 'low', tags: '' } },
    job_settings: { 7: { notificationEvent: 'off' } },
    job_notifications: { 7: { lastNotificationSent: '2025-05-06T03:20:00.000Z' } },
  }
  const { [key]: _, ...others } = good
  expect(read({ ...good, [key]: value })).toEqual({ ...read(others), problems: [problem] })
})

it('takes a row that is no text for none', () => {
  const rows = new Map<string, unknown>([
    ['notifications', Buffer.from('{}')],
    ['overdue_tolerance', 5],
  ])
  expect(readLegacySettings(rows as Map<string, string>, zone, oldKey(oldKeyBytes))).toEqual({
    ...nothing,
    problems: ['notifications is an object, not text', 'overdue_tolerance is a number, not text'],
  })
})
