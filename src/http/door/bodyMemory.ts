// The memory for the bodies of requests. A short body is taken as it comes. Only so many long ones are received at once, and together
// they take only so many bytes: what does not fit stays with its sender, because no more of it is read.

import { DomainError } from '../../domain/errors.ts'

/** In bytes. Such a body is no matter of memory: it waits for nothing. */
export const short = 64 * 1024

/** What a request may take for its body, until it is answered. */
export interface Allowance {
  /**
   * Resolves when there is room for so many bytes more.
   *
   * @throws DomainError UNAVAILABLE if too many wait already, BAD_USER_INPUT if the client goes away meanwhile
   */
  take(bytes: number): Promise<void>
  /**
   * What the sender delivers next.
   *
   * @throws DomainError UNAVAILABLE if others wait and the sender does not deliver
   */
  delivered<Part extends { value?: Uint8Array | undefined }>(part: Promise<Part>): Promise<Part>
}

export interface BodyMemory {
  /**
   * What `work` returns. Whatever it takes is free again once it has ended.
   *
   * @param signal aborts when the client goes away
   * @param isCounted whether it is one of the bodies that the figures tell of
   */
  receive<T>(signal: AbortSignal, isCounted: boolean, work: (allowance: Allowance) => Promise<T>): Promise<T>
}

export interface BodyMemoryLimits {
  /** How many long bodies are received at once. */
  atOnce: number
  /** How many others may wait for their turn. */
  maxWaiting: number
  /** The bytes of all long bodies, beyond the first 64 KiB of each. */
  bytes: number
  /** The bytes of one body. */
  bytesOfOne: number
}

/** Kept true: bodies that are being received, those that wait for their turn, and the bytes that are held. */
export interface BodyMemoryFigures {
  running: number
  waiting: number
  bytes: number
}

/** While somebody waits, senders are looked at so often. */
const checkMs = 1000
/** Whoever delivers less than this in five seconds, while others wait, makes room for them. */
const patienceMs = 5000
const leastBytes = 160 * 1024

/** A body on its way. */
interface Body {
  isCounted: boolean
  /** How much of it there is, and how much of that is counted as held. */
  size: number
  held: number
  /** How much it waits for; 0 if it does not. */
  wanted: number
  /** Ends the waiting, or whatever the sender is waited for with. */
  go: () => void
  fail: (error: Error) => void
  /** Whether it is the sender's turn to do something. */
  isReceiving: boolean
  /** How much the sender has delivered in all, and what had been delivered when it was looked at last. */
  arrived: number
  seen: { arrived: number; at: number }
}

/**
 * Long bodies get their turn in the order in which they ask for it. The first of those that have one always gets the bytes that it
 * wants: a part of the memory, as large as one body, is kept for it. So it can end, and then the next one is the first.
 *
 * @param figures kept true
 */
export function createBodyMemory(
  { atOnce, maxWaiting, bytes, bytesOfOne }: BodyMemoryLimits,
  figures: BodyMemoryFigures,
): BodyMemory {
  /** Those that have a turn, in the order in which they got it. */
  const long = new Set<Body>()
  /** Those that wait for one. */
  const queue = new Set<Body>()
  const bytesOfAll = bytes - bytesOfOne
  let checking: NodeJS.Timeout | null = null

  function fits(body: Body, more: number): boolean {
    const [first] = long
    return body === first || figures.bytes + more <= bytesOfAll
  }

  /** Gives turns, and then bytes, to whom they can be given to. */
  function grant() {
    for (const body of queue) {
      if (long.size >= atOnce) break
      queue.delete(body)
      long.add(body)
      count(body, 'waiting', 'running')
    }
    for (const body of long) {
      if (body.wanted === 0 || !fits(body, body.wanted)) continue
      hold(body, body.wanted)
      body.wanted = 0
      body.go()
    }
    const isPressed = queue.size > 0 || [...long].some(({ wanted }) => wanted > 0)
    if (isPressed && checking === null) {
      for (const body of long) look(body)
      checking = setInterval(check, checkMs).unref()
    } else if (!isPressed && checking !== null) {
      clearInterval(checking)
      checking = null
    }
  }

  function hold(body: Body, more: number) {
    body.held += more
    figures.bytes += more
  }

  function count({ isCounted }: Body, from: 'running' | 'waiting', to: 'running' | 'waiting') {
    if (!isCounted) return
    figures[from] -= 1
    figures[to] += 1
  }

  function look(body: Body) {
    body.seen = { arrived: body.arrived, at: performance.now() }
  }

  /** A sender that stalls, or lets its body trickle in, would keep all others waiting. */
  function check() {
    for (const body of long) {
      const { seen, arrived, isReceiving } = body
      if (isReceiving && performance.now() - seen.at < patienceMs) continue
      if (!isReceiving || arrived - seen.arrived >= leastBytes) look(body)
      else body.fail(new DomainError('UNAVAILABLE', 'The body came too slowly while others waited; try again later.'))
    }
  }

  function leave(body: Body) {
    if (body.isCounted) figures[queue.has(body) ? 'waiting' : 'running'] -= 1
    queue.delete(body)
    long.delete(body)
    figures.bytes -= body.held
    // Only while somebody waits.
    if (checking !== null) grant()
  }

  async function take(body: Body, more: number) {
    body.size += more
    const wanted = Math.max(0, body.size - short) - body.held
    if (wanted <= 0) return
    if (long.has(body)) {
      if (fits(body, wanted)) return hold(body, wanted)
    } else {
      if (long.size >= atOnce && queue.size >= maxWaiting) {
        throw new DomainError('UNAVAILABLE', `${maxWaiting} large bodies wait to be received; try again in a moment.`)
      }
      queue.add(body)
      count(body, 'running', 'waiting')
    }
    await new Promise<void>((resolve, reject) => {
      Object.assign(body, { wanted, go: resolve, fail: reject })
      grant()
    })
    look(body)
  }

  async function delivered<Part extends { value?: Uint8Array | undefined }>(body: Body, next: Promise<Part>) {
    body.isReceiving = true
    try {
      const part = await new Promise<Part>((resolve, reject) => {
        body.fail = reject
        next.then(resolve, reject)
      })
      body.arrived += part.value?.byteLength ?? 0
      return part
    } finally {
      body.isReceiving = false
    }
  }

  return {
    receive: async (signal, isCounted, work) => {
      const nothing = () => {}
      const body: Body = {
        isCounted,
        ...{ size: 0, held: 0, wanted: 0, go: nothing, fail: nothing, isReceiving: false, arrived: 0 },
        seen: { arrived: 0, at: 0 },
      }
      const goneAway = () => body.fail(new DomainError('BAD_USER_INPUT', 'The body broke off.'))
      if (isCounted) figures.running += 1
      signal.addEventListener('abort', goneAway)
      try {
        return await work({ take: (more) => take(body, more), delivered: (part) => delivered(body, part) })
      } finally {
        signal.removeEventListener('abort', goneAway)
        leave(body)
      }
    },
  }
}
