// Runs before `npm start`: builds if the build is missing or older than its sources. Plain JavaScript, because it runs
// before anything is compiled.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const build = join(root, 'dist/main.js')
// The lockfile, because the packages are in the build too.
const sources = ['src', 'prisma', 'package.json', 'package-lock.json', 'rolldown.config.ts'].map((name) =>
  join(root, name),
)

if (!existsSync(build) || sources.some((source) => changedAt(source) > statSync(build).mtimeMs)) {
  if (existsSync(join(root, 'node_modules/rolldown'))) {
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', shell: true })
    process.exit(status ?? 1)
  }
  if (!existsSync(build)) {
    console.error('There is no build, and nothing to build with: run `npm ci` without --omit=dev, or copy dist here.')
    process.exit(1)
  }
}

/** When the file, or the newest file below the folder, was changed; what the build itself writes does not count. */
function changedAt(path) {
  if (['src/generated', 'src/page/generated'].some((made) => path === join(root, made))) return 0
  if (!existsSync(path)) return 0
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))))
}
