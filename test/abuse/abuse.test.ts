// The server as a process of its own, and everything that can be sent to it at random: reports that were tampered with, GraphQL
// documents from the schema, REST requests, bytes over bare sockets, beside connections that stall. It answers each as promised, loses no report, stays up,
// and keeps within its memory. `SEED` makes other requests; with SOAK set there are 100,000.

import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { newPlace, soak } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { startProcess } from '../support/process.ts'
import { type Dice, diceFor } from '../support/random.ts'
import { type AbuseRequest, createSender } from './exchange.ts'
import { faultOf } from './faultOf.ts'
import { abusedGraphql } from './graphqlRequests.ts'
import { exchangeRaw, rawExchange, rawFaultOf, stall } from './rawBytes.ts'
import { abusedReport } from './reports.ts'
import { abusedRest } from './restRequests.ts'

const seed = Number(process.env.SEED ?? 1)
const counts = soak
  ? { reports: 25_000, graphql: 25_000, rest: 45_000, raw: 5000 }
  : { reports: 200, graphql: 250, rest: 250, raw: 40 }
const atOnce = 8
/** How many connections stand by all the time, neither reading nor writing. */
const stalled = 24
/** What docs/access.md says of memory, in MiB. */
const memoryBound = 1024

it('answers whatever comes as promised, loses no report, and stays within its memory', {
  timeout: 3_600_000,
}, async () => {
  const file = newPlace()
  const onlyLoopback = new URL('../support/onlyLoopback.mjs', import.meta.url).href
  const server = startProcess({
    DATABASE_URL: `file:${file}`,
    DUPLISTATUS_AUTH: 'off',
    NODE_OPTIONS: `--import ${onlyLoopback}`,
  })
  const address = (await server.listening).replace('localhost', '127.0.0.1')
  const send = createSender(address, atOnce)
  const statuses = new Map<string, number>()
  const count = (kind: string) => statuses.set(kind, (statuses.get(kind) ?? 0) + 1)
  const stored = new Set<number>()
  const faults: string[] = []
  let recorded = 0

  async function exchange(kind: string, index: number, request: AbuseRequest) {
    const answer = await send(request).catch((error: Error) => error)
    count(`${kind} ${answer instanceof Error ? 'none' : answer.status}`)
    note(kind, index, request, answer instanceof Error ? answer.message : faultOf(request, answer))
    return answer instanceof Error ? null : answer
  }

  function note(kind: string, index: number, request: object, fault: string | null) {
    if (fault !== null && faults.length < 20) faults.push(reproduction(kind, index, request, fault))
  }

  async function phase(kind: keyof typeof counts, work: (dice: Dice, index: number) => Promise<void>) {
    const began = Date.now()
    await eachOf(counts[kind], (index) => work(diceFor(seed, index), index))
    const perSecond = Math.round((counts[kind] * 1000) / (Date.now() - began))
    console.info(`${counts[kind]} ${kind} of seed ${seed}: ${perSecond}/s, ${memoryOf(server.child.pid)}`)
    expect(server.child.exitCode, server.output()).toBeNull()
  }

  const endStalling = stall(address, stalled)
  await phase('reports', async (dice, index) => {
    const answer = await exchange('reports', index, abusedReport(dice, index))
    if (answer?.status !== 200) return
    const { backup, duplicate } = JSON.parse(answer.body.toString())
    if (backup === undefined) return
    stored.add(backup.id)
    if (!duplicate) recorded += 1
  })
  expect(recorded).toBe(stored.size)
  expect(idsIn(file)).toEqual([...stored].sort((a, b) => a - b))
  expect(problemsIn(file)).toEqual([])

  await phase('graphql', async (dice, index) => void (await exchange('graphql', index, abusedGraphql(dice))))
  await phase('rest', async (dice, index) => void (await exchange('rest', index, abusedRest(dice))))
  await phase('raw', async (dice, index) => {
    const raw = rawExchange(dice)
    const answer = await exchangeRaw(address, raw)
    count(`raw ${/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none'}`)
    note('raw', index, raw, rawFaultOf(answer))
  })

  console.info(
    [...statuses]
      .sort()
      .map(([kind, times]) => `${kind}: ${times}`)
      .join(', '),
  )
  expect(faults).toEqual([])
  endStalling()
  const peak = peakOf(server.child.pid)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  expect(server.output().match(/^.*"level":(?:50|60).*$/gm)).toBeNull()
  expect(existsSync(`${file}-wal`)).toBe(false)
  expect(problemsIn(file)).toEqual([])
  if (peak !== null) expect(peak).toBeLessThan(memoryBound)
})

/** Does the work for every index, several at once. */
async function eachOf(total: number, work: (index: number) => Promise<void>) {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < total; index = next++) await work(index)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** All that it takes to send it again. */
function reproduction(kind: string, index: number, request: object, fault: string): string {
  const shown = JSON.stringify(request, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  return `SEED=${seed}, ${kind} ${index}: ${fault.slice(0, 2000)}\n${shown.slice(0, 10_000)}`
}

function idsIn(file: string): number[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare<[], number>('SELECT id FROM backups ORDER BY id').pluck().all()
  } finally {
    database.close()
  }
}

/** The most memory that the process has held, in MiB; null where the system does not say. */
function peakOf(pid: number | undefined): number | null {
  return figureOf(pid, 'VmHWM')
}

function memoryOf(pid: number | undefined): string {
  return `${figureOf(pid, 'VmRSS')} MiB, at most ${figureOf(pid, 'VmHWM')} MiB`
}

function figureOf(pid: number | undefined, name: string): number | null {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return null
  const kibibytes = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(status, 'utf8'))?.[1]
  return Math.round(Number(kibibytes) / 1024)
}
