// An ntfy server as its documentation has it (https://docs.ntfy.sh/publish/), as far as publishing goes: what it refuses,
// what it answers, and what a subscriber is shown.

import { type HttpReceiver, type Reaction, type ReceivedRequest, startHttpReceiver } from './httpReceiver.ts'

interface NtfyMessage {
  /** Its sequence ID. */
  key: string | null
  topic: string
  title: string
  message: string
  priority: number
  tags: string[]
  click: string | null
}

export interface NtfyServer extends HttpReceiver {
  /** The settings of a channel that publishes to it. */
  settings: { url: string; topic: string; accessToken: string | null }
  /** What was published, in order, repetitions too. */
  received: NtfyMessage[]
  /** What a phone shows: one notification for each sequence, in the order they came. */
  shown(): NtfyMessage[]
}

type Answer = Exclude<Reaction, string>

const idPattern = /^[-_A-Za-z0-9]{1,64}$/

/**
 * @param options.accessToken who has it may publish; without one everybody may
 * @param options.sequences false: a server before 2.16, which does not look at sequence IDs
 */
export async function startNtfyServer({
  accessToken = null,
  sequences = true,
}: {
  accessToken?: string | null
  sequences?: boolean
} = {}): Promise<NtfyServer> {
  const received: NtfyMessage[] = []
  const receiver = await startHttpReceiver((request) => {
    const refused = refusal(request, accessToken)
    if (refused) return refused
    const given = JSON.parse(request.body)
    const { topic, title, message, priority, tags, click } = given
    const key = sequences ? given.sequence_id : null
    received.push({ key, topic, title, message, priority, tags, click: click ?? null })
    const id = `message${received.length}`
    return json(200, {
      id,
      time: 1_785_585_600,
      expires: 1_785_628_800,
      event: 'message',
      ...(sequences && { sequence_id: key ?? id }),
      topic,
      title,
      message,
      priority,
      tags,
    })
  })
  return Object.assign(receiver, {
    settings: { url: receiver.url, topic: 'backups', accessToken },
    received,
    shown: () => [...new Map(received.map((message, index) => [message.key ?? index, message])).values()],
  })
}

/** What is not right with a request. Statuses are those of the description of the API, the words are not. */
function refusal({ method, path, headers, body }: ReceivedRequest, accessToken: string | null): Answer | null {
  if (method !== 'POST' && method !== 'PUT') return error(404, 'page not found')
  // "Publish as JSON": at the root, not at the topic.
  if (path !== '/') return error(404, 'page not found')
  if (accessToken && headers.authorization !== `Bearer ${accessToken}`) {
    return headers.authorization ? error(401, 'unauthorized') : error(403, 'forbidden')
  }
  if (Buffer.byteLength(body) > 8192) return error(413, 'JSON body too large')
  let given: Record<string, unknown>
  try {
    given = JSON.parse(body)
  } catch {
    return error(400, 'request body must be message JSON')
  }
  if (!idPattern.test(String(given.topic))) return error(400, 'topic invalid')
  if (given.sequence_id !== undefined && !idPattern.test(String(given.sequence_id))) {
    return error(400, 'sequence ID invalid')
  }
  if (Buffer.byteLength(String(given.message)) > 4096) return error(400, 'attachments not allowed')
  if (![1, 2, 3, 4, 5].includes(given.priority as number)) return error(400, 'priority invalid')
  if (!Array.isArray(given.tags)) return error(400, 'request body must be message JSON')
  return null
}

function error(http: number, error: string): Answer {
  return json(http, { http, error })
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}
