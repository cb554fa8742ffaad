// In a browser: a server is connected to its Duplicati, and a link in a message is followed.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { password, startDuplicati } from '../support/duplicati/emulator.ts'
import { addRun, emulatedJob } from '../support/duplicati/jobs.ts'
import { freePort } from '../support/freePort.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'
import { findings, startBrowser, startServer, visit } from './visit.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())

it('connects a server, collects what it missed, and snoozes from a message', async () => {
  const port = String(await freePort())
  const server = await startServer(undefined, { PORT: port, PUBLIC_URL: `http://localhost:${port}` })
  const webhook = await startWebhookReceiver()
  const duplicati = await startDuplicati('2.3.0.4')
  const photos = emulatedJob('1', { name: 'Photos' })
  duplicati.jobs.push(photos)
  const ago = (hours: number) => new Date(Math.floor(Date.now() / 1000 - hours * 3600) * 1000)
  const [reported, lost] = [ago(50), ago(26)]
  addRun(photos, reported)
  addRun(photos, lost)
  await server.post({ data: { BeginTime: reported.toISOString(), EndTime: reported.toISOString(), ExaminedFiles: 3 } })

  const { page, open, problems, shoot } = await visit(browser, server)
  const dialog = page.getByRole('dialog')
  await open('servers/1')
  await page.getByRole('button', { name: 'Duplicati', exact: true }).click()
  await dialog.getByLabel('Address of its Duplicati').fill(duplicati.url)
  await dialog.getByLabel('Password or token').fill('wrong')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.getByRole('alert').getByText('refuses the password').waitFor()
  await shoot('connect')
  expect(await findings(page)).toEqual([])
  await dialog.getByLabel('Password or token').fill(password)
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.waitFor({ state: 'detached' })
  // It is asked at once, and the page hears of it.
  await page.getByText(': Duplicati 2.3').waitFor()
  expect(await server.ask('{ backups { nodes { origin } } }')).toEqual({
    backups: { nodes: [{ origin: 'COLLECTED' }, { origin: 'REPORTED' }] },
  })

  await server.ask(
    `mutation ($url: String!, $secret: String!) {
      createChannel(input: { name: "hook", settings: { webhook: { url: $url, secret: $secret } } }) { channel { id } }
      setNotificationRule(input: { channel: 1, events: [FAILED] }) { notificationRule { id } }
    }`,
    webhook.settings,
  )
  await server.post({ data: { ParsedResult: 'Fatal', ExaminedFiles: 3 }, exception: 'No' })
  while (webhook.received.length === 0) await page.waitForTimeout(100)
  const data = webhook.received[0]?.payload.data as { actions?: { action: string; url: string }[] } | undefined
  await page.goto(data?.actions?.find(({ action }) => action === 'snooze')?.url ?? '')
  await page.getByText('Say nothing about this for a day?').waitFor()
  await shoot('link')
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Snooze for a day' }).click()
  await page.getByText('Done. Nothing is said about this for a day').waitFor()
  const { backupJob } = await server.ask('{ backupJob(id: 1) { snoozedUntil } }')
  expect(backupJob).toMatchObject({ snoozedUntil: expect.any(String) })
  await page.reload()
  await page.getByText('This was done already').waitFor()
  expect(problems).toEqual([])
}, 180_000)
