// Times the take-over of a large 0.6 file, and measures its memory.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { writeLargeDatabase } from '../support/oldDatabase.ts'

/** Writes a file of that many runs to `file` and takes it over, in a process of its own. Sizes are MiB. */
export function timeTakeOver(file: string, runs: number) {
  writeLargeDatabase(file, runs)
  const before = statSync(file).size
  const script = `
    import { prepareFile } from './src/database/prepareFile.ts'
    import { pino } from 'pino'
    const startedAt = performance.now()
    await prepareFile(process.argv[1], new Date(), pino({ level: 'silent' }))
    console.log((performance.now() - startedAt) / 1000, process.resourceUsage().maxRSS * 1024)`
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script, file])
  const [seconds = 0, memory = 0] = output.toString().trim().split(' ').map(Number)
  return { seconds, peakMemory: mebibytes(memory), before: mebibytes(before), after: mebibytes(statSync(file).size) }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}
