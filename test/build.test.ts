// The build holds what the sources say: what they look for beside themselves, and where an error comes from.

import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import type { CopyOrder } from '../src/database/file/copyThread.ts'
import { compiled, emptyDatabase } from './support/compiled.ts'
import { newPlace } from './support/folders.ts'

const programs = [compiled('.'), compiled('modules')].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name)),
)

it('has every thread and every file where a source looks for it', () => {
  const looked = programs.flatMap((program) => {
    const text = readFileSync(program, 'utf8')
    const threads = [...text.matchAll(/startThread\(import\.meta\.url, "(\w+)"\)/g)].map(([, name]) => `${name}.js`)
    const files = [...text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(([, path = '']) => path)
    return [...threads, ...files].map((path) => join(dirname(program), path))
  })
  // package.json is beside dist, and of the release; the migrations, the page and the three threads.
  expect(looked.map((path) => path.slice(dirname(compiled('.')).length)).sort()).toEqual([
    '/dist/modules/checkThread.js',
    '/dist/modules/copyThread.js',
    '/dist/modules/reportThread.js',
    '/dist/page/',
    '/package.json',
    '/prisma/migrations/',
  ])
  for (const path of looked) expect([path, existsSync(path)]).toEqual([path, true])
})

it('has the licence of every package in it', () => {
  const notices = readFileSync(compiled('THIRD-PARTY-NOTICES.txt'), 'utf8')
  const named = [...notices.matchAll(/^== (\S+) \S+ \((.*)\)$/gm)].map(([, name, license]) => ({ name, license }))
  expect(named.filter(({ license }) => !license || license === 'undefined')).toEqual([])
  // The bundler says above each module which file it was.
  const sources = programs.map((program) => readFileSync(program, 'utf8')).join('\n')
  const modules = [...sources.matchAll(/^\/\/(?:#region)? .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)]
  const bundled = [...new Set(modules.map(([, name]) => name))].sort()
  expect(bundled).toContain('graphql')
  expect([...new Set(named.map(({ name }) => name))].sort()).toEqual(bundled)
})

it('needs one package', () => {
  const imported = programs.flatMap((program) =>
    [...readFileSync(program, 'utf8').matchAll(/^import .*"([^"]+)";$/gm)].map(([, name = '']) => name),
  )
  const packages = imported.filter((name) => !name.startsWith('.') && !isBuiltin(name))
  expect([...new Set(packages)]).toEqual(['better-sqlite3'])
})

it('has a thread that copies a database', async () => {
  const [file, target] = [newPlace(), newPlace()]
  copyFileSync(emptyDatabase(), file)
  const thread = new Worker(compiled('modules/copyThread.js'))
  onTestFinished(async () => void (await thread.terminate()))
  thread.postMessage({ file, target } satisfies CopyOrder)
  expect(await once(thread, 'message')).toEqual([{ refused: null }])
  const copy = new Database(target, { readonly: true })
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  copy.close()
})

it('says where in the sources an error comes from, to whoever asks for it', async () => {
  const thread = new Worker(compiled('modules/reportThread.js'), { execArgv: ['--enable-source-maps'] })
  // It is no order.
  thread.postMessage(null)
  const [error] = await once(thread, 'error')
  expect(error.stack).toMatch(/at .*\/src\/duplicati\/reportThread\.ts:\d+:\d+/)
})
