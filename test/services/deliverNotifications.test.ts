// What becomes of messages between the outbox and the far end, through a server and receivers that are real. Long,
// because a far end can fail in many ways.

import { renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeChannel, outbox, retry, switchChannel } from '../support/channels.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { report } from '../support/report.ts'
import { change } from '../support/states.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

async function startWebhook(app: TestApp) {
  const receiver = await startWebhookReceiver()
  const id = await makeChannel(app.file, 'WEBHOOK', receiver.settings)
  return { ...receiver, id }
}

/** Posts the reports of runs of jobs with these names, an hour apart, each of which is told of. */
async function runs(app: TestApp, ...names: string[]) {
  for (const name of names) {
    const BeginTime = `2026-07-31T${String(posted++ % 24).padStart(2, '0')}:00:00Z`
    await app.post(report({ data: { BeginTime }, extra: { 'backup-id': `DB-${name}`, 'backup-name': name } }))
  }
}

let posted = 0

/** What became of each message, with the port left out. */
function outcomes(app: TestApp) {
  return outbox(app.file).map(({ id, status, attempts, nextAttemptAt, answer }) =>
    [
      `${id}: ${status} after ${attempts}`,
      nextAttemptAt && `next at ${nextAttemptAt}`,
      answer?.replace(/:\d{4,5}\b/, ''),
    ]
      .filter(Boolean)
      .join(', '),
  )
}

const keysOf = ({ requests }: { requests: { headers: Record<string, unknown> }[] }) =>
  requests.map(({ headers }) => headers['webhook-id'])

it('sends each channel its messages in their order, every one once', async () => {
  const app = await startApp()
  const [first, second] = [await startWebhook(app), await startWebhook(app)]
  await runs(app, 'a', 'b', 'c')

  await app.deliver()
  await app.deliver()

  const names = ({ received }: typeof first) => received.map(({ payload }) => payload.data.job?.name)
  expect(names(first)).toEqual(['a', 'b', 'c'])
  expect(names(second)).toEqual(['a', 'b', 'c'])
  const keys = [...first.received, ...second.received].map(({ key }) => key)
  expect([...keys].sort()).toEqual(
    outbox(app.file)
      .map(({ key }) => key)
      .sort(),
  )
  expect(new Set(outcomes(app).map((line) => line.slice(3)))).toEqual(new Set(['SENT after 1']))
})

it('lets a far end that hangs keep nobody else, and tries again after a stop, with the same key', async () => {
  const app = await startApp()
  const [hanging, other] = [await startWebhook(app), await startWebhook(app)]
  hanging.always('HANG')
  await runs(app, 'a', 'b')

  const delivering = app.deliver()
  await expect.poll(() => hanging.requests.length).toBe(1)
  await expect.poll(() => other.received.length).toBe(1)
  await app.close()
  await delivering

  expect(outcomes(app)[0]).toMatch(/^1: PENDING after 1, next at 2026-08-01T12:00:00Z/)
  hanging.always(null)
  await (await startApp({ file: app.file })).deliver()
  const [first, second] = outbox(app.file).filter(({ channelId }) => channelId === hanging.id)
  expect(keysOf(hanging)).toEqual([first?.key, first?.key, second?.key])
  expect(other.received).toHaveLength(2)
})

it('lets a message that cannot be delivered keep those of its own job, and no others', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next({ status: 500 })
  await runs(app, 'sick', 'sick', 'well', 'well')

  await app.deliver()
  await runs(app, 'sick', 'well')
  await app.deliver()

  expect(outcomes(app)).toEqual([
    '1: PENDING after 1, next at 2026-08-01T12:00:30Z, 127.0.0.1 answered 500',
    '2: PENDING after 0, next at 2026-08-01T12:00:30Z',
    '3: SENT after 1',
    '4: SENT after 1',
    '5: PENDING after 0, next at 2026-08-01T12:00:30Z',
    '6: SENT after 1',
  ])
  app.setTime('2026-08-01T12:00:30.000Z')
  await app.deliver()
  const sent = receiver.received.map(({ key }) => outbox(app.file).find((one) => one.key === key)?.id)
  expect(sent).toEqual([3, 4, 6, 1, 2, 5])
})

it('waits as long as the far end asks for, with all that it is to be sent', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next({ status: 429, headers: { 'retry-after': '120' } })
  await runs(app, 'a', 'b')

  await app.deliver()
  expect(outcomes(app)).toEqual([
    '1: PENDING after 1, next at 2026-08-01T12:02:00Z, 127.0.0.1 answered 429',
    '2: PENDING after 0, next at 2026-08-01T12:02:00Z',
  ])
  app.setTime('2026-08-01T12:01:59.000Z')
  await app.deliver()
  expect(receiver.requests).toHaveLength(1)
  app.setTime('2026-08-01T12:02:00.000Z')
  await app.deliver()
  expect(outcomes(app)).toEqual(['1: SENT after 2', '2: SENT after 1'])
})

it('tries again what fails for a time, with the same key, before what came later of its job', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next({ status: 503 }, { status: 500 })
  await runs(app, 'a', 'a')

  await app.deliver()
  app.setTime('2026-08-01T12:00:30.000Z')
  await app.deliver()
  app.setTime('2026-08-01T12:01:30.000Z')
  await app.deliver()

  const [first, second] = outbox(app.file)
  expect(keysOf(receiver)).toEqual([first?.key, first?.key, first?.key, second?.key])
  expect(outcomes(app)).toEqual(['1: SENT after 3', '2: SENT after 1'])
})

it('gives up what is refused for good, and goes on with what came later', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next({ status: 410, body: 'Gone.' })
  await runs(app, 'a', 'b')

  await app.deliver()

  expect(outcomes(app)).toEqual(['1: DEAD after 1, 127.0.0.1 answered 410: Gone.', '2: SENT after 1'])
  await retry(app.file, 1)
  await app.deliver()
  expect(outcomes(app)).toEqual(['1: SENT after 1', '2: SENT after 1'])
})

it('gives up after twelve tries, and goes on with what came later', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next(...Array.from({ length: 12 }, () => ({ status: 502 })))
  await runs(app, 'a', 'a')

  for (let day = 1; day <= 11; day++) {
    app.setTime(`2026-08-${String(day).padStart(2, '0')}T12:00:00.000Z`)
    await app.deliver()
  }
  expect(outcomes(app)[0]).toMatch(/^1: PENDING after 11, next at 2026-08-12T00:00:00Z/)
  app.setTime('2026-08-12T12:00:00.000Z')
  await app.deliver()

  expect(outcomes(app)).toEqual(['1: DEAD after 12, 127.0.0.1 answered 502', '2: SENT after 1'])
  expect(new Set(keysOf(receiver).slice(0, 12)).size).toBe(1)
})

it.each([
  ['before the message was read', 'DROP_UNREAD', 1],
  ['after it was read, before anything was answered', 'DROP_READ', 2],
] as const)('shows a message once although the connection was cut %s', async (_, reaction, arrived) => {
  const app = await startApp()
  const ntfy = await startNtfyServer()
  await makeChannel(app.file, 'NTFY', ntfy.settings)
  ntfy.next(reaction)
  await runs(app, 'a')

  await app.deliver()
  expect(outbox(app.file)[0]).toMatchObject({ status: 'PENDING', attempts: 1 })
  app.setTime('2026-08-01T12:00:30.000Z')
  await app.deliver()

  const [sent] = outbox(app.file)
  expect(sent).toMatchObject({ status: 'SENT', attempts: 2 })
  expect(ntfy.requests.map(({ body }) => JSON.parse(body).sequence_id)).toEqual(Array(arrived).fill(sent?.key))
  expect(ntfy.shown()).toHaveLength(1)
})

it('takes a message as sent when the connection is cut within the answer', async () => {
  const app = await startApp()
  const ntfy = await startNtfyServer()
  await makeChannel(app.file, 'NTFY', ntfy.settings)
  ntfy.next('DROP_ANSWERING')
  await runs(app, 'a')

  await app.deliver()

  expect(outbox(app.file)[0]).toMatchObject({ status: 'SENT', attempts: 1 })
  expect(ntfy.received).toHaveLength(1)
})

it('gives up what waits for a channel that is switched off, and what it failed to send just then', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  receiver.next('HANG')
  await runs(app, 'a', 'b')
  const delivering = app.deliver()
  await expect.poll(() => receiver.requests.length).toBe(1)

  await switchChannel(app.file, receiver.id, false)
  await app.close()
  await delivering
  expect(outcomes(app)[1]).toBe('2: DEAD after 0, The channel was switched off.')
  const again = await startApp({ file: app.file })
  await runs(again, 'c')
  await again.deliver()

  expect(outcomes(app)).toEqual([
    '1: DEAD after 2, The channel is switched off.',
    '2: DEAD after 0, The channel was switched off.',
  ])
  expect(receiver.requests).toHaveLength(1)
})

it('sends again what was being sent when the process died, first and with the same key', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  await runs(app, 'a', 'b')
  const [first, second] = outbox(app.file)
  await app.close()
  change(app.file, "UPDATE notifications SET status = 'SENDING', attempts = 1 WHERE id = 1")

  await (await startApp({ file: app.file })).deliver()

  expect(keysOf(receiver)).toEqual([first?.key, second?.key])
  expect(outcomes(app)).toEqual(['1: SENT after 2', '2: SENT after 1'])
})

it('waits for the key of the secrets to come back', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  await runs(app, 'a')
  await app.close()
  const key = join(dirname(app.file), 'secret.key')
  renameSync(key, `${key}.away`)

  const without = await startApp({ file: app.file })
  await without.deliver()
  expect(outcomes(app)[0]).toContain(
    '1: PENDING after 1, next at 2026-08-01T12:00:30Z, The database holds secrets, but the key to them cannot be read',
  )
  renameSync(`${key}.away`, key)
  without.setTime('2026-08-01T12:00:30.000Z')
  await without.deliver()

  expect(outcomes(app)).toEqual(['1: SENT after 2'])
  expect(receiver.received).toHaveLength(1)
})

it('sends at once what a clock wrote that was a year ahead, and tries again what it failed to send', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  app.setTime('2027-08-01T12:00:00.000Z')
  receiver.next({ status: 503 })
  await runs(app, 'a', 'b')
  await app.deliver()
  expect(outcomes(app)[0]).toContain('1: PENDING after 1, next at 2027-08-01T12:00:30Z')

  app.setTime('2026-08-01T12:00:00.000Z')
  await app.deliver()

  expect(outcomes(app)).toEqual(['1: SENT after 2', '2: SENT after 1'])
})

it('does not send again what it could not write down as sent', async () => {
  const app = await startApp()
  const receiver = await startWebhook(app)
  await runs(app, 'a', 'b')
  change(
    app.file,
    `CREATE TRIGGER full BEFORE UPDATE ON notifications WHEN NEW.status = 'SENT'
     BEGIN SELECT RAISE(ABORT, 'there is no space left'); END`,
  )

  const delivering = app.deliver()
  await expect.poll(() => receiver.received.length).toBe(1)
  change(app.file, 'DROP TRIGGER full')
  await delivering

  expect(outcomes(app)).toEqual(['1: SENT after 1', '2: SENT after 1'])
  expect(receiver.requests).toHaveLength(2)
})

it('lets a channel that cannot be read keep nobody else', async () => {
  const app = await startApp()
  const [broken, other] = [await startWebhook(app), await startWebhook(app)]
  change(app.file, `UPDATE channels SET settings = '{' WHERE id = ${broken.id}`)
  await runs(app, 'a')

  await app.deliver()

  expect(outcomes(app)).toEqual([
    '1: PENDING after 1, next at 2026-08-01T12:00:30Z, The server failed to send it; its log says why.',
    '2: SENT after 1',
  ])
  expect(other.received).toHaveLength(1)
})
