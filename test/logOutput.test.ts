// Nobody reads the log: a paused terminal, a log driver that hangs. The server goes on, and says later what is missing.

import { expect, it } from 'vitest'
import { newPlace } from './support/folders.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

/** What a line of the log takes, so that a few thousand are more than any pipe and the buffer hold. */
const long = 'x'.repeat(1000)

it('goes on while nobody reads the log, and says how many lines were dropped', async () => {
  const server = startProcess({ DATABASE_URL: `file:${newPlace()}` })
  const address = await server.listening
  server.child.stdout?.pause()
  const post = async (number: number) => {
    const extra = { 'machine-name': long, 'backup-id': `DB-${number % 10}`, 'backup-name': `job ${number % 10}` }
    const BeginTime = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString()
    const body = JSON.stringify(report({ data: { BeginTime, EndTime: BeginTime }, extra }))
    return (await fetch(`${address}/api/upload`, { method: 'POST', body })).status
  }
  let sent = 0
  for (let round = 0; round < 60; round++) {
    const statuses = await Promise.all(Array.from({ length: 50 }, () => post(sent++)))
    expect(statuses.every((status) => status === 200)).toBe(true)
  }
  expect((await fetch(`${address}/api/health`)).status).toBe(200)
  server.child.stdout?.resume()
  await expect.poll(server.output, { timeout: 10_000 }).toMatch(/"dropped":\d+/)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  const lines = server
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const recorded = lines.filter(({ outcome }) => outcome === 'recorded').length
  const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0)
  expect(recorded + dropped).toBeGreaterThanOrEqual(sent)
  expect(lines.at(-1)).toMatchObject({ msg: 'Stopped' })
}, 60_000)

it('stops within seconds although nobody reads the log', async () => {
  const server = startProcess({ DATABASE_URL: `file:${newPlace()}` })
  const address = await server.listening
  server.child.stdout?.pause()
  for (let number = 0; number < 300; number++) {
    await fetch(`${address}/api/upload`, { method: 'POST', body: JSON.stringify({ Data: long }) })
  }
  server.child.kill('SIGTERM')
  const timeout = new Promise((resolve) => setTimeout(resolve, 15_000, 'still there').unref())
  // The streams are only closed once they are read.
  const exited = new Promise((resolve) => server.child.once('exit', resolve))
  expect(await Promise.race([exited, timeout])).toBe(0)
}, 60_000)
