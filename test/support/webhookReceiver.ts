// A receiver of webhooks that checks signatures with the library of Standard Webhooks.

import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { type HttpReceiver, startHttpReceiver } from './httpReceiver.ts'

interface ReceivedWebhook {
  /** Its webhook-id. */
  key: string
  payload: {
    type: string
    timestamp: string
    data: { title: string; message: string; job: { id: number; name: string; state: string } | null }
  }
}

export interface WebhookReceiver extends HttpReceiver {
  /** The settings of a channel that posts to it. */
  settings: { url: string; secret: string }
  /** Those whose signature is right, in order, repetitions too. */
  received: ReceivedWebhook[]
}

/** Takes what is signed with its secret, not longer than five minutes ago, and answers 401 to everything else. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const library = new Webhook(secret)
  const received: ReceivedWebhook[] = []
  const receiver = await startHttpReceiver(({ headers, body }) => {
    try {
      const payload = library.verify(body, headers as Record<string, string>) as ReceivedWebhook['payload']
      received.push({ key: String(headers['webhook-id']), payload })
      return { status: 204 }
    } catch (error) {
      return { status: 401, body: (error as Error).message }
    }
  })
  return Object.assign(receiver, { settings: { url: receiver.url, secret }, received })
}
