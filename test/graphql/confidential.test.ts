// An address of a webhook, and a topic of ntfy, are all that somebody needs to send there or to read along.

import { expect, it } from 'vitest'
import { startGuarded } from '../support/tokens.ts'

const channels =
  '{ channels { nodes { settings { ... on WebhookSettings { webhook: url secretSet } ... on NtfySettings { ntfy: url topic } } } } }'
const made = `mutation {
  hook: createChannel(input: { name: "hook", settings: { webhook: { url: "https://hooks.example:8443/T0/secret-path", secret: "whsec_${Buffer.alloc(24, 1).toString('base64')}" } } }) { channel { id } }
  push: createChannel(input: { name: "push", settings: { ntfy: { topic: "secret-topic" } } }) { channel { id } }
  updateChannel(id: 1, input: { settings: { webhook: { url: "https://hooks.example:8443/T0/other-path" } } }) { channel { id } }
  deleteChannel(id: 2) { deletedChannel { id } }
}`

it('are shown to those alone who may change them, and the log has no more than where they lead', async () => {
  const logged: string[] = []
  const app = await startGuarded({ logged })
  expect(await app.ask(app.admin, made)).not.toHaveProperty('body.errors')
  await app.ask(
    app.admin,
    'mutation { createChannel(input: { name: "push", settings: { ntfy: { topic: "secret-topic" } } }) { channel { id } } }',
  )
  const reader = await app.newToken({ scope: 'READ' })
  const shown = (webhook: string | null, topic: string | null) => ({
    body: {
      data: {
        channels: {
          nodes: [{ settings: { webhook, secretSet: true } }, { settings: { ntfy: 'https://ntfy.sh/', topic } }],
        },
      },
    },
  })
  const path = 'https://hooks.example:8443/T0/other-path'
  // Asked in turns, so that an answer from memory would show.
  for (let turn = 0; turn < 3; turn++) {
    expect(await app.ask(app.admin, channels)).toMatchObject(shown(path, 'secret-topic'))
    expect(await app.ask(reader, channels)).toMatchObject(shown(null, null))
  }
  expect(logged.join('')).toContain('https://hooks.example:8443/…')
  for (const secret of ['secret-path', 'other-path', 'secret-topic']) expect(logged.join('')).not.toContain(secret)
})
