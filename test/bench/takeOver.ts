// Times the take-over of large 0.6 files, and measures its memory: npm run bench [RUNS …]

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeLargeDatabase } from '../support/oldDatabase.ts'

const sizes = process.argv.slice(2).map(Number)
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)

console.log('runs      old MiB   new MiB   seconds   peak memory MiB')
for (const runs of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-bench-'))
  const file = join(folder, 'backups.db')
  writeLargeDatabase(file, runs)
  const before = statSync(file).size
  // A process of its own, so that its memory is its own.
  const script = `
    import { prepareFile } from './src/database/prepareFile.ts'
    import { pino } from 'pino'
    const startedAt = performance.now()
    await prepareFile(process.argv[1], new Date(), pino({ level: 'silent' }))
    console.log((performance.now() - startedAt) / 1000, process.resourceUsage().maxRSS * 1024)`
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script, file])
  const [seconds = 0, memory = 0] = output.toString().trim().split(' ').map(Number)
  const columns = [runs, mebibytes(before), mebibytes(statSync(file).size), seconds.toFixed(1), mebibytes(memory)]
  console.log(columns.map((column) => String(column).padEnd(10)).join(''))
  rmSync(folder, { recursive: true })
}
