// Folders and random shares for the tests of the upgrade.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { onTestFinished } from 'vitest'

/** Whether the long form of the suites was asked for. */
export const soak = Boolean(process.env.SOAK)

/** A place for a database in a folder of its own, which goes with the test. */
export function newPlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'backups.db')
}

/** Random shares of a whole, the same for the same seed, one in each of that many equal parts. */
export function randomShares(parts: number, seed: number): number[] {
  const offsets = fc.sample(fc.noBias(fc.nat(999)), { seed, numRuns: parts })
  return offsets.map((offset, part) => Number(((part + offset / 1000) / parts).toFixed(3)))
}
