// Measures how fast the server is against the floor: a bare HTTP server with statements written by hand, which returns the
// same data (test/bench/floor). What counts is the ratio of the two: they are driven in rounds that alternate, because a
// machine is faster now and slower then.
//
//   npm run bench              everything: about 15 minutes
//   npm run bench -- --short   one round of each operation on 10,000 runs, in about a minute
//   npm run bench -- page      only operations whose names hold this text
//   npm run bench -- --takeover   only the take-over of an old file, against copying it
//
// It needs the production build, and makes it if need be. The database files are made in the folder for temporary files
// and take 1.5 GiB there for a moment. The figures are printed as a table and written to test/bench/results.json; beside
// the ratio by requests per second stands that by processor time per request, which other work on the machine does not
// change. Requests per second are of the driver as well: it runs on the same machine.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Measured, measure, timesSlower } from './measure.ts'
import { type Operation, operations } from './operations.ts'
import { startFloor, startOurs } from './servers.ts'
import { bystanders, fanOut, hugeReports, startTime } from './single.ts'
import { singles, table } from './table.ts'
import { timeTakeOver } from './takeOver.ts'
import { writeRuns } from './writeRuns.ts'

const short = process.argv.includes('--short')
const takeOverAlone = process.argv.includes('--takeover')
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))[0] ?? ''
const rounds = short ? { count: 1, seconds: 0.5, warmUp: 0.5 } : { count: 10, seconds: 1, warmUp: 3 }
const until = new Date()

const folder = mkdtempSync(join(tmpdir(), 'duplistatus-bench-'))
try {
  execFileSync(process.execPath, ['src/ensureBuilt.mjs'], { stdio: 'inherit' })
  const about = machine()
  if (takeOverAlone) console.log(singles({ takeOver: takeOver() }))
  else {
    const results = { ...about, measured: await againstTheFloor(), single: only ? [] : await alone() }
    writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function machine() {
  const shape = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  console.log(`${until.toISOString().slice(0, 10)}, ${shape}, Linux ${release()}, Node.js ${process.version}\n`)
  return { date: until, machine: shape, node: process.version }
}

/** A file of that many runs. */
async function made(runs: number): Promise<string> {
  const file = join(folder, `${runs}.db`)
  await writeRuns(file, runs, until)
  return file
}

async function againstTheFloor(): Promise<Measured[]> {
  const file = await made(short ? 10_000 : 100_000)
  const copy = join(folder, 'floor.db')
  copyFileSync(file, copy)
  const [ours, floor] = [await startOurs(file), await startFloor(copy)]
  try {
    const measured = []
    for (const operation of operations(until).filter(({ name }) => name.includes(only))) {
      measured.push(await measure(operation, ours, floor, rounds))
      console.log(table(measured.slice(-1), measured.length === 1))
    }
    if ('summary, against hello'.includes(only)) {
      const asked = (name: string) => ({
        operation: operations(until).find((one) => one.name.startsWith(name)) as Operation,
        server: ours,
      })
      console.log(singles({ summary: await timesSlower(asked('hello'), asked('summary'), rounds) }))
    }
    if (only) return measured
    const reports = operations(until).at(-1) as Operation
    const events = (server: typeof ours, place: number) =>
      fanOut(
        server,
        200,
        Array.from({ length: short ? 5 : 20 }, (_, number) => reports.body(1e9 + place * 100 + number)),
      )
    const [ourEvents, floorEvents] = [await events(ours, 0), await events(floor, 1)]
    const huge = await hugeReports(ours, 32, short ? 1 : 5)
    const waits = await bystanders(ours)
    console.log(singles({ ourEvents, floorEvents, huge, waits, memory: ours.memory() }))
    return measured
  } finally {
    await Promise.all([ours.stop(), floor.stop()])
  }
}

async function alone() {
  const started = await startTime(join(folder, short ? '10000.db' : '100000.db'), short ? 1 : 5)
  console.log(singles({ started }))
  if (short) return [{ started }]
  const small = await startOurs(await made(10_000))
  const large = await startOurs(await made(1_000_000))
  const grown: Record<string, number> = {}
  for (const operation of operations(until).filter(({ name }) => /^(dashboard|summary), first/.test(name))) {
    grown[operation.name] = await timesSlower({ operation, server: small }, { operation, server: large }, rounds)
  }
  await Promise.all([small.stop(), large.stop()])
  const startedLarge = await startTime(join(folder, '1000000.db'), 5)
  const takenOver = takeOver()
  console.log(singles({ grown, startedLarge, takeOver: takenOver }))
  return [{ started, startedLarge, grown, takeOver: takenOver }]
}

function takeOver() {
  return timeTakeOver(join(folder, 'old.db'), 100_000, 3)
}
