// An Apprise API server (https://github.com/caronc/apprise-api), with recipients under the key `family-42`, some of whom have a tag.

import { z } from 'zod'
import { type Answer, type ChatService, json, readAs, type Shown, withoutLink } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

const schema = z.strictObject({
  title: z.string().max(250),
  body: z.string().min(1).max(32_768),
  type: z.enum(['info', 'success', 'warning', 'failure']),
  format: z.enum(['text', 'markdown', 'html']),
  tag: z.string().optional(),
  urls: z.string().optional(),
})

/** The recipients under `family-42`, with their tags. */
const stored = { 'json://phone.example': ['phone'], 'json://desk.example': ['desk'], 'json://down.example': ['broken'] }

/** @param base the path under which it is served, like `/apprise` */
export async function startAppriseServer(base = ''): Promise<ChatService> {
  const shown: Shown[] = []
  const receiver = await startHttpReceiver((request): Answer => {
    const [, key] = /^\/notify(?:\/([\w-]{1,128}))?\/?$/.exec(request.path.slice(base.length)) ?? [null]
    if (!/^\/notify/.test(request.path.slice(base.length))) return { status: 404, body: '<html>Not Found</html>' }
    const read = readAs(request, schema)
    if ('wrong' in read) return json(400, { error: `Bad Request: ${read.wrong}` })
    const { title, body, type, tag, urls = '' } = read.given
    const named = tag?.split(/[\s,|]+/)
    const recipients = key
      ? Object.entries(key === 'family-42' ? stored : {}).flatMap(([url, tags]) =>
          (named ? tags.some((one) => named.includes(one)) : !tags.includes('broken')) ? [url] : [],
        )
      : urls.split(/[\s,]+/).filter((url) => /^\w+:\/\/./.test(url))
    if (recipients.length === 0) return { status: 204 }
    const { text, link } = withoutLink(body)
    for (const url of recipients) if (!url.includes('down')) shown.push({ title, text, link, look: type, pings: [] })
    if (recipients.some((url) => url.includes('down'))) {
      return json(424, { error: 'One or more notification could not be sent', details: [] })
    }
    return json(200, { error: null, details: [] })
  })
  const settings = { url: receiver.url + base, key: 'family-42', tag: 'phone', urls: null }
  return Object.assign(receiver, { kind: 'APPRISE', settings, shown })
}
