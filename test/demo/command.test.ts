// `duplistatus demo` as a process: what it serves and says, and that it leaves nothing behind.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { compiled } from '../support/compiled.ts'
import { newPlace } from '../support/folders.ts'

/** Starts the command. What is temporary, and the database that it must not touch, are in one folder of its own. */
function startDemo(...args: string[]) {
  const place = newPlace()
  const folder = dirname(place)
  const child = spawn(process.execPath, [compiled('cli.js'), 'demo', ...args], {
    env: { PATH: process.env.PATH, TMPDIR: folder, DATABASE_URL: `file:${place}` },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, folder, said: listenTo(child), exited }
}

/** Waits until the process has said something; fails if it ends without. */
function listenTo(child: ChildProcess): (pattern: RegExp) => Promise<RegExpExecArray> {
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  return (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output)
        if (match) resolve(match)
      }
      look()
      child.stdout?.on('data', look)
      child.stderr?.on('data', look)
      child.once('close', () => reject(new Error(`It did not say ${pattern}:\n${output}`)))
    })
}

/** A year is written before anything is served: beside other tests, that takes a while. */
const timeout = 60_000

it('serves the history until it is told to stop, and leaves nothing behind', { timeout }, async () => {
  const { child, folder, said, exited } = startDemo('--port', '0')
  const [, address] = await said(/(http:\S+)\/graphql +GraphiQL/)
  const body = JSON.stringify({ query: '{ summary { totalServers totalBackupJobs overdueJobs } }' })
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(await answer.json()).toEqual({ data: { summary: { totalServers: 7, totalBackupJobs: 20, overdueJobs: 4 } } })
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^duplistatus-demo-/)])
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(readdirSync(folder)).toEqual([])
})

it('leaves nothing behind if it is stopped while it writes', { timeout }, async () => {
  const { child, folder, said, exited } = startDemo('--port', '0')
  await said(/^Writing a year of invented history to \S+$/m)
  const served = said(/GraphiQL/).catch(() => 'never')
  child.kill('SIGINT')
  expect(await exited).toBe(0)
  expect(await served).toBe('never')
  expect(readdirSync(folder)).toEqual([])
})

it('says that the port is taken before it writes anything', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { folder, said, exited } = startDemo('--port', String(port))
  // It has said nothing else: no history is written that is not served.
  await said(new RegExp(`^Port ${port} of 127.0.0.1 is taken; stop what listens there, or set PORT.\n$`))
  expect(await exited).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})

it('explains itself with --help, and refuses what is not a port', async () => {
  const help = startDemo('--help')
  await help.said(/^Usage: duplistatus demo \[options\]$[\s\S]+--port <number> .+9666\)[\s\S]+--seed <number> .+1\)/m)
  expect(await help.exited).toBe(0)
  const wrong = startDemo('--port', '65536')
  await wrong.said(/option '--port <number>' argument '65536' is invalid. It must be a whole number from 0 to 65535./)
  expect(await wrong.exited).toBe(1)
  expect(readdirSync(wrong.folder)).toEqual([])
})
