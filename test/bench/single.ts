// What is measured once and not by the second: the start, a huge report, and events to many subscribers at once.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { Worker } from 'node:worker_threads'
import { median, post } from './measure.ts'
import { type BenchServer, startOurs } from './servers.ts'

/** Milliseconds from the start of ours on the file to its first healthy answer: the median of `count` starts. */
export async function startTime(file: string, count: number): Promise<number> {
  const times = []
  for (let round = 0; round < count; round++) {
    const server = await startOurs(file)
    times.push(server.healthyAfterMs)
    await server.stop()
  }
  return median(times)
}

/** What reports of that many MiB take, one after the other: the medians. */
export async function hugeReports(server: BenchServer, mebibytes: number, count: number) {
  const each = []
  for (let number = 1; number <= count; number++) each.push(await hugeReport(server, mebibytes, number))
  const ratios = each.flatMap(({ memoryRatio }) => memoryRatio ?? [])
  return {
    seconds: median(each.map(({ seconds }) => seconds)),
    memoryRatio: ratios.length > 0 ? median(ratios) : null,
    longestWait: median(each.map(({ longestWait }) => longestWait)),
  }
}

/** Posts a report of that many MiB, nearly all of it log, while somebody else asks for the health all the time. */
async function hugeReport(server: BenchServer, mebibytes: number, number: number) {
  const body = hugeBody(mebibytes * 2 ** 20, number)
  const before = server.memory()
  server.peakMemory()
  const endWaiting = await watchWaits(server.url)
  const startedAt = performance.now()
  await post(server.url, '/api/upload', body)
  const seconds = (performance.now() - startedAt) / 1000
  const longestWait = await endWaiting()
  const peak = server.peakMemory()
  return {
    seconds,
    /** How much of the memory was there only for this report, as a multiple of its size. */
    memoryRatio: before === null || peak === null ? null : (peak - before) / mebibytes,
    /** Milliseconds. */
    longestWait: longestWait.longest,
  }
}

/** @param day on which it began */
function hugeBody(bytes: number, day: number): Buffer<ArrayBuffer> {
  const report = JSON.parse(readFileSync(new URL('../fixtures/success.json', import.meta.url), 'utf8'))
  const line = report.LogLines[0] as string
  report.Data.BeginTime = new Date(Date.UTC(2026, 0, day)).toISOString()
  report.LogLines = Array.from({ length: Math.floor(bytes / (line.length + 3)) }, () => line)
  return Buffer.from(JSON.stringify(report))
}

/** What others wait for, in milliseconds. */
interface Waits {
  median: number
  longest: number
}

const many = (count: number, field: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => field(index)).join(' ')
const begun = '"2024-01-01T00:00:00Z"'

/** The heaviest that a client with a token that reads can ask for. */
const heavy: Record<string, string> = {
  'a chart of each server, of all runs': `{ servers(first: 50) { nodes { history(from: ${begun}, bucket: DAY, timeZone: "Asia/Kathmandu") { runs } } } }`,
  'sixty charts of each server': `{ servers(first: 50) { nodes { ${many(60, (index) => `a${index}: history(bucket: MONTH) { runs }`)} } } }`,
  'a hundred counts': `{ ${many(100, (index) => `a${index}: backups(filter: { beganAfter: ${begun} }) { totalCount }`)} }`,
  'a hundred lists without an item': `{ ${many(100, (index) => `a${index}: backups(filter: { dryRun: true }, first: 1) { nodes { id } }`)} }`,
  'nine pages of a hundred runs': `{ ${many(9, (index) => `a${index}: backups(first: 100) { nodes { id job { server { jobs { name } } } } }`)} }`,
}

/** How long somebody else waits while the heaviest requests are answered, one after the other, beside how long on an idle server. */
export async function bystanders({ url }: BenchServer) {
  const beside = async (work: () => Promise<unknown>): Promise<Waits> => {
    const endWaiting = await watchWaits(url)
    await work()
    return endWaiting()
  }
  const idle = await beside(() => new Promise((resolve) => setTimeout(resolve, 1000)))
  const busy: Record<string, Waits> = {}
  for (const [name, query] of Object.entries(heavy)) {
    const headers = { 'content-type': 'application/json' }
    // Some are refused once they have cost enough.
    busy[name] = await beside(async () =>
      (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).text(),
    )
  }
  busy['a scrape of the metrics'] = await beside(async () => (await fetch(`${url}/metrics`)).text())
  return { idle, busy }
}

/**
 * Asks for the health all the time, in a thread of its own: that of the report is busy with sending it.
 *
 * @returns ends that, and tells how long the answers took
 */
async function watchWaits(url: string): Promise<() => Promise<Waits>> {
  const thread = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
    const waits = []
    let done = false
    parentPort.once('message', () => { done = true })
    const ask = async () => {
      while (!done) {
        const askedAt = performance.now()
        await (await fetch(workerData)).arrayBuffer()
        waits.push(performance.now() - askedAt)
      }
    }
    fetch(workerData).then((first) => first.arrayBuffer()).then(() => {
      parentPort.postMessage('asking')
      return ask()
    }).then(() => parentPort.postMessage(waits.sort((a, b) => a - b)))`,
    { eval: true, workerData: `${url}/api/health` },
  )
  await once(thread, 'message')
  return async () => {
    thread.postMessage('done')
    const [waits] = (await once(thread, 'message')) as [number[]]
    return { median: median(waits), longest: waits.at(-1) ?? 0 }
  }
}

/** Events that reach `clients` subscribers in a second, while reports are posted one after the other. */
export async function fanOut({ url }: BenchServer, clients: number, reports: string[]): Promise<number> {
  let received = 0
  let expected = 0
  let reached = () => {}
  const streams = await Promise.all(Array.from({ length: clients }, () => subscribe(url)))
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      received += chunk.toString().split('"backupRecorded"').length - 1
      if (received === expected) reached()
    })
  }
  // A subscription hears what happens once it is there, a moment after its headers are.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const startedAt = performance.now()
  for (const report of reports) {
    expected += clients
    const all = new Promise<void>((resolve) => {
      reached = resolve
    })
    await post(url, '/api/upload', report)
    if (received < expected) await all
  }
  const seconds = (performance.now() - startedAt) / 1000
  for (const stream of streams) stream.destroy()
  return received / seconds
}

async function subscribe(url: string): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const sent = request(`${url}/graphql`, { method: 'POST', headers, agent: false })
  sent.end(
    JSON.stringify({ operationName: 'listen', query: 'subscription listen { backupRecorded { id } }', variables: {} }),
  )
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  return response
}
