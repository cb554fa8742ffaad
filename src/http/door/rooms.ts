// The memory for the bodies of requests. A short body is taken as it comes. Only so many long ones are received at once, and together
// they take only so many bytes: what does not fit stays with its sender, because no more of it is read.

import { DomainError } from '../../domain/errors.ts'

/** In bytes. Such a body is no matter of memory: it waits for nothing. */
export const short = 64 * 1024

/** What a request may take for its body, until it is answered. */
export interface Room {
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

export interface Rooms {
  /**
   * What `work` returns. Whatever it takes is free again once it has ended.
   *
   * @param signal aborts when the client goes away
   * @param isCounted whether it is one of the bodies that the figures tell of
   */
  enter<T>(signal: AbortSignal, isCounted: boolean, work: (room: Room) => Promise<T>): Promise<T>
}

export interface RoomLimits {
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
export interface RoomFigures {
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
interface Guest {
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
export function createRooms({ atOnce, maxWaiting, bytes, bytesOfOne }: RoomLimits, figures: RoomFigures): Rooms {
  /** Those that have a turn, in the order in which they got it. */
  const long = new Set<Guest>()
  /** Those that wait for one. */
  const queue = new Set<Guest>()
  const bytesOfAll = bytes - bytesOfOne
  let checking: NodeJS.Timeout | null = null

  function fits(guest: Guest, more: number): boolean {
    const [first] = long
    return guest === first || figures.bytes + more <= bytesOfAll
  }

  /** Gives turns, and then bytes, to whom they can be given to. */
  function grant() {
    for (const guest of queue) {
      if (long.size >= atOnce) break
      queue.delete(guest)
      long.add(guest)
      count(guest, 'waiting', 'running')
    }
    for (const guest of long) {
      if (guest.wanted === 0 || !fits(guest, guest.wanted)) continue
      hold(guest, guest.wanted)
      guest.wanted = 0
      guest.go()
    }
    const isPressed = queue.size > 0 || [...long].some(({ wanted }) => wanted > 0)
    if (isPressed && checking === null) {
      for (const guest of long) look(guest)
      checking = setInterval(check, checkMs).unref()
    } else if (!isPressed && checking !== null) {
      clearInterval(checking)
      checking = null
    }
  }

  function hold(guest: Guest, more: number) {
    guest.held += more
    figures.bytes += more
  }

  function count({ isCounted }: Guest, from: 'running' | 'waiting', to: 'running' | 'waiting') {
    if (!isCounted) return
    figures[from] -= 1
    figures[to] += 1
  }

  function look(guest: Guest) {
    guest.seen = { arrived: guest.arrived, at: performance.now() }
  }

  /** A sender that stalls, or lets its body trickle in, would keep all others waiting. */
  function check() {
    for (const guest of long) {
      const { seen, arrived, isReceiving } = guest
      if (isReceiving && performance.now() - seen.at < patienceMs) continue
      if (!isReceiving || arrived - seen.arrived >= leastBytes) look(guest)
      else guest.fail(new DomainError('UNAVAILABLE', 'The body came too slowly while others waited; try again later.'))
    }
  }

  function leave(guest: Guest) {
    if (guest.isCounted) figures[queue.has(guest) ? 'waiting' : 'running'] -= 1
    queue.delete(guest)
    long.delete(guest)
    figures.bytes -= guest.held
    // Only while somebody waits.
    if (checking !== null) grant()
  }

  async function take(guest: Guest, more: number) {
    guest.size += more
    const wanted = Math.max(0, guest.size - short) - guest.held
    if (wanted <= 0) return
    if (long.has(guest)) {
      if (fits(guest, wanted)) return hold(guest, wanted)
    } else {
      if (long.size >= atOnce && queue.size >= maxWaiting) {
        throw new DomainError('UNAVAILABLE', `${maxWaiting} large bodies wait to be received; try again in a moment.`)
      }
      queue.add(guest)
      count(guest, 'running', 'waiting')
    }
    await new Promise<void>((resolve, reject) => {
      Object.assign(guest, { wanted, go: resolve, fail: reject })
      grant()
    })
    look(guest)
  }

  async function delivered<Part extends { value?: Uint8Array | undefined }>(guest: Guest, next: Promise<Part>) {
    guest.isReceiving = true
    try {
      const part = await new Promise<Part>((resolve, reject) => {
        guest.fail = reject
        next.then(resolve, reject)
      })
      guest.arrived += part.value?.byteLength ?? 0
      return part
    } finally {
      guest.isReceiving = false
    }
  }

  return {
    enter: async (signal, isCounted, work) => {
      const nothing = () => {}
      const guest: Guest = {
        isCounted,
        ...{ size: 0, held: 0, wanted: 0, go: nothing, fail: nothing, isReceiving: false, arrived: 0 },
        seen: { arrived: 0, at: 0 },
      }
      const goneAway = () => guest.fail(new DomainError('BAD_USER_INPUT', 'The body broke off.'))
      if (isCounted) figures.running += 1
      signal.addEventListener('abort', goneAway)
      try {
        return await work({ take: (more) => take(guest, more), delivered: (part) => delivered(guest, part) })
      } finally {
        signal.removeEventListener('abort', goneAway)
        leave(guest)
      }
    },
  }
}
