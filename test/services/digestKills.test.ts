// A digest is written once for each time it is due, whenever the server dies: a real process is killed around that time, again and
// again, also while it writes.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { makeChannel } from '../support/channels.ts'
import { type ClockedProcess, startClockedProcess } from '../support/clockedProcess.ts'
import { newPlace } from '../support/folders.ts'
import { randomNumbers } from '../support/random.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const soak = Boolean(process.env.SOAK)
const days = Number(process.env.DAYS ?? (soak ? 100 : 4))
const random = randomNumbers(Number(process.env.SEED ?? 5))

const dueAt = (day: number) => new Date(Date.UTC(2026, 7, 2 + day, 8))

it('is written once for each time, and arrives', async () => {
  const file = newPlace()
  const hook = await startWebhookReceiver()
  await prepare(file, hook.settings)
  let server: ClockedProcess | null = null
  let kills = 0

  /** Lets a process live up to then, however many it takes. */
  async function reach(time: Date, killAfterMs: number | null) {
    for (let deadline = killAfterMs; ; deadline = null) {
      try {
        server ??= await startClockedProcess(file, time, deadline)
        if (deadline !== null) setTimeout(server.kill, deadline)
        return await server.reach(time, true)
      } catch (error) {
        if (!/ended/.test(String(error))) throw error
        await server?.exited
        server = null
        kills += 1
      }
    }
  }

  for (let day = 0; day < days; day += 1) {
    await reach(new Date(dueAt(day).getTime() - 1), null)
    await reach(dueAt(day), random() < 0.8 ? random() * 60 : null)
    await expect.poll(() => writtenAt(file).length, { timeout: 20_000 }).toBe(day + 1)
    await reach(new Date(dueAt(day).getTime() + 1), null)
    // It is sent again if the server died before it knew that it arrived: with the same key.
    await expect.poll(() => new Set(hook.received.map(({ key }) => key)).size, { timeout: 20_000 }).toBe(day + 1)
  }
  server = server as ClockedProcess | null
  server?.kill()
  await server?.exited
  const written = writtenAt(file)
  expect(written).toHaveLength(days)
  for (const [day, at] of written.entries()) expect(at - dueAt(day).getTime()).toBeLessThanOrEqual(1)
  if (!soak) expect(kills).toBeGreaterThan(0)
}, 7_200_000)

async function prepare(file: string, settings: object) {
  const template = await startApp()
  for (let job = 1; job <= 40; job += 1) {
    const extra = { 'backup-id': `DB-${job}`, 'backup-name': `Job ${job}` }
    await template.post(report({ extra, data: { ParsedResult: 'Error' } }))
  }
  await template.close()
  const database = new Database(template.file)
  database.exec(`VACUUM INTO '${file}'`)
  database.close()
  await makeChannel(file, 'WEBHOOK', settings, { events: [] })
  const app = await startApp({ file })
  const { errors } = await app.graphql(
    'mutation { setDigest(input: { channel: 1, period: DAILY, timeOfDay: "08:00", timeZone: "UTC" }) { digest { nextAt } } }',
  )
  expect(errors).toBeUndefined()
  await app.close()
}

/** When the digests were written, in their order. */
function writtenAt(file: string): number[] {
  const database = new Database(file, { readonly: true })
  const at = database
    .prepare<[], number>("SELECT created_at FROM notifications WHERE event = 'DIGEST' ORDER BY id")
    .pluck()
    .all()
  database.close()
  return at
}
