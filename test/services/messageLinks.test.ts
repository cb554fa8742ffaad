// The links in a message: whoever follows one is asked first, it does one thing, once, within seven days, and needs no token.

import { chmod, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeChannel } from '../support/channels.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const address = 'https://backups.example/x'

async function watched(logged?: string[]) {
  const app = await startApp({ environment: { PUBLIC_URL: address }, ...(logged ? { logged } : {}) })
  const webhook = await startWebhookReceiver()
  await makeChannel(app.file, 'WEBHOOK', webhook.settings)
  /** The links of what arrived last. */
  async function links(): Promise<Record<string, string>> {
    await app.catchUp()
    await app.deliver()
    const data = webhook.received.at(-1)?.payload.data as { actions?: { action: string; url: string }[] }
    return Object.fromEntries((data.actions ?? []).map(({ action, url }) => [action, url.slice(address.length)]))
  }
  return { app, webhook, links }
}

const failure = (extra: Record<string, string> = {}, BeginTime = '2026-08-01T11:00:00Z') =>
  report({ data: { ParsedResult: 'Fatal', BeginTime, EndTime: BeginTime }, exception: 'No', extra })

/** From a machine elsewhere, without a token: what the page says. */
async function visit(app: TestApp, method: 'GET' | 'POST', path = '', headers: Record<string, string> = {}) {
  const elsewhere = { address: '192.0.2.1', host: 'backups.example' }
  const response = await app.fetch(path, { method, headers }, elsewhere)
  const html = await response.text()
  const text = html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return { status: response.status, headers: response.headers, html, text }
}

const stand = async (app: TestApp, id = 1) =>
  (
    (await app.graphql(`{ backupJob(id: ${id}) { snoozedUntil acknowledged } }`)) as {
      data: { backupJob: { snoozedUntil: string | null; acknowledged: string | null } }
    }
  ).data.backupJob

describe('a link', () => {
  it('asks first, and then snoozes for a day, once', async () => {
    const logged: string[] = []
    const { app, links } = await watched(logged)
    await app.post(failure())
    const { snooze } = await links()
    for (let turn = 0; turn < 2; turn++) {
      const asked = await visit(app, 'GET', snooze)
      expect(asked).toMatchObject({
        status: 200,
        text: 'Failed: Photos on nas Failed: Photos on nas Say nothing about this for a day? Photos on nas Snooze for a day',
      })
      expect(asked.headers.get('cache-control')).toBe('no-store')
      expect(asked.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*form-action 'self'/)
    }
    expect(await stand(app)).toMatchObject({ snoozedUntil: null })
    expect(await visit(app, 'POST', snooze)).toMatchObject({
      status: 200,
      text: expect.stringContaining('Done. Nothing is said about this for a day: Photos on nas'),
    })
    expect(await stand(app)).toMatchObject({ snoozedUntil: '2026-08-02T12:00:00.000Z' })
    app.setTime('2026-08-01T20:00:00Z')
    for (const method of ['GET', 'POST'] as const) {
      expect((await visit(app, method, snooze)).text).toContain('This was done already. Each link works once.')
    }
    expect(await stand(app)).toMatchObject({ snoozedUntil: '2026-08-02T12:00:00.000Z' })
    expect(logged.map((line) => JSON.parse(line)).filter(({ action }) => action === 'snoozeJob')).toMatchObject([
      { caller: 'a link in Notification:1', target: 'BackupJob:1' },
    ])
  })

  it('acknowledges the trouble that the message is about', async () => {
    const { app, links } = await watched()
    await app.post(failure())
    const { acknowledge } = await links()
    expect((await visit(app, 'GET', acknowledge)).text).toContain('Say nothing more about this until it is over?')
    expect((await visit(app, 'POST', acknowledge)).text).toContain('Done.')
    expect(await stand(app)).toMatchObject({ acknowledged: 'FAILED' })
  })

  it('does not acknowledge another trouble, of which the message says nothing', async () => {
    const { app, links } = await watched()
    await app.post(failure({ 'next-scheduled-run': '20260802T110000Z' }))
    const { acknowledge, snooze } = await links()
    app.setTime('2026-08-02T20:00:00Z')
    for (const method of ['GET', 'POST'] as const) {
      expect((await visit(app, method, acknowledge)).text).toContain('There is nothing to acknowledge')
    }
    expect(await stand(app)).toMatchObject({ acknowledged: null })
    // It is not used up: when the job fails again, and runs, it is that trouble again.
    expect((await visit(app, 'GET', snooze)).text).toContain('Say nothing about this for a day?')
  })

  it('has nothing to do once the trouble is over, or is silenced for longer', async () => {
    const { app, links } = await watched()
    await app.post(failure())
    const first = await links()
    await app.graphql('mutation { snoozeJob(id: 1, until: "2026-08-09T00:00:00Z") { backupJob { id } } }')
    expect((await visit(app, 'POST', first.snooze)).text).toContain('There is nothing to snooze')
    expect(await stand(app)).toMatchObject({ snoozedUntil: '2026-08-09T00:00:00.000Z' })
    await app.graphql('mutation { snoozeJob(id: 1, until: null) { backupJob { id } } }')
    await app.post(report({ data: { BeginTime: '2026-08-01T11:30:00Z', EndTime: '2026-08-01T11:40:00Z' } }))
    for (const link of Object.values(first)) {
      expect((await visit(app, 'POST', link)).text).toContain('the trouble is over')
    }
    expect(await links()).toEqual({})
  })

  it('works for seven days', async () => {
    const { app, links } = await watched()
    await app.post(failure())
    const { snooze } = await links()
    app.setTime('2026-08-08T12:00:00Z')
    expect((await visit(app, 'GET', snooze)).text).toContain('Say nothing about this for a day?')
    app.setTime('2026-08-08T12:00:00.001Z')
    for (const method of ['GET', 'POST'] as const) {
      expect((await visit(app, method, snooze)).text).toContain('more than seven days old')
    }
    expect(await stand(app)).toMatchObject({ snoozedUntil: null })
  })

  it('of a message about several jobs does it to all of them', async () => {
    const { app, links, webhook } = await watched()
    for (const id of [1, 2, 3]) {
      const extra = { 'backup-id': `DB-${id}`, 'backup-name': `Job <${id}>` }
      await app.post(report({ extra }))
      await app.deliver()
    }
    for (const id of [1, 2]) {
      await app.post(failure({ 'backup-id': `DB-${id}`, 'backup-name': `Job <${id}>` }))
    }
    app.setTime('2026-08-01T12:02:00Z')
    const { snooze } = await links()
    expect(webhook.received.at(-1)?.payload.data).toMatchObject({ title: '2 backups on nas: 2 failed' })
    const { html } = await visit(app, 'POST', snooze)
    expect(html).toContain('<ul><li>Job &lt;1&gt; on nas</li><li>Job &lt;2&gt; on nas</li></ul>')
    const until = '2026-08-02T12:02:00.000Z'
    expect([await stand(app, 1), await stand(app, 2), await stand(app, 3)]).toMatchObject([
      { snoozedUntil: until },
      { snoozedUntil: until },
      { snoozedUntil: null },
    ])
  })

  it('works as a browser sends the form: without an origin that it names, where everything else needs a token', async () => {
    const { app, links } = await watched()
    await app.post(failure())
    const { snooze } = await links()
    expect(
      await app.graphql('mutation { createToken(input: { name: "me", scope: ADMIN }) { secret } }'),
    ).toHaveProperty('data.createToken.secret')
    const headers = {
      origin: 'null',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    }
    expect((await visit(app, 'POST', snooze, headers)).text).toContain('Done.')
    expect(await visit(app, 'GET', '/api/summary')).toMatchObject({ status: 401 })
  })

  it.each([
    ['another action', (path: string) => path.replace('.snooze.', '.acknowledge.')],
    ['another message', (path: string) => path.replace('/1.', '/2.')],
    ['another signature', (path: string) => path.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['less of it', (path: string) => path.slice(0, -1)],
    ['no action at all', (path: string) => path.replace('.snooze.', '.constructor.')],
    ['nothing', () => '/api/link/'],
  ])('is none with %s', async (_, change) => {
    const { app, links } = await watched()
    await app.post(failure())
    await app.post(failure({}, '2026-08-01T11:10:00Z'))
    const { snooze = '' } = await links()
    for (const method of ['GET', 'POST'] as const) {
      expect(await visit(app, method, change(snooze))).toMatchObject({ status: 404 })
    }
    expect(await stand(app)).toEqual({ snoozedUntil: null, acknowledged: null })
  })

  it('is another one after each message, and none of a message that is gone', async () => {
    const { app, links } = await watched()
    await app.post(failure())
    const first = await links()
    await app.post(report({ data: { ParsedResult: 'Warning', BeginTime: '2026-08-01T11:20:00Z' } }))
    await app.post(failure({}, '2026-08-01T11:30:00Z'))
    const second = await links()
    expect(new Set([...Object.values(first), ...Object.values(second)]).size).toBe(4)
    await app.graphql('mutation { deleteChannel(id: 1) { deletedChannel { id } } }')
    expect(await visit(app, 'GET', second.snooze)).toMatchObject({ status: 404 })
  })
})

it('is missing where nobody said under which address people reach this server', async () => {
  const app = await startApp()
  const webhook = await startWebhookReceiver()
  await makeChannel(app.file, 'WEBHOOK', webhook.settings)
  await app.post(failure())
  await app.deliver()
  expect(webhook.received.map(({ payload: { data } }) => 'actions' in data)).toEqual([false])
})

it('is missing in a message that is sent while the key cannot be read, and which arrives', async () => {
  const logged: string[] = []
  const app = await startApp({ environment: { PUBLIC_URL: address }, logged })
  const { startDiscordServer } = await import('../support/discordServer.ts')
  const discord = await startDiscordServer()
  await makeChannel(app.file, 'DISCORD', discord.settings)
  await app.post(failure())
  const key = join(dirname(app.file), 'secret.key')
  await writeFile(key, 'no key')
  await app.deliver()
  expect(discord.shown.map(({ text }) => text.includes('Snooze'))).toEqual([false])
  expect(logged.join()).toContain('A message has no links to snooze and to acknowledge')
  await chmod(key, 0o600)
  await rm(key)
})
