// Who watches the watcher: a monitor is called while the server can write, watches the jobs and delivers messages, and only then.

import { renameSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeChannel, switchChannel } from '../support/channels.ts'
import { startHttpReceiver } from '../support/httpReceiver.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const path = '/api/push/s3cret?status=up&msg=OK&ping='
const minuteMs = 60_000
const startMs = Date.parse('2026-08-01T12:00:00Z')

async function watched() {
  const monitor = await startHttpReceiver(() => ({ status: 200, body: '{"ok":true}' }))
  const logged: string[] = []
  const app = await startApp({ logged, environment: { HEARTBEAT_URL: monitor.url + path } })
  /** What the log has said about the heartbeat since it was last asked. */
  const said = () =>
    logged.splice(0).flatMap((line) => {
      expect(line).not.toContain('s3cret')
      const { msg, reason } = JSON.parse(line)
      const text = String(reason ?? '').replace(/127\.0\.0\.1:\d+/, 'HOST')
      return /heartbeat/.test(msg) ? [text ? `${msg}: ${text}` : msg] : []
    })
  /** Whether the monitor was called at this moment, and only as it should be. */
  const beats = async () => {
    const before = monitor.requests.length
    await app.beat()
    const calls = monitor.requests.slice(before)
    for (const call of calls) expect([call.method, call.path, call.body]).toEqual(['GET', path, ''])
    return calls.length
  }
  const at = (ms: number) => app.setTime(new Date(startMs + ms))
  return { app, monitor, said, beats, at }
}

it('is called exactly as it is given, once each time, and nothing is logged', async () => {
  const { app, beats, said } = await watched()
  await app.catchUp()
  expect([await beats(), await beats(), said()]).toEqual([1, 1, []])
})

it('is withheld while the database cannot be written', async () => {
  const { app, beats, said } = await watched()
  await app.catchUp()
  expect(await beats()).toBe(1)
  renameSync(app.file, `${app.file}.away`)
  // A proof holds for a second.
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect([await beats(), await beats()]).toEqual([0, 0])
  expect(said()).toEqual([
    expect.stringMatching(/^The heartbeat is withheld: The database was removed, or another file/),
  ])
  renameSync(`${app.file}.away`, app.file)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect([await beats(), said()]).toEqual([1, ['The heartbeat is sent again']])
})

it('is withheld when the jobs have not been watched for three minutes', async () => {
  const { app, beats, said, at } = await watched()
  await app.catchUp()
  at(3 * minuteMs - 1)
  expect(await beats()).toBe(1)
  at(3 * minuteMs)
  expect([await beats(), await beats()]).toEqual([0, 0])
  expect(said()).toEqual(['The heartbeat is withheld: Nobody looks for late jobs: that was not done in time.'])
  await app.catchUp()
  expect([await beats(), said()]).toEqual([1, ['The heartbeat is sent again']])
})

it('waits for the first look at the jobs after a start, and says so only if it does not come', async () => {
  const { app, beats, said, at } = await watched()
  at(3 * minuteMs - 1)
  expect([await beats(), said()]).toEqual([0, []])
  at(3 * minuteMs)
  expect([await beats(), said()]).toEqual([
    0,
    ['The heartbeat is withheld: Nobody looks for late jobs: that was not done in time.'],
  ])
  await app.catchUp()
  expect([await beats(), said()]).toEqual([1, ['The heartbeat is sent again']])
})

it('is withheld when messages to a channel have waited for an hour and none was delivered', async () => {
  const { app, beats, said, at } = await watched()
  const hook = await startWebhookReceiver()
  const channel = await makeChannel(app.file, 'WEBHOOK', hook.settings)
  hook.always({ status: 503 })
  await post(app, 1)
  await app.deliver()
  const beatsAt = async (ms: number) => {
    at(ms)
    await app.catchUp()
    return beats()
  }
  expect([await beatsAt(60 * minuteMs - 1), said()]).toEqual([1, []])
  expect([await beatsAt(60 * minuteMs), said()]).toEqual([
    0,
    ['The heartbeat is withheld: Messages wait, and none was delivered for an hour, to the channel WEBHOOK.'],
  ])
  // One of another job arrives.
  hook.always(null)
  hook.next({ status: 503 })
  await post(app, 2)
  await app.deliver()
  expect([hook.received.length, await beats(), said()]).toEqual([1, 1, ['The heartbeat is sent again']])
  hook.always({ status: 503 })
  expect(await beatsAt(120 * minuteMs - 1)).toBe(1)
  expect(await beatsAt(120 * minuteMs)).toBe(0)
  // Nothing waits for a channel that is switched off.
  await switchChannel(app.file, channel, false)
  expect(await beats()).toBe(1)
})

it('is not withheld for a message that nobody could try, until its time is an hour past', async () => {
  const { app, beats, said, at } = await watched()
  const hook = await startWebhookReceiver()
  await makeChannel(app.file, 'WEBHOOK', hook.settings)
  await post(app, 1)
  for (const [ms, count] of [
    [60 * minuteMs - 1, 1],
    [60 * minuteMs, 0],
  ] as const) {
    at(ms)
    await app.catchUp()
    expect(await beats()).toBe(count)
  }
  await app.deliver()
  expect(await beats()).toBe(1)
  expect(said()).toHaveLength(2)
})

it.each([
  ['HANG', 'HOST did not answer in time.'],
  ['DROP_READ', 'HOST cannot be reached: UND_ERR_SOCKET.'],
  [{ status: 404 }, 'HOST answered 404.'],
  [
    { status: 302, headers: { location: 'http://127.0.0.1:1/s3cret' } },
    /^HOST answered 302 and redirects to http:\/\/HOST, which is not/,
  ],
] as const)(
  'says once that a call failed, with %j',
  async (reaction, reason) => {
    const { app, monitor, beats, said } = await watched()
    await app.catchUp()
    monitor.always(reaction)
    expect(await beats()).toBe(1)
    if (reaction !== 'HANG') expect(await beats()).toBe(1)
    const [line, ...more] = said()
    expect(more).toEqual([])
    expect(line?.split('minute: ')[1]?.replace(/127\.0\.0\.1:\d+/, 'HOST')).toMatch(reason)
    monitor.always(null)
    expect([await beats(), said()]).toEqual([1, ['The heartbeat is sent again']])
  },
  20_000,
)

it('is cut short by a stop', async () => {
  const { app, monitor, said } = await watched()
  await app.catchUp()
  monitor.always('HANG')
  const beating = app.beat()
  await expect.poll(() => monitor.requests.length).toBe(1)
  await app.close()
  await beating
  expect(said()).toEqual([])
})

async function post(app: TestApp, id: number) {
  const { status } = await app.post(report({ extra: { 'backup-id': `DB-${id}`, 'backup-name': `Job ${id}` } }))
  expect(status).toBe(200)
}
