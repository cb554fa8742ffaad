// Tells a channel of Discord, through a webhook of it (https://docs.discord.com/developers/resources/webhook, "Execute Webhook").

import { type ChannelKind, type OutgoingMessage, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { recognized } from './recognized.ts'
import { type Tone, tones } from './tones.ts'
import { webUrl } from './webUrl.ts'

type DiscordSettings = { url: string }

/** "Embed Limits", in characters. */
const limits = { title: 256, description: 4096 }

const colours: Record<Tone, number> = { FAILURE: 0xed4245, WARNING: 0xfaa61a, SUCCESS: 0x57f287, INFO: 0x5865f2 }

/** "Message Flags": nobody's phone makes a sound. */
const suppressNotifications = 1 << 12

export const discord: ChannelKind<DiscordSettings> = {
  kind: 'DISCORD',
  description: 'Messages in a channel of Discord, through a webhook.',
  fields: {
    url: {
      type: 'String',
      description:
        'The address of the webhook, like https://discord.com/api/webhooks/1234/abcd. Add ?thread_id=5678 to post in a thread.',
      confidential: true,
      required: true,
      schema: webUrl,
    },
  },
  secretsGoTo: null,
  async send({ url }, message, signal) {
    const address = new URL(url)
    // Otherwise it answers before it knows whether the message can be kept.
    address.searchParams.set('wait', 'true')
    const answer = await post(address.href, {}, JSON.stringify(payload(message)), signal)
    return recognized(answer, url, 'Discord', (answer) => answer.startsWith('{'))
  },
}

function payload(message: OutgoingMessage) {
  const { event, title, message: text, priority, createdAt } = message
  const link = opens(message)
  // Discord refuses an embed whose address has a host without a dot. As a line of the text it can be any.
  const asTitle = link !== null && new URL(link).hostname.includes('.')
  const below = link === null || asTitle ? '' : `\n\n${link}`
  return {
    embeds: [
      {
        title: shown(title, limits.title),
        description: shown(text, limits.description - below.length, cutMark) + below,
        ...(asTitle && { url: link }),
        color: colours[tones[event]],
        timestamp: createdAt,
      },
    ],
    allowed_mentions: { parse: [] },
    ...((priority === 'MIN' || priority === 'LOW') && { flags: suppressNotifications }),
  }
}

/** What Discord takes for an address, and the signs that it would take for Markdown. */
const addressOrSign = /(https?:\/\/[^\s<]+[^\s<.,:;"')\]][^\s<]*)(<?)|[\\*_~`|<[]|(?<=^\s*)[#>-]/gm

/** Text that Discord shows as it is: its signs of Markdown are escaped, and none of them is cut from its backslash. */
function shown(text: string, limit: number, mark?: string): string {
  const escaped = text.replace(addressOrSign, (whole, address?: string, bracket?: string) =>
    // Discord shows an address as it is, backslashes too, up to a space or a bracket.
    address ? address + (bracket && ' \\<') : `\\${whole}`,
  )
  return fitting(escaped, limit, { piece: /\\?./gsu, ...(mark !== undefined && { mark }) })
}
