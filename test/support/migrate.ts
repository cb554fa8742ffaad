// Runs `duplistatus migrate` as a process of its own that can be killed, limited, or somebody else's.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { compiled } from './compiled.ts'

export interface Migration {
  child: ChildProcess
  /** Resolves when it is gone: with its exit code, null if a signal ended it, and with what it printed on both streams. */
  ended: Promise<{ code: number | null; output: string }>
}

export interface MigrationOptions {
  /** A program that starts it, with its arguments, such as one that limits it. */
  through?: string[]
  /** The user and group it runs as. */
  user?: number | undefined
}

/** Starts an upgrade, which does not outlive its test. */
export function migrate(file: string, { through = [], user }: MigrationOptions = {}): Migration {
  const [program, ...args] = [...through, process.execPath, compiled('cli.js'), 'migrate']
  const child = spawn(program as string, args, {
    env: { PATH: process.env.PATH, DATABASE_URL: `file:${file}` },
    // A group of its own: what another program has started goes with it.
    detached: true,
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL')
  })
  let output = ''
  const hear = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
  return { child, ended }
}
