// Tells how far long work is: a bar on a terminal, and in a log a line every few seconds.

import type { Logger } from 'pino'

const quietMs = 3000
const width = 30

/**
 * Starts to tell. The function it returns is called with how much of how much is done; short work is not told of.
 *
 * @param what the work, as `Copying`
 * @param unit what is counted, as `runs`
 */
export function startProgress(what: string, unit: string, log: Logger): (done: number, total: number) => void {
  const startedAt = Date.now()
  const terminal = process.stderr.isTTY
  let toldAt = startedAt
  return (done, total) => {
    const now = Date.now()
    if (now - toldAt < (terminal ? 100 : quietMs) && !(terminal && done === total && toldAt > startedAt)) return
    toldAt = now
    const share = total === 0 ? 1 : done / total
    const secondsLeft = Math.ceil(((now - startedAt) / 1000) * (1 / Math.max(share, 0.001) - 1))
    const text = `${what}: ${Math.floor(share * 100)} %, ${done} of ${total} ${unit}, ${secondsLeft} s left`
    if (!terminal) return log.info(text)
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
    process.stderr.write(`\r${bar} ${text}\x1b[K${done === total ? '\n' : ''}`)
  }
}
