// Compiles the sources once for a test file: through tsx every process would take a second to start.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles before the tests of the file; the function it returns tells the path of a compiled source, like `cli.js`. */
export function compiled(): (source: string) => string {
  let folder = ''
  beforeAll(() => {
    // Inside the project, where packages are found; the build looks for prisma beside itself.
    const cache = join(root, 'node_modules/.cache')
    mkdirSync(cache, { recursive: true })
    folder = mkdtempSync(join(cache, 'duplistatus-test-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    symlinkSync(join(root, 'prisma'), join(folder, 'prisma'))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], {
      cwd: root,
    })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return (source) => join(folder, 'dist', source)
}
