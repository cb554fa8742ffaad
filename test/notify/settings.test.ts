// Settings of channels: what is let in, what stays, and what comes out for sending. Long because of its table of rules.

import { expect, it } from 'vitest'
import { DomainError } from '../../src/domain/errors.ts'
import type { ChannelKind } from '../../src/notify/channel.ts'
import { channelKinds } from '../../src/notify/channelKinds.ts'
import { changedSettings, openedSettings, type StoredSettings } from '../../src/notify/settings.ts'

const seal = (name: string, secret: string) => `${name} sealed ${secret.length}`

function change(kind: string, before: StoredSettings | null, input: unknown) {
  try {
    return changedSettings(channelKinds[kind] as ChannelKind, before, input, seal)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { code: error.code, issues: error.issues.map(({ path, message }) => `${path}: ${message}`) }
  }
}

const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const mail = { host: 'mail.example.org', from: 'a@example.org', to: ['b@example.org'] }
const before: StoredSettings = {
  settings: { url: 'https://ntfy.example/', topic: 'backups' },
  secrets: { accessToken: 'sealed before' },
}

it('makes everything of a new channel that is not given what it is by default', () => {
  expect(change('NTFY', null, { topic: ' backups ' })).toEqual({
    settings: { url: 'https://ntfy.sh/', topic: 'backups' },
    secrets: {},
  })
  expect(change('EMAIL', null, { ...mail, user: 'me', password: ' keeps its spaces ' })).toMatchInlineSnapshot(`
    {
      "secrets": {
        "password": "password sealed 18",
      },
      "settings": {
        "allowUntrustedCertificate": false,
        "from": "a@example.org",
        "host": "mail.example.org",
        "port": null,
        "security": "STARTTLS",
        "to": [
          "b@example.org",
        ],
        "user": "me",
      },
    }
  `)
  expect(change('WEBHOOK', null, { url: 'https://EXAMPLE.org', secret })).toEqual({
    settings: { url: 'https://example.org/' },
    secrets: { secret: 'secret sealed 38' },
  })
})

it.each([
  ['nothing', {}, {}],
  ['a setting', { topic: 'other' }, { settings: { ...before.settings, topic: 'other' } }],
  ['a secret', { accessToken: 'tk_new' }, { secrets: { accessToken: 'accessToken sealed 6' } }],
  ['away a secret', { accessToken: null }, { secrets: {} }],
  ['a setting to what it is', { url: 'https://ntfy.example' }, {}],
  [
    'an address with its secret',
    { url: 'https://other.example', accessToken: 'tk_new' },
    {
      settings: { ...before.settings, url: 'https://other.example/' },
      secrets: { accessToken: 'accessToken sealed 6' },
    },
  ],
  [
    'an address to the default, without its secret',
    { url: null, accessToken: null },
    { settings: { ...before.settings, url: 'https://ntfy.sh/' }, secrets: {} },
  ],
])('changes %s, and leaves the rest', (_, input, changed) => {
  expect(change('NTFY', before, input)).toEqual({ ...before, ...changed })
})

it.each([
  ['another server', { url: 'https://other.example' }],
  ['the default one', { url: null }],
])('does not let a secret be sent to %s that was given for this one', (_, input) => {
  expect(change('NTFY', before, input)).toEqual({
    code: 'BAD_USER_INPUT',
    issues: ['accessToken: must be given again, because url has changed'],
  })
  expect(change('NTFY', { ...before, secrets: {} }, input)).toMatchObject({ secrets: {} })
})

it('asks for no secret again when a setting only comes to have its default', () => {
  const stored = { settings: { topic: 'backups' }, secrets: before.secrets }
  expect(change('NTFY', stored, { topic: 'other' })).toMatchObject({ secrets: before.secrets })
})

it('says of a setting that is wrong in itself nothing more', () => {
  expect(change('EMAIL', null, { ...mail, user: 'me', password: 7 })).toMatchObject({
    issues: ['password: must be text'],
  })
  expect(change('NTFY', before, { url: 'x' })).toMatchObject({ issues: ['url: must be an http or https URL'] })
})

it('lets a webhook move with its secret, which only signs', () => {
  const webhook = { settings: { url: 'https://a.example/' }, secrets: { secret: 'sealed before' } }
  expect(change('WEBHOOK', webhook, { url: 'https://b.example' })).toEqual({
    settings: { url: 'https://b.example/' },
    secrets: { secret: 'sealed before' },
  })
})

it('says everything that is wrong at once', () => {
  expect(
    change('EMAIL', null, { host: '', port: 0, user: 'me', to: ['x', 'b@example.org', 7], tls: true }),
  ).toMatchInlineSnapshot(`
    {
      "code": "BAD_USER_INPUT",
      "issues": [
        "tls: is no setting of EMAIL; only host, port, security, allowUntrustedCertificate, user, password, from and to are",
        "host: must be the name or the address of a host",
        "port: must be 1 or more",
        "from: must be set",
        "to.0: must be an address, like ops@example.org or Backups <backups@example.org>",
        "to.2: must be text",
        "password: must be set, as there is a user",
      ],
    }
  `)
  expect(
    change('NTFY', before, { url: 'gopher://x', topic: null, accessToken: 7, constructor: 1 }),
  ).toMatchInlineSnapshot(`
    {
      "code": "BAD_USER_INPUT",
      "issues": [
        "constructor: is no setting of NTFY; only url, topic and accessToken are",
        "url: must be an http or https URL",
        "topic: must be set",
        "accessToken: must be text",
      ],
    }
  `)
})

it.each([null, 'text', [], 7])('takes no settings that are %j', (input) => {
  expect(change('WEBHOOK', null, input)).toMatchObject({ code: 'BAD_USER_INPUT' })
})

const rules: [string, string, Record<string, unknown>, boolean][] = [
  ['NTFY', 'topic', { topic: 'a'.repeat(64) }, true],
  ['NTFY', 'topic', { topic: 'a'.repeat(65) }, false],
  ['NTFY', 'topic', { topic: 'Up-down_9' }, true],
  ['NTFY', 'topic', { topic: 'ünïcode' }, true],
  ['NTFY', 'topic', { topic: 'a b' }, false],
  ['NTFY', 'topic', { topic: 'a/b' }, false],
  ['NTFY', 'url', { topic: 'a', url: 'http://localhost:8080' }, true],
  ['NTFY', 'url', { topic: 'a', url: 'https://user:password@ntfy.example' }, false],
  ['NTFY', 'url', { topic: 'a', url: 'https://user@ntfy.example' }, false],
  ['NTFY', 'url', { topic: 'a', url: 'ntfy.example' }, false],
  ['NTFY', 'url', { topic: 'a', url: '' }, false],
  ['NTFY', 'url', { topic: 'a', url: 'ftp://ntfy.example' }, false],
  ['NTFY', 'url', { topic: 'a', url: `https://x.example/${'a'.repeat(1982)}` }, true],
  ['NTFY', 'url', { topic: 'a', url: `https://x.example/${'a'.repeat(1983)}` }, false],
  ['NTFY', 'accessToken', { topic: 'a', accessToken: 'tk_x\r\nX-Title: y' }, false],
  ['NTFY', 'accessToken', { topic: 'a', accessToken: 'tk_ü' }, false],
  ['NTFY', 'accessToken', { topic: 'a', accessToken: '' }, false],
  ['WEBHOOK', 'secret', { secret }, true],
  ['WEBHOOK', 'secret', { secret: `whsec_${Buffer.alloc(23, 1).toString('base64')}` }, false],
  ['WEBHOOK', 'secret', { secret: `whsec_${Buffer.alloc(64, 1).toString('base64')}` }, true],
  ['WEBHOOK', 'secret', { secret: `whsec_${Buffer.alloc(65, 1).toString('base64')}` }, false],
  ['WEBHOOK', 'secret', { secret: secret.slice(6) }, false],
  ['WEBHOOK', 'secret', { secret: `whsec_${'!'.repeat(32)}` }, false],
  ['EMAIL', 'host', { ...mail, host: '::1' }, true],
  ['EMAIL', 'host', { ...mail, host: 'a host' }, false],
  ['EMAIL', 'host', { ...mail, host: 'a\r\nb' }, false],
  ['EMAIL', 'port', { ...mail, port: 1 }, true],
  ['EMAIL', 'port', { ...mail, port: 65535 }, true],
  ['EMAIL', 'port', { ...mail, port: 65536 }, false],
  ['EMAIL', 'port', { ...mail, port: 25.5 }, false],
  ['EMAIL', 'port', { ...mail, port: '25' }, false],
  ['EMAIL', 'security', { ...mail, security: 'tls' }, false],
  ['EMAIL', 'allowUntrustedCertificate', { ...mail, allowUntrustedCertificate: 'yes' }, false],
  ['EMAIL', 'from', { ...mail, from: 'root@nas' }, true],
  ['EMAIL', 'from', { ...mail, from: 'Größe, 写真 <a@example.org>' }, true],
  ['EMAIL', 'from', { ...mail, from: 'a@example.org, b@example.org' }, false],
  ['EMAIL', 'from', { ...mail, from: 'A <a@example.org> <b@example.org>' }, false],
  ['EMAIL', 'from', { ...mail, from: 'A\r\nBcc: b@example.org <a@example.org>' }, false],
  ['EMAIL', 'from', { ...mail, from: 'a@exa\u0000mple.org' }, false],
  ['EMAIL', 'to', { ...mail, to: [] }, false],
  ['EMAIL', 'to', { ...mail, to: Array(20).fill('a@example.org') }, true],
  ['EMAIL', 'to', { ...mail, to: Array(21).fill('a@example.org') }, false],
  ['EMAIL', 'to', { ...mail, to: 'a@example.org' }, false],
  ['EMAIL', 'user', { ...mail, password: 'x' }, false],
  ['EMAIL', 'password', { ...mail, user: 'x' }, false],
  ['EMAIL', 'password', { ...mail, user: 'x', password: 'x' }, true],
]

it.each(rules)('of %s, holds to the rule of %s: %j is right: %s', (kind, path, input, right) => {
  const result = change(kind, null, kind === 'WEBHOOK' ? { url: 'https://x.example', ...input } : input)
  if (right) expect(result).toHaveProperty('settings')
  else expect(result).toEqual({ code: 'BAD_USER_INPUT', issues: [expect.stringMatching(`^${path}(\\.0)?: must `)] })
})

it('never repeats a secret in what it finds wrong', () => {
  const wrong = [
    change('NTFY', null, { topic: 'a', accessToken: 'a secret with spaces' }),
    change('WEBHOOK', null, { url: 'https://user:a secret@x.example', secret: 'a secret' }),
    change('EMAIL', null, { ...mail, password: 'a secret'.repeat(200) }),
  ]
  expect(JSON.stringify(wrong)).toMatch(/^(?!.*a secret)(.*BAD_USER_INPUT){3}/)
})

it('puts together what a channel is sent with, and decrypts for that alone', () => {
  const opened = (kind: string, stored: StoredSettings) =>
    openedSettings(channelKinds[kind] as ChannelKind, stored, (name, sealed) => `${name} of ${sealed}`)
  expect(opened('NTFY', before)).toEqual({
    url: 'https://ntfy.example/',
    topic: 'backups',
    accessToken: 'accessToken of sealed before',
  })
  // Stored by a release that did not have the other settings.
  expect(opened('EMAIL', { settings: mail, secrets: {} })).toEqual({
    ...mail,
    port: null,
    security: 'STARTTLS',
    allowUntrustedCertificate: false,
    user: null,
    password: null,
  })
})

it.each(Object.values(channelKinds))('describes every setting of $kind so that GraphQL can be made of it', (kind) => {
  expect(kind.description).toMatch(/\.$/)
  for (const [name, field] of Object.entries(kind.fields)) {
    expect([name, field.description]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)])
    expect(name).toMatch(/^[a-z][A-Za-z]*$/)
    if (field.default !== undefined) expect(field.schema.safeParse(field.default).success).toBe(true)
    if (field.required) expect(field.default).toBeUndefined()
    if (field.secret) expect([field.type, field.list]).toEqual(['String', undefined])
  }
})
