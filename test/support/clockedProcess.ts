// Runs clockedServer.ts, kills it, and starts it again.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { compiled } from './compiled.ts'

export interface ClockedProcess {
  address: string
  /** Sets the clock, and lets the server look what time has brought. Rejects if the process ends meanwhile. */
  reach(time: Date, look: boolean): Promise<void>
  /** Ends it at once, wherever it is. */
  kill(): void
  exited: Promise<unknown>
}

/**
 * @param killAfterMs kills it so soon after its start; null: it lives
 * @throws Error if it ends before it listens
 */
export async function startClockedProcess(
  file: string,
  time: Date,
  killAfterMs: number | null,
): Promise<ClockedProcess> {
  const child = spawn(process.execPath, [compiled('clockedServer.js')], {
    env: { PATH: process.env.PATH, DATABASE_URL: `file:${file}`, NOW: time.toISOString() },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => void child.kill('SIGKILL')
  onTestFinished(kill)
  const exited = once(child, 'exit')
  const ended = exited.then(() => {
    throw new Error('The process ended.')
  })
  ended.catch(() => {})
  if (killAfterMs !== null) setTimeout(kill, killAfterMs)
  const heard = async () => (await Promise.race([once(child, 'message'), ended]))[0]

  const { listening } = await heard()
  return {
    address: listening,
    reach: async (time, look) => {
      if (!child.connected) throw new Error('The process ended.')
      const answer = heard()
      child.send({ time: time.toISOString(), look }, () => {})
      await answer
    },
    kill,
    exited,
  }
}
