// Times the take-over of a large 0.6 file against copying it, and measures its memory.

import { spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, fsyncSync, openSync, statSync } from 'node:fs'
import { writeLargeDatabase } from '../support/oldDatabase.ts'

/** Four lines of log a run are what many files have that were looked at. */
const messages = 4

/**
 * Writes a file of that many runs to `file` and takes it over, in a process of its own, from its start to its end. Sizes are MiB.
 *
 * @param rounds how often; the figures are of the quickest
 */
export function timeTakeOver(file: string, runs: number, rounds: number) {
  const template = `${file}-template`
  writeLargeDatabase(template, runs, messages)
  const taken = Array.from({ length: rounds }, (_, round) => {
    const place = `${file}-${round}`
    const copying = seconds(() => copyDurably(template, place))
    let peakMemory = 0
    const upgrading = seconds(() => {
      peakMemory = migrate(place)
    })
    return { seconds: upgrading, timesCopying: upgrading / copying, peakMemory, after: mebibytes(statSync(place).size) }
  })
  const quickest = taken.reduce((a, b) => (a.seconds <= b.seconds ? a : b))
  return { ...quickest, runs, before: mebibytes(statSync(template).size) }
}

/** @returns the memory that it took at most */
function migrate(file: string): number {
  const tell = 'process.on("exit", () => console.error("peak " + process.resourceUsage().maxRSS))'
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${tell}`, 'dist/cli.js', 'migrate', '--json'],
    { env: { PATH: process.env.PATH, DATABASE_URL: `file:${file}` }, encoding: 'utf8' },
  )
  const peak = /peak (\d+)/.exec(stderr)?.[1]
  if (status !== 0 || peak === undefined) throw new Error(`The take-over failed: ${stderr}`)
  return mebibytes(Number(peak) * 1024)
}

function copyDurably(from: string, to: string) {
  copyFileSync(from, to)
  const descriptor = openSync(to, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function seconds(work: () => void): number {
  const startedAt = performance.now()
  work()
  return (performance.now() - startedAt) / 1000
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}
