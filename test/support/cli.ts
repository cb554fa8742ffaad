// Runs the commands, or the server where it is expected to end by itself, as processes of their own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { compiled } from './compiled.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs a compiled source, and waits for its end. It does not outlive the test.
 *
 * @param user the user and group it runs as, if not those of the tests
 */
export async function run(
  name: string,
  args: string[],
  environment: Record<string, string>,
  user?: number,
): Promise<Ended> {
  const child = spawn(process.execPath, [compiled(name), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

/** Runs `duplistatus ARGS` for the database in `file`. */
export function duplistatus(file: string, ...args: string[]): Promise<Ended> {
  return run('cli.js', args, { DATABASE_URL: `file:${file}` })
}
