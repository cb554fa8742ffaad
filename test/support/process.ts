// Runs the server as a process of its own, as a user does.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { compiled } from './compiled.ts'

export interface ServerProcess {
  child: ChildProcess
  /** Everything it printed, on both streams. */
  output(): string
  /** Resolves with the address it listens at. */
  listening: Promise<string>
  /** Resolves with its exit code, or null if a signal ended it. */
  exited: Promise<number | null>
}

/**
 * Starts the server on a free port, unless the environment says otherwise. It does not outlive the test.
 *
 * @param user the user and group it runs as, if not those of the tests
 */
export function startProcess(environment: Record<string, string>, cwd = process.cwd(), user?: number): ServerProcess {
  const server = spawnServer(environment, cwd, user)
  onTestFinished(() => void server.child.kill('SIGKILL'))
  return server
}

/** The same for several tests: whoever calls this ends it. */
export function spawnServer(environment: Record<string, string>, cwd = process.cwd(), user?: number): ServerProcess {
  const child = spawn(process.execPath, [compiled('main.js')], {
    cwd,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  let output = ''
  const listening = new Promise<string>((resolve, reject) => {
    let heard = false
    const hear = (chunk: Buffer) => {
      output += chunk
      if (heard) return
      const address = /Listening on (http:\/\/[^; ]+)/.exec(output)?.[1]
      if (!address) return
      heard = true
      resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('close', () => reject(new Error(`The server does not listen:\n${output}`)))
  })
  listening.catch(() => {})
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => output, listening, exited }
}
