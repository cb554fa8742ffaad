// Holds the one stream of a browser: a shared worker lives as long as any tab, and all tabs hear what it hears. A browser has about
// six connections to a host, and tabs with a stream each would soon have none left for anything else.

import { ChangesDocument, type ChangesSubscription } from '../generated/graphql.ts'
import { listen, type Told } from './stream.ts'

/** The first message of a tab; afterwards, it asks to try again at once, or whether the worker is still alive. */
export interface Joining {
  url: string
  headers: Record<string, string>
}

const ports = new Set<MessagePort>()
let stream: { stop(): void; retry(): void } | undefined
/** Null before it is known how it goes. */
let latest: Told<ChangesSubscription> | null = null

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0] as MessagePort
  port.addEventListener('close', () => ports.delete(port))
  port.onmessage = ({ data }: MessageEvent<Joining | 'retry' | 'ping'>) => {
    if (data === 'retry') return stream?.retry()
    if (data === 'ping') return port.postMessage('alive')
    ports.add(port)
    // A tab that opens later hears how it stands.
    if (stream && latest?.type !== 'refused') {
      if (latest) port.postMessage(latest)
    } else stream = listen(data.url, ChangesDocument.toString(), data.headers, tellAll)
  }
})

function tellAll(told: Told<ChangesSubscription>): void {
  if (told.type !== 'event') latest = told
  for (const port of ports) port.postMessage(told)
}
