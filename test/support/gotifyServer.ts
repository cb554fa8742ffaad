// A Gotify server (https://gotify.net/api-docs), as far as pushing messages goes.

import { z } from 'zod'
import { type ChatService, json, readAs, type Shown } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

const schema = z.strictObject({
  title: z.string(),
  // A column of 65,535 bytes in MySQL.
  message: z
    .string()
    .min(1, 'required')
    .refine((text) => Buffer.byteLength(text) <= 65_535, 'Data too long for column'),
  priority: z.int().min(0).max(10),
  extras: z
    .strictObject({ 'client::notification': z.strictObject({ click: z.strictObject({ url: z.url() }) }) })
    .optional(),
})

/** @param base the path under which it is served, like `/gotify` */
export async function startGotifyServer(base = ''): Promise<ChatService> {
  const shown: Shown[] = []
  const failed = (errorCode: number, error: string, errorDescription = '') =>
    json(errorCode, { error, errorCode, errorDescription })
  const receiver = await startHttpReceiver((request) => {
    if (request.path !== `${base}/message`) return failed(404, 'Not Found')
    if (request.headers['x-gotify-key'] !== 'AbCdEf')
      return failed(401, 'Unauthorized', 'you need to provide a valid token')
    const read = readAs(request, schema)
    if ('wrong' in read) return failed(400, 'Bad Request', read.wrong)
    const { title, message, priority, extras } = read.given
    const link = extras?.['client::notification'].click.url ?? null
    shown.push({ title, text: message, link, silent: priority < 4, look: priority, pings: [] })
    return json(200, { id: shown.length, appid: 5, title, message, priority, date: '2026-08-01T12:00:00Z' })
  })
  const settings = { url: receiver.url + base, token: 'AbCdEf' }
  return Object.assign(receiver, { kind: 'GOTIFY', settings, shown })
}
