// What arrives at a mail server, and what becomes of a mail that it does not take. Long because SMTP can fail at every step.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startMailServer } from '../support/mailServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

const login = { user: 'backups', password: 'correct horse' }

it('sends plain text, the same at every try, with a Message-ID by which a repetition is known', async () => {
  const { settings, received } = await startMailServer()
  expect(await attempt('EMAIL', settings)).toEqual({ answer: '250 kept as number 1' })
  expect(await attempt('EMAIL', settings)).toEqual({ answer: '250 kept as number 1' })
  expect(received.map(({ key }) => key)).toEqual([outgoing.key, outgoing.key])
  expect(received[1]?.raw).toBe(received[0]?.raw)
  const { raw, ...mail } = received[0] ?? {}
  expect(mail).toMatchInlineSnapshot(`
    {
      "from": "Backups <backups@example.org>",
      "headers": {
        "auto-submitted": "auto-generated",
        "content-transfer-encoding": "7bit",
        "content-type": "text/plain; charset=utf-8",
        "date": "Sat, 01 Aug 2026 12:00:00 +0000",
        "from": "Backups <backups@example.org>",
        "importance": "High",
        "message-id": "<0c3a5f0e-5d0b-4d5e-9c1a-7f2b6f7c9a01@example.org>",
        "mime-version": "1.0",
        "subject": "Photos on nas-01 is overdue",
        "to": "ops@example.org",
        "x-msmail-priority": "High",
        "x-priority": "1 (Highest)",
      },
      "key": "0c3a5f0e-5d0b-4d5e-9c1a-7f2b6f7c9a01",
      "recipients": [
        "ops@example.org",
      ],
      "sender": "backups@example.org",
      "subject": "Photos on nas-01 is overdue",
      "text": "It was due 2 hours ago.
    Last run: yesterday.",
    }
  `)
})

it.each(['TLS', 'STARTTLS', 'NONE'] as const)('logs in with security %s', async (security) => {
  const { settings, received } = await startMailServer({ security, ...login })
  expect(await attempt('EMAIL', settings)).toEqual({ answer: '250 kept as number 1' })
  expect(received).toHaveLength(1)
})

it.each([
  ['MIN', 'Low', '5 (Lowest)'],
  ['LOW', 'Low', '5 (Lowest)'],
  ['DEFAULT', undefined, undefined],
  ['HIGH', 'High', '1 (Highest)'],
  ['URGENT', 'High', '1 (Highest)'],
] as const)('says the priority %s as mail readers know it', async (priority, importance, number) => {
  const { settings, received } = await startMailServer()
  await attempt('EMAIL', settings, { priority })
  expect([received[0]?.headers.importance, received[0]?.headers['x-priority']]).toEqual([importance, number])
})

it('keeps letters of every script in subject, text and names', async () => {
  const { settings, received } = await startMailServer()
  const title = `Größe übersetzt: 写真 🎉 ${'ä'.repeat(200)}`
  const message = `Zeile 1\n.\n.Punkt\nFrom: nobody 🚨\n${'lang '.repeat(300)}`
  const from = 'Größe, 写真 <backups@example.org>'
  await attempt('EMAIL', { ...settings, from }, { title, message })
  expect(received).toMatchObject([{ from, subject: title, text: message.trimEnd() }])
})

it.each(['\r\n', '\n', '\r'])('makes no header of a title that holds %j', async (lineBreak) => {
  const { settings, received } = await startMailServer()
  const title = `Done${lineBreak}Bcc: victim@example.org${lineBreak}${lineBreak}<script>`
  await attempt('EMAIL', settings, { title, key: outgoing.key })
  expect(received).toMatchObject([{ recipients: ['ops@example.org'], text: outgoing.message }])
  expect(Object.keys(received[0]?.headers ?? {})).not.toContain('bcc')
  expect(received[0]?.subject).toMatch(/^Done\s+Bcc: victim@example\.org\s+<script>$/)
})

it('reaches several people, names with commas among them', async () => {
  const { settings, received } = await startMailServer()
  await attempt('EMAIL', { ...settings, to: ['Ops, night shift <night@example.org>', 'root@nas'] })
  expect(received).toMatchObject([{ sender: 'backups@example.org', recipients: ['night@example.org', 'root@nas'] }])
})

it('has told those who were taken, and says who was not', async () => {
  const { settings, received, refuse } = await startMailServer()
  refuse('gone@example.org', 550)
  expect(await attempt('EMAIL', { ...settings, to: ['ops@example.org', 'gone@example.org'] })).toEqual({
    answer: expect.stringMatching(/^250 kept as number 1; .*550 gone@example\.org is not served here$/),
  })
  expect(received).toMatchObject([{ recipients: ['ops@example.org'] }])
})

it.each([
  [450, false],
  [499, false],
  [500, true],
  [550, true],
])('fails with %d to the only recipient, for good: %s', async (code, permanent) => {
  const { settings, received, refuse } = await startMailServer()
  refuse('ops@example.org', code)
  expect(await attempt('EMAIL', settings)).toEqual({
    error: expect.stringMatching(
      `^127\\.0\\.0\\.1 did not accept the mail: .*${code} ops@example\\.org is not served here`,
    ),
    permanent,
    retryAfterMs: null,
  })
  expect(received).toEqual([])
})

it.each([
  [421, false],
  [451, false],
  [499, false],
  [500, true],
  [552, true],
  [554, true],
])('fails with %d to the message, for good: %s', async (code, permanent) => {
  const { settings, next } = await startMailServer()
  next({ code, message: 'Not now' })
  expect(await attempt('EMAIL', settings)).toEqual({
    error: `127.0.0.1 did not accept the mail: Message failed: ${code} Not now`,
    permanent,
    retryAfterMs: null,
  })
  expect(await attempt('EMAIL', settings)).toEqual({ answer: '250 kept as number 1' })
})

it('does not try again with a wrong password, and does not repeat it though the server does', async () => {
  const { settings, received } = await startMailServer({ security: 'TLS', ...login })
  expect(await attempt('EMAIL', { ...settings, password: 'wrong horse' })).toEqual({
    error: '127.0.0.1 did not accept the mail: Invalid login: 535 5.7.8 backups with ••• is not known here',
    permanent: true,
    retryAfterMs: null,
  })
  expect(received).toEqual([])
})

it.each(['TLS', 'STARTTLS'] as const)('does not send over %s to whom nobody vouches for', async (security) => {
  const { settings, received } = await startMailServer({ security, ...login })
  expect(await attempt('EMAIL', { ...settings, allowUntrustedCertificate: false })).toEqual({
    error: expect.stringMatching(/^127\.0\.0\.1 did not accept the mail: .*self-signed certificate/),
    permanent: false,
    retryAfterMs: null,
  })
  expect(received).toEqual([])
})

it('does not encrypt when it was not asked to, though the server offers it', async () => {
  const { settings } = await startMailServer({ security: 'STARTTLS' })
  expect(await attempt('EMAIL', { ...settings, security: 'NONE', allowUntrustedCertificate: false })).toEqual({
    answer: '250 kept as number 1',
  })
})

it('trusts a CA that Node.js is told of', async () => {
  const { settings, received } = await startMailServer({ security: 'TLS', ...login })
  const script = `
    import { attempt } from './test/support/outgoing.ts'
    process.stdout.write(JSON.stringify(await attempt('EMAIL', ${JSON.stringify({ ...settings, allowUntrustedCertificate: false })})))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: 'test/fixtures/tls/certificate.pem' } },
  )
  expect(JSON.parse(stdout)).toEqual({ answer: '250 kept as number 1' })
  expect(received).toHaveLength(1)
})

it('does not send unencrypted when STARTTLS was asked for', async () => {
  const { settings, received } = await startMailServer(login)
  expect(await attempt('EMAIL', { ...settings, security: 'STARTTLS' })).toMatchInlineSnapshot(`
    {
      "error": "127.0.0.1 did not accept the mail: Error upgrading connection with STARTTLS: 500 Error: command not recognized",
      "permanent": true,
      "retryAfterMs": null,
    }
  `)
  expect(received).toEqual([])
})

it.each([
  ['before the message is read', 'DROP_UNREAD', 0],
  ['when the message is read', 'DROP_READ', 1],
] as const)('tries again when the connection is cut %s', async (_, reaction, kept) => {
  const { settings, received, next } = await startMailServer()
  next(reaction)
  expect(await attempt('EMAIL', settings)).toEqual({
    error: expect.stringMatching(/^127\.0\.0\.1 did not accept the mail: /),
    permanent: false,
    retryAfterMs: null,
  })
  expect(received).toHaveLength(kept)
  expect(await attempt('EMAIL', settings)).toEqual({ answer: '250 kept as number 1' })
  expect(received.slice(kept)).toMatchObject([{ key: outgoing.key }])
})

it('tries again when nothing is answered in time', async () => {
  const { settings, next } = await startMailServer()
  next('HANG')
  expect(await attempt('EMAIL', settings, {}, AbortSignal.timeout(300))).toEqual({
    error: '127.0.0.1 did not answer in time.',
    permanent: false,
    retryAfterMs: null,
  })
})

it('tries again when nobody listens', async () => {
  expect(await attempt('EMAIL', { ...(await startMailServer()).settings, port: 1 })).toEqual({
    error: '127.0.0.1 did not accept the mail: connect ECONNREFUSED 127.0.0.1:1',
    permanent: false,
    retryAfterMs: null,
  })
})
