// Posts to a channel or chat of Microsoft Teams, through a workflow whose webhook takes an Adaptive Card
// (https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook, https://adaptivecards.io/explorer/).

import { type ChannelKind, type OutgoingMessage, opens } from './channel.ts'
import { cutMark, fitting, jsonSize } from './fitting.ts'
import { post } from './post.ts'
import { isNoPage, recognized } from './recognized.ts'
import { type Tone, tones } from './tones.ts'
import { webUrl } from './webUrl.ts'

type TeamsSettings = { url: string }

/**
 * In bytes of JSON. Teams refuses messages above 28 KB, and the workflow adds to the size. It answers before it posts, so we would not hear
 * of the refusal: these limits stay far below.
 */
const limits = { title: 1000, text: 14_000 }

const colours: Record<Tone, string> = { FAILURE: 'Attention', WARNING: 'Warning', SUCCESS: 'Good', INFO: 'Accent' }

export const teams: ChannelKind<TeamsSettings> = {
  kind: 'TEAMS',
  description: 'Messages in a channel or chat of Microsoft Teams, through a webhook of Workflows.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of a workflow with the trigger "When a Teams webhook request is received".',
      confidential: true,
      required: true,
      schema: webUrl,
    },
  },
  secretsGoTo: null,
  async send({ url }, message, signal) {
    const body = {
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card(message) },
      ],
    }
    const answer = await post(url, {}, JSON.stringify(body), signal)
    return recognized(answer, url, 'a webhook of Workflows', isNoPage)
  },
}

function card(message: OutgoingMessage) {
  const link = opens(message)
  const title = {
    type: 'TextRun',
    text: fitting(message.title, limits.title, { size: jsonSize }),
    weight: 'Bolder',
    size: 'Large',
    color: colours[tones[message.event]],
  }
  const text = fitting(message.message, limits.text, { size: lineSize, mark: cutMark })
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    msteams: { width: 'Full' },
    body: [
      block(title),
      ...text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => ({ ...block({ type: 'TextRun', text: line }), spacing: 'Small' })),
    ],
    actions: [...(link === null ? [] : [{ label: 'Open', url: link }]), ...message.actions].map(({ label, url }) => ({
      type: 'Action.OpenUrl',
      title: label,
      url,
    })),
  }
}

/** A paragraph of plain text. A TextBlock would read it as Markdown; a line break within a run is not shown. */
function block(run: object) {
  return { type: 'RichTextBlock', inlines: [run] }
}

/** Includes what each further paragraph takes besides its text. */
function lineSize(text: string): number {
  return jsonSize(text) + 100 * (text.split('\n').length - 1)
}
