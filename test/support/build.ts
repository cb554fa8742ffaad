// What is made once for all tests, because making it anew for each takes longer than the tests: the build, for processes as
// users start them, and an empty database of this release.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import type { TestProject } from 'vitest/node'
import { page, server } from '../../rolldown.config.ts'

declare module 'vitest' {
  interface ProvidedContext {
    build: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Vitest calls this before all tests of a project, and what it returns after them. In watch mode the sources are built again before each further run. */
export async function setup(project: TestProject) {
  // Inside the project, where packages are found; the build looks for prisma beside itself.
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'duplistatus-test-'))
  // Another user may read the build, too.
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'prisma'), join(folder, 'prisma'))
  await make(folder)
  project.provide('build', folder)
  project.onTestsRerun(() => make(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}

async function make(folder: string) {
  await build({
    ...server,
    cwd: root,
    input: { ...server.input, clockedServer: 'test/support/clockedServer.ts' },
    output: { ...server.output, dir: join(folder, 'dist') },
  })
  await build({ ...page, cwd: root, output: { ...page.output, dir: join(folder, 'dist/page') } })
  // The first suite that needs it makes it anew.
  rmSync(join(folder, 'demo'), { recursive: true, force: true })
  const empty = join(folder, 'empty.db')
  rmSync(empty, { force: true })
  execFileSync(process.execPath, [join(folder, 'dist/cli.js'), 'migrate', '--json'], {
    env: { PATH: process.env.PATH, DATABASE_URL: `file:${empty}` },
  })
}
