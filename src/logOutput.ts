// Where the server's log goes: standard output, without ever waiting for whoever reads it. A terminal that is paused and a log driver
// that hangs fill the pipe, and a server that writes into it as it goes would stand still with them.

import { write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** In bytes: what waits for a reader. Beyond it, lines are dropped and counted. */
const room = 2 ** 20
/** How long the last lines are waited for when the server ends, in milliseconds. */
const patienceMs = 1000

export interface LogOutput {
  write(line: string): void
  /** Resolves when everything is written, or when nobody has read it for a second. */
  flush(): Promise<void>
}

/**
 * @param descriptor what it is written to
 * @param dropped the line that says how many lines were dropped, once there is room again
 */
export function logOutput(descriptor: number, dropped: (lines: number) => string): LogOutput {
  let waiting: Buffer[] = []
  let bytes = 0
  let lost = 0
  let isWriting = false
  let emptied = () => {}

  function next() {
    if (lost > 0 && bytes < room / 2) {
      const line = dropped(lost)
      lost = 0
      keep(line)
    }
    const all = Buffer.concat(waiting)
    waiting = []
    isWriting = all.length > 0
    if (isWriting) put(all)
    else emptied()
  }

  function put(part: Buffer) {
    // In a thread of libuv: only that thread waits for the reader.
    write(descriptor, part, (error, written) => {
      // Nobody will read it any more: the log is lost, and the server goes on.
      const rest = error && error.code !== 'EAGAIN' ? Buffer.alloc(0) : part.subarray(written ?? 0)
      bytes -= part.length - rest.length
      if (rest.length === 0) next()
      else if (error) setTimeout(() => put(rest), 10)
      else put(rest)
    })
  }

  function keep(line: string) {
    const buffer = Buffer.from(line)
    waiting.push(buffer)
    bytes += buffer.length
  }

  return {
    write: (line) => {
      if (bytes > room) {
        lost += 1
        return
      }
      keep(line)
      if (!isWriting) {
        isWriting = true
        setImmediate(next)
      }
    },
    flush: async () => {
      if (!isWriting) return
      const done = new Promise<void>((resolve) => {
        emptied = resolve
      })
      await Promise.race([done, sleep(patienceMs)])
    },
  }
}
