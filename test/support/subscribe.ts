// Listens to a subscription as a client over HTTP does.

import type { TestApp } from './app.ts'

type Item = { data?: unknown; errors?: unknown[] } | 'complete'

/** Listens as a client over HTTP does. */
export async function subscribe(app: TestApp, query: string) {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  /** The next block: lines up to an empty one. */
  async function block(): Promise<string> {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read()
      if (done) throw new Error('the stream ended')
      text += Buffer.from(value).toString()
    }
    const end = text.indexOf('\n\n')
    const found = text.slice(0, end)
    text = text.slice(end + 2)
    return found
  }
  return {
    headers: response.headers,
    ping: block,
    /** The next event that is not a comment. */
    async next(): Promise<Item> {
      for (;;) {
        const found = await block()
        if (found.startsWith('event: complete')) return 'complete'
        const data = /^event: next\ndata: (.*)$/s.exec(found)?.[1]
        if (data !== undefined) return JSON.parse(data)
      }
    },
    leave: () => reader.cancel(),
  }
}
