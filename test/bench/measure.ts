// Measures one operation on both servers, in rounds that alternate: what slows the machine down for a while slows both.

import { isDeepStrictEqual } from 'node:util'
import autocannon from 'autocannon'
import type { Operation } from './operations.ts'
import type { BenchServer } from './servers.ts'

export interface Measured {
  operation: string
  /** Requests per second, the median of the rounds. */
  ours: number
  floor: number
  /** Ours against the floor, by round. */
  ratio: Spread
  /** The same by the processor time that a request takes: what else runs on the machine does not change it. */
  processorRatio: Spread | null
  /** Milliseconds, the median of the rounds. */
  p99: { ours: number; floor: number }
  /** MiB of ours afterwards. */
  memory: number | null
  bar: number
}

export interface Spread {
  median: number
  least: number
  most: number
}

export interface Rounds {
  count: number
  seconds: number
  /** Seconds, before the first. */
  warmUp: number
}

const headers = { 'content-type': 'application/json', accept: 'application/json' }
let number = 0

/** @throws Error if the two do not answer alike, or any request fails */
export async function measure(operation: Operation, ours: BenchServer, floor: BenchServer, rounds: Rounds) {
  await alike(operation, ours, floor)
  await warmUp(operation, [ours, floor], rounds)
  const figures = []
  for (let round = 0; round < rounds.count; round++) {
    figures.push({
      ours: await load(operation, ours, rounds.seconds),
      floor: await load(operation, floor, rounds.seconds),
    })
  }
  const processor = figures.map((round) => round.floor.processorMs / round.ours.processorMs)
  return {
    operation: operation.name,
    ours: median(figures.map((round) => round.ours.perSecond)),
    floor: median(figures.map((round) => round.floor.perSecond)),
    ratio: spread(figures.map((round) => round.ours.perSecond / round.floor.perSecond)),
    processorRatio: processor.some(Number.isNaN) ? null : spread(processor),
    p99: {
      ours: median(figures.map((round) => round.ours.p99)),
      floor: median(figures.map((round) => round.floor.p99)),
    },
    memory: ours.memory(),
    bar: operation.bar,
  } satisfies Measured
}

interface Loaded {
  operation: Operation
  server: BenchServer
}

/** How many times as many requests a second the first answers as the second, by rounds that alternate. */
export async function timesSlower(first: Loaded, second: Loaded, rounds: Rounds): Promise<number> {
  for (const { operation, server } of [first, second]) await warmUp(operation, [server], rounds)
  const ratios = []
  for (let round = 0; round < rounds.count; round++) {
    const before = await load(first.operation, first.server, rounds.seconds)
    ratios.push(before.perSecond / (await load(second.operation, second.server, rounds.seconds)).perSecond)
  }
  return median(ratios)
}

/** The engine compiles what was called some thousand times: before that, the more code there is the slower it is. */
async function warmUp(operation: Operation, servers: BenchServer[], rounds: Rounds) {
  for (const server of servers) await load(operation, server, rounds.warmUp)
}

async function alike(operation: Operation, ours: BenchServer, floor: BenchServer) {
  const body = operation.body(++number)
  const [answer, expected] = await Promise.all([ours, floor].map(({ url }) => post(url, operation.path, body)))
  // The numbers of runs go apart, because more is written to one than to the other.
  const [one, other] = [answer, expected].map((body) =>
    operation.path === '/graphql' ? body : { ...body, backup: null },
  )
  if (isDeepStrictEqual(one, other)) return
  throw new Error(`${operation.name}: ours answers\n${JSON.stringify(one)}\nand the floor\n${JSON.stringify(other)}`)
}

export async function post(
  url: string,
  path: string,
  body: string | Buffer<ArrayBuffer>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok || answer.errors) throw new Error(JSON.stringify(answer))
  return answer
}

async function load({ path, connections, body }: Operation, { url, processorSeconds }: BenchServer, seconds: number) {
  const startedAt = performance.now()
  const before = processorSeconds() ?? Number.NaN
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const requests = [{ method: 'POST', path, headers, setupRequest: freshBody }] as autocannon.Request[]
    // It stops at the next sample, which it takes each second unless it is told.
    const options = { url, connections, duration: 60, sampleInt: 50, requests }
    const running = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    // Its own clock ticks in seconds.
    setTimeout(() => running.stop(), seconds * 1000)
  })
  const took = (performance.now() - startedAt) / 1000
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx + result.errors} requests failed`)
  const processorMs = (((processorSeconds() ?? Number.NaN) - before) * 1000) / result['2xx']
  return { perSecond: result['2xx'] / took, processorMs, p99: result.latency.p99 }

  function freshBody(request: autocannon.Request): autocannon.Request {
    return { ...request, body: body(++number) }
  }
}

function spread(values: number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? Number(sorted[middle]) : (Number(sorted[middle - 1]) + Number(sorted[middle])) / 2
}
