// Posts to a channel of Discord through a webhook (https://docs.discord.com/developers/resources/webhook, "Execute Webhook").

import { actionLines, type ChannelKind, type OutgoingMessage, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { recognized } from './recognized.ts'
import { type Tone, tones } from './tones.ts'
import { webUrl } from './webUrl.ts'

type DiscordSettings = { url: string }

/** "Embed Limits", in characters. */
const limits = { title: 256, description: 4096 }

const colours: Record<Tone, number> = { FAILURE: 0xed4245, WARNING: 0xfaa61a, SUCCESS: 0x57f287, INFO: 0x5865f2 }

/** "Message Flags": phones make no sound. */
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
    // Without this, Discord answers before it has stored the message, and reports no error.
    address.searchParams.set('wait', 'true')
    const answer = await post(address.href, {}, JSON.stringify(payload(message)), signal)
    return recognized(answer, url, 'Discord', (answer) => answer.startsWith('{'))
  },
}

function payload(message: OutgoingMessage) {
  const { event, title, message: text, priority, createdAt } = message
  const link = opens(message)
  // Discord refuses an embed whose URL has a host without a dot; in the text it may.
  const asTitle = link !== null && new URL(link).hostname.includes('.')
  const below = actionLines(message) + (link === null || asTitle ? '' : `\n\n${link}`)
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

/** What Discord reads as an address, and the characters that it reads as Markdown. */
const addressOrSign = /(https?:\/\/[^\s<]+[^\s<.,:;"')\]][^\s<]*)(<?)|[\\*_~`|<[]|(?<=^\s*)[#>-]/gm

/** Text that Discord shows as it is: Markdown is escaped, and no backslash is cut from its character. */
function shown(text: string, limit: number, mark?: string): string {
  const escaped = text.replace(addressOrSign, (whole, address?: string, bracket?: string) =>
    // Discord shows addresses unchanged, including backslashes, up to a space or `<`.
    address ? address + (bracket && ' \\<') : `\\${whole}`,
  )
  return fitting(escaped, limit, { piece: /\\?./gsu, ...(mark !== undefined && { mark }) })
}
