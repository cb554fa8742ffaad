// The mail server of an old file after the upgrade: its mails go on, and where they cannot, somebody is told whom nobody tells.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { newPlace } from '../support/folders.ts'
import { startMailServer } from '../support/mailServer.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { oldMachines } from '../support/oldDatabaseRows.ts'
import { encryptAsOld, oldKeyBytes, writeOldKey } from '../support/oldSecrets.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'
import { change } from '../support/states.ts'

/** An hour after the latest run of the old file, when little is overdue. */
const then = '2025-05-07T04:00:00.000Z'
const login = { user: 'backups@mail.example', password: 'pass wörd "1"' }
const [laptop, nas, newNas] = oldMachines.map(({ id }) => id)

interface OldMail {
  smtp?: Record<string, unknown>
  /** Settings put over those of jobs, by key. */
  jobs?: Record<string, object>
  ntfy?: { url: string; topic: string }
  key?: Buffer | null
}

/** A file of the last releases with a mail server, and the key beside it. */
function oldFile({ smtp = {}, jobs = {}, ntfy, key = oldKeyBytes }: OldMail): string {
  const file = newPlace()
  writeOldDatabase(file, '0.9')
  const put = (row: string, value: object) =>
    `UPDATE configurations SET value = json_patch(value, '${JSON.stringify(value).replaceAll("'", "''")}') WHERE key = '${row}';`
  const encrypted = { username: encryptAsOld(login.user), password: encryptAsOld(login.password) }
  change(
    file,
    [
      put('smtp_config', { ...encrypted, ...smtp }),
      put('backup_settings', jobs),
      ntfy ? put('ntfy_config', ntfy) : "DELETE FROM configurations WHERE key IN ('ntfy_config', 'notifications');",
    ].join('\n'),
  )
  if (key) writeOldKey(file, key)
  return file
}

function rows(file: string, sql: string): unknown[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

const channels = 'SELECT id, kind, name, enabled, settings, secrets IS NOT NULL AS secret FROM channels ORDER BY id'
const rules = `SELECT c.name AS channel, r.scope, r.events FROM notification_rules r JOIN channels c ON c.id = r.channel_id
  WHERE r.events <> '[]' ORDER BY c.id, r.id`
const warnings = (logged: string[]) =>
  logged.map((line) => JSON.parse(line)).flatMap(({ level, msg }) => (level === 'warn' || level === 40 ? [msg] : []))

/** A run of the job Documents, which old files have told of by e-mail. */
const failed = () =>
  report({
    data: { BeginTime: '2025-05-07T03:59:00Z', ParsedResult: 'Warning' },
    extra: { 'machine-id': laptop, 'machine-name': 'laptop:bob', 'backup-id': 'DB-2', 'backup-name': 'Documents' },
  })

it.each([
  ['plain', 'NONE'],
  ['starttls', 'STARTTLS'],
  ['ssl', 'TLS'],
] as const)(
  'goes on sending mails through a server that is reached by %s, with the old login',
  async (type, security) => {
    const server = await startMailServer({ security, ...login })
    const { host, port } = server.settings
    const smtp = { host, port: String(port), connectionType: type, mailto: 'ops@example.org, boss@example.org' }
    const file = oldFile({ smtp })
    const app = await startApp({ file, now: then })
    await app.post(failed())
    await app.deliver()
    const got = server.received.filter(({ subject }) => subject.includes('Warning - Documents'))
    expect(got.map(({ from, sender, recipients, subject }) => ({ from, sender, recipients, subject }))).toEqual([
      {
        from: 'The backups <backups@example.org>',
        sender: 'backups@example.org',
        recipients: ['ops@example.org', 'boss@example.org'],
        subject:
          '⚠️ Warning - Documents @ laptop:bob (Bob\'s laptop (laptop:bob), On the shelf, behind the "printer" 🖨️, https://laptop.example:8200), once laptop:bob',
      },
    ])
    await app.close()
    expect(rows(file, channels)[0]).toEqual({
      id: 1,
      kind: 'EMAIL',
      name: 'E-mail',
      enabled: 1,
      settings: JSON.stringify({
        host,
        port,
        security,
        allowUntrustedCertificate: security !== 'NONE',
        user: login.user,
        from: 'The backups <backups@example.org>',
        to: ['ops@example.org', 'boss@example.org'],
      }),
      secret: 1,
    })
    expect(problemsIn(file)).toEqual([])
  },
)

it('keeps neither user nor password where the old release had them, in any form', async () => {
  const encrypted = { username: encryptAsOld(login.user), password: encryptAsOld(login.password) }
  const file = oldFile({ smtp: encrypted })
  const logged: string[] = []
  const app = await startApp({ file, logged })
  await app.close()
  const [row] = rows(file, "SELECT value FROM configurations WHERE key = 'smtp_config'") as [{ value: string }]
  expect(JSON.parse(row.value)).toMatchObject({
    host: 'mail.example',
    mailto: 'ops@example.org',
    username: '',
    password: '',
  })
  const everything = JSON.stringify([
    rows(file, 'SELECT * FROM channels'),
    rows(file, 'SELECT * FROM configurations'),
    logged,
  ])
  for (const secret of [JSON.stringify(login.password).slice(1, -1), encrypted.username, encrypted.password]) {
    expect(everything).not.toContain(secret)
  }
})

it('says that certificates are not checked, as the old release did not check them', async () => {
  const logged: string[] = []
  await startApp({ file: oldFile({ smtp: { connectionType: 'ssl' } }), logged })
  expect(warnings(logged).filter((line) => line.includes('certificate'))).toEqual([
    'The old release did not check the certificate of the mail server, and "E-mail", "E-mail to team@example.org, boss@example.org" do not either. If the server has a trusted certificate, set allowUntrustedCertificate to false with updateChannel.',
  ])
  const others: string[] = []
  await startApp({ file: oldFile({ smtp: { connectionType: 'plain' } }), logged: others })
  expect(warnings(others).filter((line) => line.includes('certificate'))).toEqual([])
})

it('tells each job to those who were told of it: by ntfy, by mail, under other topics, at other addresses', async () => {
  const ntfy = await startNtfyServer()
  const others = { additionalEmails: 'Boss@example.org,team@example.org', additionalNtfyTopic: 'another-topic' }
  const file = oldFile({
    ntfy: { url: ntfy.url, topic: 'main' },
    jobs: {
      // It has others of its own, for errors: the same addresses in another order.
      [`${laptop}:Photos: RAW`]: { emailEnabled: true },
      [`${laptop}:Documents`]: { ...others, ntfyEnabled: false, additionalNotificationEvent: 'off' },
      // Null takes the fields away: those of the server stand in for them.
      [`${nas}:Photos: RAW`]: { additionalEmails: null, additionalNtfyTopic: null, additionalNotificationEvent: null },
      [`${newNas}:Photos: RAW`]: { ...others, additionalNtfyTopic: 'third', additionalNotificationEvent: '' },
    },
  })
  const app = await startApp({ file })
  await app.close()
  const inLines = (sql: string) => rows(file, sql).map((row) => Object.values(row as object).join(' | '))
  expect(inLines(rules)).toMatchInlineSnapshot(`
    [
      "ntfy | BackupJob:1 | ["OVERDUE","FAILED","WARNING"]",
      "ntfy | BackupJob:3 | ["OVERDUE","FAILED"]",
      "ntfy | BackupJob:4 | ["OVERDUE","FAILED"]",
      "E-mail | BackupJob:1 | ["OVERDUE","FAILED","WARNING"]",
      "E-mail | BackupJob:2 | ["OVERDUE","FAILED","WARNING","SUCCESS"]",
      "ntfy, another topic for Photos: RAW of laptop:bob and 1 more | BackupJob:1 | ["OVERDUE","FAILED"]",
      "ntfy, another topic for Photos: RAW of laptop:bob and 1 more | BackupJob:3 | ["OVERDUE","FAILED"]",
      "ntfy, another topic for Photos: RAW of Büro-NAS 東京 | BackupJob:4 | ["OVERDUE","FAILED"]",
      "E-mail to team@example.org, boss@example.org | BackupJob:1 | ["OVERDUE","FAILED"]",
      "E-mail to team@example.org, boss@example.org | BackupJob:3 | ["OVERDUE","FAILED"]",
      "E-mail to team@example.org, boss@example.org | BackupJob:4 | ["OVERDUE","FAILED"]",
    ]
  `)
  const places =
    "SELECT id, kind, name, settings->>'$.topic' AS topic, settings->'$.to' AS recipients, enabled FROM channels"
  expect(inLines(places)).toMatchInlineSnapshot(`
    [
      "1 | NTFY | ntfy | main |  | 1",
      "2 | EMAIL | E-mail |  | ["ops@example.org"] | 1",
      "3 | NTFY | ntfy, another topic for Photos: RAW of laptop:bob and 1 more | another-topic |  | 1",
      "4 | NTFY | ntfy, another topic for Photos: RAW of Büro-NAS 東京 | third |  | 1",
      "5 | EMAIL | E-mail to team@example.org, boss@example.org |  | ["team@example.org","boss@example.org"] | 1",
    ]
  `)
})

const update = `mutation SetAgain($input: UpdateChannelInput!) {
  updateChannel(id: "Channel:1", input: $input) { channel { enabled } }
}`

it.each<[string, Buffer | null, string]>([
  ['is missing', null, 'there is no .duplistatus.key beside the database'],
  ['is another one', Buffer.alloc(32, 'x'), 'the key in .duplistatus.key is not the one that they were encrypted with'],
  ['is cut', oldKeyBytes.subarray(0, 16), '.duplistatus.key has 16 bytes where 32 are a key'],
])(
  'where the key %s, says whom nobody tells, and tells them once user and password are set',
  async (_, key, reason) => {
    const server = await startMailServer(login)
    const { host, port } = server.settings
    const jobs = {
      [`${laptop}:Photos: RAW`]: { emailEnabled: true, additionalEmails: '' },
      [`${nas}:Photos: RAW`]: { additionalEmails: '' },
    }
    const logged: string[] = []
    const file = oldFile({ smtp: { host, port, connectionType: 'plain' }, jobs, key })
    const app = await startApp({ file, now: then, logged })
    expect(warnings(logged)).toContain(
      `"E-mail" has no user and password and is switched off, because ${reason}. 2 jobs were reported by e-mail alone, and nobody is told about them until you set both, and enabled: true, with updateChannel: Photos: RAW of laptop:bob, Documents of laptop:bob`,
    )
    expect(rows(file, 'SELECT name, enabled, secrets FROM channels')).toEqual([
      { name: 'E-mail', enabled: 0, secrets: null },
    ])
    expect(rows(file, rules)).toHaveLength(2)
    await app.post(failed())
    await app.deliver()
    expect(server.received).toEqual([])

    const settings = { email: { user: login.user, password: login.password } }
    expect(await app.graphql(update, { input: { enabled: true, settings } })).toEqual({
      data: { updateChannel: { channel: { enabled: true } } },
    })
    const again = failed()
    again.Data.BeginTime = '2025-05-07T03:59:30Z'
    await app.post(again)
    // Its server has other jobs, for which it waits a minute.
    app.setTime(new Date(Date.parse(then) + 60_000))
    await app.deliver()
    expect(server.received.map(({ subject }) => subject.slice(0, 22))).toEqual(['⚠️ Warning - Documents'])
  },
)

it('names no job that ntfy still tells of when the key is missing', async () => {
  const { url } = await startNtfyServer()
  const logged: string[] = []
  const file = oldFile({ ntfy: { url, topic: 'main' }, key: null })
  await startApp({ file, logged })
  expect(warnings(logged).filter((line) => line.includes('switched off'))).toEqual([
    '"E-mail", "E-mail to team@example.org, boss@example.org" have no user and password and are switched off, because there is no .duplistatus.key beside the database. Set both, and enabled: true, with updateChannel.',
  ])
})

it('sends without a login where none was needed, even if the key is missing', async () => {
  const server = await startMailServer()
  const { host, port } = server.settings
  const smtp = { host, port, connectionType: 'plain', requireAuth: false }
  const app = await startApp({ file: oldFile({ smtp, key: null }), now: then })
  await app.post(failed())
  await app.deliver()
  expect(server.received.length).toBeGreaterThan(0)
})

it('says by name which mail settings cannot be used, shows no secret, and keeps everything else', async () => {
  const { url } = await startNtfyServer()
  const adopt = async (smtp: object, ntfy?: OldMail['ntfy'], jobs = {}) => {
    const logged: string[] = []
    const file = oldFile({ smtp: { connectionType: 'plain', ...smtp }, ...(ntfy && { ntfy }), jobs })
    const app = await startApp({ file, logged })
    await app.close()
    expect(logged.join('')).not.toMatch(/pass wörd|SECRET/)
    const names = rows(file, 'SELECT name FROM channels ORDER BY id').map((row) => (row as { name: string }).name)
    return {
      names,
      log: warnings(logged).filter((line) => !/No job was found|stay in the copy|requireToken/.test(line)),
    }
  }
  const topic = { url, topic: 'main' }
  const alone = { [`${laptop}:Photos: RAW`]: { additionalEmails: '', additionalNtfyTopic: '' } }
  expect(await adopt({ host: 'SECRET host' }, topic, alone)).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: smtp_config: The settings of the channel are not valid: host: must be the name or the address of a host",
      ],
      "names": [
        "ntfy",
      ],
    }
  `)
  expect(await adopt({ host: 'SECRET host' })).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: additionalNtfyTopic of Photos: RAW of laptop:bob: there is no ntfy to send to",
        "A setting of the old release was not taken over: smtp_config: The settings of the channel are not valid: host: must be the name or the address of a host",
        "A setting of the old release was not taken over: additionalEmails of Photos: RAW of laptop:bob: The settings of the channel are not valid: host: must be the name or the address of a host",
        "2 jobs were reported only in a way that was not taken over, and nobody is told about them until there is a channel (createChannel) with rules for them (setNotificationRule): Documents of laptop:bob, Photos: RAW of laptop:bob",
      ],
      "names": [],
    }
  `)
  expect(await adopt({ mailto: 'SECRET, ops@example.org, OPS@example.org' }, topic, alone)).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: smtp_config.mailto: 1 of 2 entries is no address",
      ],
      "names": [
        "ntfy",
        "E-mail",
      ],
    }
  `)
  expect(
    await adopt({ mailto: Array.from({ length: 22 }, (_, n) => `r${n}@example.org`).join() }, topic, alone),
  ).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: smtp_config.mailto: only the first 20 of 22 addresses are kept",
      ],
      "names": [
        "ntfy",
        "E-mail",
      ],
    }
  `)
  expect(await adopt({ mailto: 'SECRET' }, { ...topic, topic: 'SECRET / topic' }, alone)).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: ntfy: The settings of the channel are not valid: topic: must be 1 to 64 letters, digits, - and _",
        "A setting of the old release was not taken over: smtp_config: The settings of the channel are not valid: to: must hold at least one address",
        "4 jobs were reported only in a way that was not taken over, and nobody is told about them until there is a channel (createChannel) with rules for them (setNotificationRule): Photos: RAW of laptop:bob, Documents of laptop:bob, Photos: RAW of Büro-NAS 東京, Photos: RAW of Büro-NAS 東京",
      ],
      "names": [],
    }
  `)
  expect(await adopt({ host: null }, topic)).toMatchInlineSnapshot(`
    {
      "log": [
        "A setting of the old release was not taken over: smtp_config names no host",
        "A setting of the old release was not taken over: additionalEmails of Photos: RAW of laptop:bob: there is no mail server to send by",
      ],
      "names": [
        "ntfy",
        "ntfy, another topic for Photos: RAW of laptop:bob",
      ],
    }
  `)
})
