// Messages lead to the page of their job, where it is known under which address people reach this server.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { makeChannel } from '../support/channels.ts'
import { startMailServer } from '../support/mailServer.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

/** What three channels got of two jobs, and of a test. */
async function told(environment: Record<string, string>) {
  const app = await startApp({ environment })
  const [ntfy, mail, webhook] = [await startNtfyServer(), await startMailServer(), await startWebhookReceiver()]
  await makeChannel(app.file, 'NTFY', ntfy.settings)
  await makeChannel(app.file, 'EMAIL', mail.settings)
  await makeChannel(app.file, 'WEBHOOK', webhook.settings)
  await app.post(report())
  await app.graphql('mutation { updateServer(id: 1, input: { url: "https://nas.example:8200/" }) { server { id } } }')
  await app.post(report({ extra: { 'backup-id': 'DB-2', 'backup-name': 'Music' } }))
  await app.deliver()
  for (const id of [1, 2, 3]) await app.graphql(`mutation { testNotification(channel: ${id}) { delivered } }`)
  return {
    ntfy: ntfy.received.map(({ click }) => click),
    mail: mail.received.map(({ text }) => /\n\n(http\S+)$/.exec(text ?? '')?.[1] ?? null),
    webhook: webhook.received.map(({ payload: { data } }) => ('link' in data ? data.link : null)),
  }
}

it('lead to the page of the job, and a test to the first page', async () => {
  const links = ['https://backups.example/x/jobs/1', 'https://backups.example/x/jobs/2', 'https://backups.example/x']
  expect(await told({ PUBLIC_URL: 'https://backups.example/x/' })).toEqual({ ntfy: links, mail: links, webhook: links })
})

it('lead to the Duplicati of the server at most, where nobody said the address', async () => {
  const nothing = [null, null, null]
  expect(await told({})).toEqual({
    ntfy: [null, 'https://nas.example:8200/', null],
    mail: nothing,
    webhook: nothing,
  })
})

it('lead to the job that is left, if it was merged while the message waited', async () => {
  const app = await startApp({ environment: { PUBLIC_URL: 'https://backups.example' } })
  const ntfy = await startNtfyServer()
  await makeChannel(app.file, 'NTFY', ntfy.settings)
  await app.post(report())
  await app.post(report({ extra: { 'backup-id': 'DB-2', 'backup-name': 'Music' } }))
  expect(await app.graphql('mutation { mergeBackupJobs(from: 2, into: 1) { movedBackups } }')).not.toHaveProperty(
    'errors',
  )
  await app.deliver()
  expect(ntfy.received.map(({ click }) => click)).toEqual(Array(2).fill('https://backups.example/jobs/1'))
})
