// The Bot API of Telegram (https://core.telegram.org/bots/api), as far as sendMessage goes.

import { z } from 'zod'
import { type ChatService, json, namesIn, readAs, type Shown, withoutLink } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

const schema = z.strictObject({
  chat_id: z.string(),
  text: z.string(),
  entities: z.array(z.strictObject({ type: z.literal('bold'), offset: z.int().min(0), length: z.int().min(1) })),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }),
  disable_notification: z.boolean(),
})

const token = '123456:ABC-DEF_1234'

export async function startTelegramServer(): Promise<ChatService> {
  const shown: Shown[] = []
  const failed = (error_code: number, description: string) => json(error_code, { ok: false, error_code, description })
  const receiver = await startHttpReceiver((request) => {
    const [, bot, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? []
    if (bot !== token) return failed(401, 'Unauthorized')
    if (method !== 'sendMessage') return failed(404, 'Not Found')
    const read = readAs(request, schema)
    if ('wrong' in read) return failed(400, `Bad Request: ${read.wrong}`)
    const { chat_id, text: whole, entities, disable_notification: silent } = read.given
    if (!['-1001234', '@backups'].includes(chat_id)) return failed(400, 'Bad Request: chat not found')
    if (whole.trim() === '') return failed(400, 'Bad Request: message text is empty')
    if (whole.length > 4096) return failed(400, 'Bad Request: message is too long')
    const titleEnd = entities[0]?.length ?? 0
    const { text, link } = withoutLink(whole.slice(titleEnd))
    const title = whole.slice(0, titleEnd)
    shown.push({ title, text: text.replace(/^\n/, ''), link, silent, look: null, pings: namesIn(whole) })
    return json(200, { ok: true, result: { message_id: shown.length, chat: { id: -1001234 }, text: whole } })
  })
  const settings = { url: receiver.url, token, chat: '-1001234' }
  return Object.assign(receiver, { kind: 'TELEGRAM', settings, shown })
}
