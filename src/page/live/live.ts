// What happens at the server, as it happens, for every part of the page that wants to know.

import { useEffect, useRef, useState } from 'preact/hooks'
import { apiUrl } from '../base.ts'
import { authorization, currentToken } from '../client/token.ts'
import { ChangesDocument, type ChangesSubscription } from '../generated/graphql.ts'
import { listen, type Told } from './stream.ts'

export type Change = ChangesSubscription['changes']

/** CONNECTING until the first answer; OFFLINE while the server cannot be reached. */
export type Connection = 'CONNECTING' | 'ONLINE' | 'OFFLINE'

const changeListeners = new Set<(change: Change) => void>()
const connectionListeners = new Set<(connection: Connection) => void>()
/** They read everything anew: what happened during a break is not told afterwards. */
const gapListeners = new Set<() => void>()
let connection: Connection = 'CONNECTING'
let offlineSince: Date | null = null
let disconnect = () => {}
let retry = () => {}

/** Begins to listen, with the token of now. @param workerUrl the script of the shared worker, null to do without one */
export function connect(workerUrl: string | null, refused: () => void): void {
  disconnect()
  const token = currentToken()
  const hear = (told: Told<ChangesSubscription>) => {
    if (told.type === 'event') for (const listener of changeListeners) listener(told.data.changes)
    else if (told.type === 'refused') refused()
    else setConnection(told.type === 'up' ? 'ONLINE' : 'OFFLINE')
  }
  const joining = { url: apiUrl('graphql'), headers: authorization(token) }
  if (workerUrl === null || typeof SharedWorker === 'undefined') {
    // Chrome for Android has none: each tab listens by itself there.
    const stream = listen(joining.url, ChangesDocument.toString(), joining.headers, hear)
    disconnect = stream.stop
    retry = stream.retry
    return
  }
  // Tabs with the same token share a worker; its name must not hold the token.
  const worker = new SharedWorker(workerUrl, { type: 'module', name: `live ${hashOf(token ?? '')}` })
  worker.port.onmessage = ({ data }) => hear(data)
  worker.port.postMessage(joining)
  disconnect = () => worker.port.close()
  retry = () => worker.port.postMessage('retry')
}

addEventListener('online', () => retry())

function setConnection(next: Connection): void {
  const wasOffline = connection === 'OFFLINE'
  if (next === connection) return
  connection = next
  offlineSince = next === 'OFFLINE' ? new Date() : null
  for (const listener of connectionListeners) listener(next)
  if (wasOffline && next === 'ONLINE') for (const listener of gapListeners) listener()
}

/** Whether the server can be reached, and since when it cannot. */
export function useConnection(): { connection: Connection; offlineSince: Date | null } {
  const [now, setNow] = useState(connection)
  useEffect(() => {
    connectionListeners.add(setNow)
    setNow(connection)
    return () => void connectionListeners.delete(setNow)
  }, [])
  return { connection: now, offlineSince }
}

/** Calls `listener` for each change. */
export function useChange(listener: (change: Change) => void): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const hear = (change: Change) => latest.current(change)
    changeListeners.add(hear)
    return () => void changeListeners.delete(hear)
  }, [])
}

/** Calls `read` soon after a change that matters, at most once in three seconds, and at once after a break. */
export function useReadAgain(read: () => void, matters: (change: Change) => boolean = () => true): void {
  const latest = useRef(read)
  latest.current = read
  const timer = useRef<number | undefined>(undefined)
  const readAt = useRef(0)
  useChange((change) => {
    if (timer.current !== undefined || !matters(change)) return
    const wait = Math.max(300, readAt.current + 3_000 - Date.now())
    timer.current = window.setTimeout(readNow, wait)
  })
  function readNow(): void {
    clearTimeout(timer.current)
    timer.current = undefined
    readAt.current = Date.now()
    latest.current()
  }
  useEffect(() => {
    gapListeners.add(readNow)
    return () => {
      clearTimeout(timer.current)
      gapListeners.delete(readNow)
    }
  }, [])
}

/** Tells names apart, and gives nothing of the text away to whoever looks at a list of workers. */
function hashOf(text: string): number {
  let hash = 5381
  for (const letter of text) hash = (hash * 33 + (letter.codePointAt(0) as number)) % 4_294_967_291
  return hash
}
