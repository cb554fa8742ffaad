// Makes the checkout the next release: `npm run release -- 0.8.0`. It changes files alone; who releases reads them, commits and tags.

import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const write = (name: string, text: string) => writeFileSync(join(root, name), text)
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: root, encoding: 'utf8' })

const version = process.argv[2] ?? ''
const changelog = read('CHANGELOG.md')
const unreleased = /^## Unreleased\n(.*?)(?=^## )/ms.exec(changelog)?.[1]?.trim()

const refusal = refuse()
if (refusal) {
  console.error(refusal)
  process.exit(1)
}

run('npm', 'version', version, '--no-git-tag-version', '--ignore-scripts')
const today = new Date().toISOString().slice(0, 10)
write('CHANGELOG.md', changelog.replace('## Unreleased\n', `## Unreleased\n\n## ${version} - ${today}\n`))
// What later schemas are compared with, and nothing of it is broken yet.
copyFileSync(join(root, 'schema.graphql'), join(root, 'test/graphql/released.graphql'))
write('test/graphql/acknowledgedChanges.txt', read('test/graphql/acknowledgedChanges.txt').replace(/^[^#].*\n/gm, ''))

console.log(`This checkout is ${version} now. Read what changed, and then:

  git diff
  npm test
  git commit --all --message 'release: ${version}'
  git tag v${version}`)

/** Why this cannot be released, or null. */
function refuse(): string | null {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return 'Say which release it will be: npm run release -- 0.8.0'
  const present = JSON.parse(read('package.json')).version as string
  if (version.localeCompare(present, 'en', { numeric: true }) <= 0) return `${version} does not come after ${present}.`
  if (run('git', 'status', '--porcelain'))
    return 'There are changes that are not committed: commit or stash them first.'
  if (!unreleased) return 'CHANGELOG.md has nothing under "Unreleased": say there what is new.'
  return null
}
