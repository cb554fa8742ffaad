// Sends to a chat of Telegram as a bot (https://core.telegram.org/bots/api#sendmessage).

import { z } from 'zod'
import { actionLines, type ChannelKind, type OutgoingMessage, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { recognized } from './recognized.ts'
import { silentMentions } from './silentMentions.ts'
import { below, webUrl } from './webUrl.ts'

type TelegramSettings = { url: string; token: string; chat: string }

/** In UTF-16 code units, as Telegram counts. */
const limits = { title: 256, text: 4096 }

export const telegram: ChannelKind<TelegramSettings> = {
  kind: 'TELEGRAM',
  description: 'Messages of a bot in a chat, group or channel of Telegram.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of the Bot API.',
      confidential: true,
      default: 'https://api.telegram.org/',
      schema: webUrl,
    },
    token: {
      type: 'String',
      description: 'The token of the bot, as @BotFather gives it.',
      secret: true,
      required: true,
      schema: z
        .string('must be text')
        .trim()
        .regex(/^\d{1,20}:[\w-]{1,200}$/, 'must be the token of a bot, like 123456:ABC-DEF'),
    },
    chat: {
      type: 'String',
      description: 'The number of the chat, which is negative for a group, or the @name of a public channel.',
      required: true,
      schema: z
        .string('must be text')
        .trim()
        .regex(
          /^(-?\d{1,20}|@\w{1,64})$/,
          'must be a number, like -1001234567890, or the name of a channel, like @backups',
        ),
    },
  },
  secretsGoTo: 'url',
  async send({ url, token, chat }, message, signal) {
    const body = { chat_id: chat, ...content(message) }
    const address = below(url, `bot${token}/sendMessage`)
    const answer = await post(address, {}, JSON.stringify(body), signal)
    return recognized(answer, url, 'the Bot API of Telegram', (answer) => /^\{\s*"ok":\s*true/.test(answer))
  },
}

/** There is no parse_mode, so Telegram shows the text as it is; an entity makes the title bold. */
function content(message: OutgoingMessage) {
  const title = fitting(silentMentions(message.title), limits.title)
  const above = title && `${title}\n`
  const link = opens(message)
  const below = actionLines(message) + (link === null ? '' : `\n\n${link}`)
  const room = limits.text - above.length - below.length
  const text = fitting(silentMentions(message.message), room, { mark: cutMark })
  return {
    text: `${above}${text}${below}`,
    entities: title ? [{ type: 'bold', offset: 0, length: title.length }] : [],
    link_preview_options: { is_disabled: true },
    disable_notification: message.priority === 'MIN' || message.priority === 'LOW',
  }
}
