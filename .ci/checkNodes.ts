// Builds, starts and tests a copy of the checkout on each major release of Node.js that is supported, and prints a line about each. Ends
// with 1 if one fails. The releases come from npm, so that nothing needs to be installed (on Linux); the driver is compiled where no
// prebuilt binary of it can be downloaded. It takes several minutes for each, and is not part of CI.

import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of the oldest that is supported not the latest: the first one that package.json allows. */
const releases = ['20.19', '22', '24', '26']
const address = 'http://127.0.0.1:9676'
const root = new URL('..', import.meta.url).pathname

let failed = 0
for (const release of releases) {
  const folder = mkdtempSync(join(tmpdir(), `duplistatus-node-${release}-`))
  const began = Date.now()
  let version = release
  try {
    const environment = install(release, folder)
    version = output('node', ['--version'], folder, environment).trim().slice(1)
    console.log(
      `Node.js ${version}: ${await check(folder, environment)} (${Math.round((Date.now() - began) / 1000)} s)`,
    )
  } catch (error) {
    failed++
    console.log(`Node.js ${version}: failed at ${(error as Error).message}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exit(failed === 0 ? 0 : 1)

/** Puts a release of Node.js and a copy of the checkout into the folder; gives the environment in which that release is `node`. */
function install(release: string, folder: string): NodeJS.ProcessEnv {
  const name = `node-linux-${process.arch}`
  output('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${release}`], folder)
  const node = join(folder, 'node_modules', name)
  const files = output('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], root)
  for (const file of files.split('\0').filter(Boolean)) cpSync(join(root, file), join(folder, 'checkout', file))
  // The headers of this release, for what has to be compiled.
  return { ...process.env, PATH: `${join(node, 'bin')}:${process.env.PATH}`, npm_config_nodedir: node }
}

/** What was done and found, in words; throws where something fails. */
async function check(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const checkout = join(folder, 'checkout')
  output('npm', ['ci', '--no-audit', '--no-fund'], checkout, environment)
  output('npm', ['run', 'build'], checkout, environment)
  await startAndAsk(checkout, environment)
  const tested = output('npm', ['run', 'test:unit'], checkout, { ...environment, NO_COLOR: '1' })
  const totals = /^ *Tests +(.*)$/m.exec(tested)?.[1]
  return `built, started, took a report, answered a query and stopped; tests: ${totals}`
}

async function startAndAsk(checkout: string, environment: NodeJS.ProcessEnv) {
  const server = spawn('node', ['dist/main.js'], {
    cwd: checkout,
    env: { ...environment, PORT: new URL(address).port, DATABASE_URL: 'file:./data/backups.db' },
    stdio: 'ignore',
  })
  const exited = new Promise<number | null>((resolve) => server.once('exit', resolve))
  try {
    const deadline = Date.now() + 60_000
    while (!(await fetch(`${address}/api/health`).catch(() => null))?.ok) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error('the start: it is not healthy')
      await sleep(250)
    }
    const body = output('node', ['--print', 'JSON.stringify(require("./test/fixtures/success.json"))'], checkout)
    const upload = await fetch(`${address}/api/upload`, { method: 'POST', body })
    if (!upload.ok) throw new Error(`the report: ${upload.status} ${await upload.text()}`)
    const answer = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ backups { totalCount nodes { status } } }' }),
    })
    const text = await answer.text()
    if (!text.includes('"totalCount":1')) throw new Error(`the query: ${answer.status} ${text}`)
  } finally {
    server.kill('SIGTERM')
  }
  const code = await exited
  if (code !== 0) throw new Error(`the stop: it ended with ${code}`)
}

/** What a command prints. Throws with where its whole output is, if it fails. */
function output(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status === 0) return stdout
  const log = join(mkdtempSync(join(tmpdir(), 'duplistatus-log-')), 'output.txt')
  writeFileSync(log, `${stdout}\n${stderr}`)
  throw new Error(`${command} ${args.slice(0, 2).join(' ')}, see ${log}`)
}
