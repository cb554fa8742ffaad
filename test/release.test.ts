// The script that makes a release, on a copy of the files that it reads and writes, in a repository of its own.

import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Each test starts several processes. */
const timeout = 60_000
const acknowledged = 'test/graphql/acknowledgedChanges.txt'

it('sets the version, dates the changes, and makes the schema the one that later ones are compared with', {
  timeout,
}, () => {
  const { folder, read, git, release } = newCheckout('### Added\n\n- Something.\n')
  appendFileSync(join(folder, acknowledged), 'Server.a was removed.\nServer.b was removed.\n')
  appendFileSync(join(folder, 'schema.graphql'), '\ntype New {\n  field: Int\n}\n')
  git('commit', '--all', '--message', 'changes')
  const lock = JSON.parse(read('package-lock.json'))

  const { status, stdout } = release('99.0.0')

  expect([status, stdout]).toEqual([0, expect.stringContaining("git commit --all --message 'release: 99.0.0'")])
  expect(git('diff', '--name-only').trim().split('\n').sort()).toEqual([
    'CHANGELOG.md',
    'package-lock.json',
    'package.json',
    acknowledged,
    'test/graphql/released.graphql',
  ])
  expect(JSON.parse(read('package.json')).version).toBe('99.0.0')
  lock.version = lock.packages[''].version = '99.0.0'
  expect(JSON.parse(read('package-lock.json'))).toEqual(lock)
  const today = new Date().toISOString().slice(0, 10)
  expect(read('CHANGELOG.md')).toContain(
    `\n## Unreleased\n\n## 99.0.0 - ${today}\n\n### Added\n\n- Something.\n\n## 0.`,
  )
  expect(read('test/graphql/released.graphql')).toBe(read('schema.graphql'))
  expect(read(acknowledged)).toMatch(/^(#.*\n)+$/)
})

it('is refused without a version, for an older one, on changes that are not committed, and where nothing is new', {
  timeout,
}, () => {
  const { folder, read, git, release } = newCheckout('')
  const present = JSON.parse(read('package.json')).version
  const refusals: [string, string][] = [
    ['next', 'Say which release it will be: npm run release -- 0.8.0\n'],
    ['0.0.10', `0.0.10 does not come after ${present}.\n`],
    [present, `${present} does not come after ${present}.\n`],
    ['99.0.0', 'CHANGELOG.md has nothing under "Unreleased": say there what is new.\n'],
  ]
  for (const [version, stderr] of refusals) expect(release(version)).toMatchObject({ status: 1, stderr })
  expect(git('status', '--porcelain')).toBe('')
  writeFileSync(join(folder, 'schema.graphql'), '')
  expect(release('99.0.0')).toMatchObject({
    status: 1,
    stderr: 'There are changes that are not committed: commit or stash them first.\n',
  })
})

/** @param unreleased what CHANGELOG.md says is new */
function newCheckout(unreleased: string) {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['.ci', 'package.json', 'package-lock.json', 'CHANGELOG.md', 'schema.graphql', 'test/graphql']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const changelog = read('CHANGELOG.md').replace(/^## Unreleased\n.*?(?=^## )/ms, `## Unreleased\n\n${unreleased}\n`)
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'all')
  const release = (version: string) =>
    spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), join(folder, '.ci/release.ts'), version], {
      encoding: 'utf8',
    })
  return { folder, read, git, release }
}
