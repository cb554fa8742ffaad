// Posts to a channel of Slack through an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
// Mattermost and Rocket.Chat accept the same.
//
// The message is an attachment: all three show it with a colour and a title that links.

import { actionLines, type ChannelKind, type OutgoingMessage, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { isNoPage, recognized } from './recognized.ts'
import { silentMentions } from './silentMentions.ts'
import { type Tone, tones } from './tones.ts'
import { webUrl } from './webUrl.ts'

type SlackSettings = { url: string }

/** In characters; Slack recommends no more than 4,000 for a text. */
const limits = { title: 250, text: 4000 }

const colours: Record<Tone, string> = { FAILURE: '#d00000', WARNING: '#daa038', SUCCESS: '#2eb886', INFO: '#439fe0' }

export const slack: ChannelKind<SlackSettings> = {
  kind: 'SLACK',
  description: 'Messages in a channel of Slack, Mattermost or Rocket.Chat, through an incoming webhook.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of the incoming webhook, like https://hooks.slack.com/services/T0/B0/abcd.',
      confidential: true,
      required: true,
      schema: webUrl,
    },
  },
  secretsGoTo: null,
  async send({ url }, message, signal) {
    const answer = await post(url, {}, JSON.stringify({ attachments: [attachment(message)] }), signal)
    return recognized(answer, url, 'an incoming webhook of Slack', isNoPage)
  },
}

function attachment(message: OutgoingMessage) {
  const link = opens(message)
  // Slack makes links of addresses.
  const below = actionLines(message)
  return {
    // Phones show this.
    fallback: plain(message.title, limits.title),
    color: colours[tones[message.event]],
    title: plain(message.title, limits.title),
    ...(link !== null && { title_link: link }),
    text: plain(message.message, limits.text - below.length, cutMark) + below,
    // Switches off Slack's formatting.
    mrkdwn_in: [],
  }
}

/** "Escaping text": exactly these three, or Slack reads links and names. */
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function plain(text: string, limit: number, mark?: string): string {
  const escaped = silentMentions(text).replace(/[&<>]/g, (sign) => escapes[sign] ?? sign)
  return fitting(escaped, limit, { piece: /&\w+;|./gsu, ...(mark !== undefined && { mark }) })
}
