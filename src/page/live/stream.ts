// Reads the subscription as server-sent events, and begins anew when it breaks.

/** What the stream tells: an event of the subscription, how it goes, that the server has no room for it, or that the token is not good. */
export type Told<Data> =
  | { type: 'event'; data: Data }
  | { type: 'up' }
  | { type: 'down' }
  | { type: 'busy' }
  | { type: 'refused' }

/** In milliseconds. */
interface Patience {
  /** After so long without anything, the server cannot be reached. */
  silence: number
  /** The first pause after a break; each further one is twice as long. */
  shortestPause: number
  longestPause: number
}

/** The server sends something every 12 s. */
const usual: Patience = { silence: 13_500, shortestPause: 500, longestPause: 8_000 }

/**
 * Listens until it is stopped. Pauses between attempts grow, and differ from browser to browser.
 *
 * @returns stops it, or makes it try again at once
 */
export function listen<Data>(
  url: string,
  query: string,
  headers: Record<string, string>,
  tell: (told: Told<Data>) => void,
  { silence, shortestPause, longestPause } = usual,
): { stop(): void; retry(): void } {
  let stopped = false
  let current: AbortController | undefined
  let wake = () => {}
  void run()
  return {
    stop: () => {
      stopped = true
      current?.abort()
      wake()
    },
    retry: () => wake(),
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopped; failures++) {
      current = new AbortController()
      const outcome = await once(current, () => {
        failures = 0
        tell({ type: 'up' })
      })
      if (stopped) return
      tell({ type: outcome })
      if (outcome === 'refused') return
      const pause = Math.min(longestPause, shortestPause * 2 ** failures)
      await sleep(pause * (0.5 + Math.random() / 2))
    }
  }

  /** One connection, until it ends. */
  async function once(abort: AbortController, opened: () => void): Promise<'down' | 'busy' | 'refused'> {
    let alarm = setTimeout(() => abort.abort(), silence)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query }),
        signal: abort.signal,
      })
      if (response.status === 401) return 'refused'
      const isStream = /^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')
      // So the server answers itself; a proxy in its place has a page.
      if (response.status === 503 && isStream) return 'busy'
      if (!response.ok || !isStream || response.body === null) return 'down'
      opened()
      let rest = ''
      for await (const text of pieces(response.body)) {
        clearTimeout(alarm)
        alarm = setTimeout(() => abort.abort(), silence)
        const blocks = (rest + text).split(/\r?\n\r?\n/)
        rest = blocks.pop() ?? ''
        for (const block of blocks) hear(block)
      }
    } catch {
      // Whatever ends the connection is a break of it.
    } finally {
      clearTimeout(alarm)
      abort.abort()
    }
    return 'down'
  }

  function hear(block: string): void {
    const line = /^data: ?(.+)$/m.exec(block)?.[1]
    if (!/^event: ?next$/m.test(block) || !line) return
    const { data } = JSON.parse(line)
    if (data) tell({ type: 'event', data })
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
