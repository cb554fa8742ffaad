// The database of the demonstration, at the moment when tests begin: made once for all suites that look at it.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { makeDemoDatabase } from '../../src/demo/makeDemoDatabase.ts'
import type { Summary } from '../../src/services/upkeep/summary.ts'
import { start } from './app.ts'
import { demoFolder } from './compiled.ts'

interface Demo {
  /** A copy for whoever asked. */
  file: string
  summary: Summary
  /** What was told while it was made: how many runs were there, of how many. */
  progress: [done: number, total: number][]
}

/** Whoever calls this removes it in the end. */
export async function demoDatabase(): Promise<Demo> {
  const made = demoFolder()
  const making = `${made}-making`
  while (!existsSync(made)) {
    try {
      mkdirSync(making)
    } catch {
      // Another worker makes it, or has failed to.
      await sleep(100)
      continue
    }
    try {
      // It may have been finished just before.
      if (!existsSync(made)) {
        await make(making)
        renameSync(making, made)
      }
    } finally {
      rmSync(making, { recursive: true, force: true })
    }
  }
  const file = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'demo.db')
  await copyFile(join(made, 'demo.db'), file)
  return { file, ...deserialize(readFileSync(join(made, 'told'))) }
}

export function removeDemo(demo: Demo | undefined): void {
  if (demo) rmSync(dirname(demo.file), { recursive: true })
}

async function make(folder: string) {
  const progress: Demo['progress'] = []
  const config = readConfig({ DATABASE_URL: `file:${join(folder, 'demo.db')}` })
  const filling = { seed: 1, now: start, onProgress: (...told: [number, number]) => void progress.push(told) }
  const summary = await makeDemoDatabase(config, filling, pino({ level: 'silent' }))
  writeFileSync(join(folder, 'told'), serialize({ summary, progress }))
}
