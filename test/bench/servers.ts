// The two servers under test, each as a process of its own: the production build of ours, and the floor.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface BenchServer {
  url: string
  /** Milliseconds from its start to its first healthy answer. */
  healthyAfterMs: number
  /** Seconds of processor time it has taken since its start; null where the system does not tell. */
  processorSeconds(): number | null
  /** Resident memory now, in MiB; null where the system does not tell. */
  memory(): number | null
  /** Resident memory at its highest since the call before, in MiB. */
  peakMemory(): number | null
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Started as in the image. */
export function startOurs(file: string): Promise<BenchServer> {
  const options = { NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=8', MALLOC_ARENA_MAX: '2' }
  return start(['dist/main.js'], { PORT: '0', DATABASE_URL: `file:${file}`, LOG_LEVEL: 'info', ...options })
}

export function startFloor(file: string): Promise<BenchServer> {
  return start(['--import', 'tsx', 'test/bench/floor/server.ts', file], {})
}

async function start(args: string[], environment: Record<string, string>): Promise<BenchServer> {
  // What the shortcuts are worth is seen without them.
  const { PREPARED_READS, QUERY_PLANS } = process.env
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, PREPARED_READS, QUERY_PLANS, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await listening(child)
  const health = await fetch(`${url}/api/health`)
  if (!health.ok) throw new Error(`${url} is not healthy: ${health.status}`)
  await health.arrayBuffer()
  return {
    url,
    healthyAfterMs: performance.now() - startedAt,
    processorSeconds: () => processorSeconds(child),
    memory: () => kibibytes(child, 'VmRSS'),
    peakMemory: () => {
      const peak = kibibytes(child, 'VmHWM')
      // The kernel then counts the peak from now on.
      if (peak !== null) writeFileSync(`/proc/${child.pid}/clear_refs`, '5')
      return peak
    },
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', function read(chunk) {
      output += chunk
      const address = /Listening on (http:\/\/[^;\s"]+)/.exec(output)?.[1]
      if (!address) return
      // What it logs from then on is only let run out: there is a line for each report.
      child.stdout?.off('data', read).resume()
      resolve(address.replace('localhost', '127.0.0.1'))
    })
    child.once('close', () => reject(new Error(`It does not listen:\n${output}`)))
  })
}

function kibibytes({ pid }: ChildProcess, name: string): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  } catch {
    return null
  }
}

function processorSeconds({ pid }: ChildProcess): number | null {
  try {
    // The name of the program stands in brackets; user and system time are the 12th and 13th after it, in hundredths.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return null
  }
}
