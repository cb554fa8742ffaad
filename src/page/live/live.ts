// What happens at the server, as it happens, for every part of the page that wants to know.

import { useEffect, useRef, useState } from 'preact/hooks'
import { apiUrl } from '../base.ts'
import { authorization, currentToken } from '../client/token.ts'
import { ChangesDocument, type ChangesSubscription } from '../generated/graphql.ts'
import { listen, type Told } from './stream.ts'

export type Change = ChangesSubscription['changes']

/** CONNECTING until the first answer; OFFLINE while the server cannot be reached, POLLING while it answers but has no room for a stream. */
export type Connection = 'CONNECTING' | 'ONLINE' | 'OFFLINE' | 'POLLING'

const changeListeners = new Set<(change: Change) => void>()
const connectionListeners = new Set<(connection: Connection) => void>()
/** They read everything anew: what happened during a break is not told afterwards. */
const gapListeners = new Set<() => void>()
/** What was read while the page was loaded may be older than the first that is told: all of it is read once more, so long after. */
const settled = 2_000
/** A worker that does not answer twice is gone, and with it whatever it would have told. */
const pulse = 4_000
/** Without a stream, everything is read so often. */
const poll = 60_000
let connection: Connection = 'CONNECTING'
let offlineSince: Date | null = null
let polling: ReturnType<typeof setInterval> | undefined
let disconnect = () => {}
let retry = () => {}

const connections = { up: 'ONLINE', down: 'OFFLINE', busy: 'POLLING' } as const

/** Begins to listen, with the token of now. @param workerUrl the script of the shared worker, null to do without one */
export function connect(workerUrl: string | null, refused: () => void): void {
  disconnect()
  const token = currentToken()
  const hear = (told: Told<ChangesSubscription>) => {
    if (told.type === 'event') for (const listener of changeListeners) listener(told.data.changes)
    else if (told.type === 'refused') refused()
    else setConnection(connections[told.type])
  }
  const joining = { url: apiUrl('graphql'), headers: authorization(token) }
  const listenAlone = () => {
    const stream = listen(joining.url, ChangesDocument.toString(), joining.headers, hear)
    disconnect = stream.stop
    retry = stream.retry
  }
  // Chrome for Android has none: each tab listens by itself there.
  if (workerUrl === null || typeof SharedWorker === 'undefined') {
    listenAlone()
    return
  }
  // Tabs with the same token share a worker; its name must not hold the token.
  const worker = new SharedWorker(workerUrl, { type: 'module', name: `live ${hashOf(token ?? '')}` })
  let unanswered = 0
  worker.port.onmessage = ({ data }) => {
    unanswered = 0
    if (data !== 'alive') hear(data)
  }
  worker.port.postMessage(joining)
  const timer = setInterval(() => {
    if (unanswered >= 2) {
      setConnection('OFFLINE')
      connect(workerUrl, refused)
    } else {
      unanswered += 1
      worker.port.postMessage('ping')
    }
  }, pulse)
  disconnect = () => {
    clearInterval(timer)
    worker.port.close()
  }
  retry = () => worker.port.postMessage('retry')
  // Its script could not be loaded.
  worker.onerror = () => {
    disconnect()
    listenAlone()
  }
}

addEventListener('online', () => retry())

function setConnection(next: Connection): void {
  if (next === connection) return
  const before = connection
  connection = next
  offlineSince = next === 'OFFLINE' ? new Date() : null
  for (const listener of connectionListeners) listener(next)
  clearInterval(polling)
  if (next === 'POLLING') polling = setInterval(catchUp, poll)
  if (next !== 'ONLINE' && next !== 'POLLING') return
  if (before !== 'CONNECTING') catchUp()
  else setTimeout(catchUp, settled)
}

function catchUp(): void {
  for (const listener of gapListeners) listener()
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

/** Calls `read` soon after a change that matters, at most once in three seconds, and at once after a break, in which more may have changed. */
export function useReadAgain(
  read: (afterBreak: boolean) => void,
  matters: (change: Change) => boolean = () => true,
): void {
  const latest = useRef(read)
  latest.current = read
  const timer = useRef<number | undefined>(undefined)
  const readAt = useRef(0)
  useChange((change) => {
    if (timer.current !== undefined || !matters(change)) return
    const wait = Math.max(300, readAt.current + 3_000 - Date.now())
    timer.current = window.setTimeout(readNow, wait, false)
  })
  function readNow(afterBreak: boolean): void {
    clearTimeout(timer.current)
    timer.current = undefined
    readAt.current = Date.now()
    latest.current(afterBreak)
  }
  useEffect(() => {
    const readAll = () => readNow(true)
    gapListeners.add(readAll)
    return () => {
      clearTimeout(timer.current)
      gapListeners.delete(readAll)
    }
  }, [])
}

/** Tells names apart, and gives nothing of the text away to whoever looks at a list of workers. */
function hashOf(text: string): number {
  let hash = 5381
  for (const letter of text) hash = (hash * 33 + (letter.codePointAt(0) as number)) % 4_294_967_291
  return hash
}
