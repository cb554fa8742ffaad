// Small disks for tests of what happens when one is full, where this machine lets them be mounted.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { newPlace } from './folders.ts'

export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  if (status === 0) execFileSync('umount', [folder])
  rmSync(folder, { recursive: true })
  return status === 0
}

/** A small disk with a place for a database on it. */
export function mountDisk(options: string) {
  const file = newPlace()
  const folder = dirname(file)
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  // Lazily: a process that is being killed may have it open.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return { file, remount: (larger: string) => execFileSync('mount', ['-o', `remount,${larger}`, folder]) }
}
