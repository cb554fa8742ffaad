// There is no Docker where the tests run: the steps of the Dockerfile are done in folders instead, and what they give is started
// as the image would be, where the system allows it as process 1 of another user to whom all but the data is read-only.
//
// The short form takes the packages that are here instead of installing all of them anew; the long form does every step but
// apt-get.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { server } from '../rolldown.config.ts'
import { build, compose, image, imageVariables, type Step } from './support/dockerfile.ts'
import { soak } from './support/folders.ts'
import { freePort } from './support/freePort.ts'
import { report } from './support/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const { version } = JSON.parse(read('package.json'))
const user = 1234
const group = 5678

const all = (word: string) => image.filter((step) => step.word === word).map(({ rest }) => rest)
const one = (word: string) => all(word)[0] ?? ''

/** Instead of the step that takes minutes. */
const shorter: [step: string, instead: string] = ['npm ci', `ln -s ${root}node_modules node_modules`]

let folder = ''
const app = () => join(folder, 'app')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duplistatus-image-'))
  chmodSync(folder, 0o755)
  const [context, built] = [join(folder, 'context'), join(folder, 'build')]
  const takes = contextFilter(read('.dockerignore'))
  cpSync(root, context, { recursive: true, filter: (path) => path === root || takes(relative(root, path)) })
  follow(build, built, context)
  follow(image, app(), built)
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('the image', () => {
  it('holds what runs: the bundle, the migrations, and the one package that cannot be bundled', () => {
    expect(readdirSync(app()).sort()).toEqual(['data', 'dist', 'node_modules', 'package.json', 'prisma', 'sbom.json'])
    const mebibytes = Number(execFileSync('du', ['-sm', app()], { encoding: 'utf8' }).split('\t')[0])
    expect(mebibytes).toBeLessThan(40)
  })

  it('has the packages that are left out of the bundle, those that they require, and no others', () => {
    const packages = readdirSync(join(app(), 'node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
      .map((path) => dirname(path))
    const external = server.external.map((one) => packages.find((name) => name === one))
    expect(external).not.toContain(undefined)
    const required = packages.flatMap((name) => {
      const folder = join(app(), 'node_modules', name)
      const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return Object.keys(dependencies).filter((one) => hasRequired(folder, one))
    })
    expect(packages.sort()).toEqual([...new Set([...external, ...required])].sort())
  })

  it('has a list of its packages that names each one in it, and no tool', () => {
    const sbom = JSON.parse(readFileSync(join(app(), 'sbom.json'), 'utf8'))
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'duplistatus', version } } })
    const listed = sbom.components.map((one: { name: string; version: string }) => `${one.name} ${one.version}`)
    const notices = readFileSync(join(app(), 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8')
    const bundled = [...notices.matchAll(/^== (\S+ \S+) \(/gm)].map(([, name]) => name)
    expect(bundled.length).toBeGreaterThan(50)
    const driver = JSON.parse(readFileSync(join(app(), 'node_modules/better-sqlite3/package.json'), 'utf8'))
    expect(listed).toEqual(expect.arrayContaining([...bundled, `better-sqlite3 ${driver.version}`]))
    expect(listed.filter((name: string) => /^(prisma|typescript|vitest|rolldown) /.test(name))).toEqual([])
  })

  it('is that of an ordinary user, and has one volume and one port', () => {
    expect([one('USER'), one('VOLUME'), one('EXPOSE')]).toEqual(['node', '/app/data', '9666'])
    expect(imageVariables).toEqual({
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      DATABASE_URL: 'file:/app/data/backups.db',
      TMPDIR: '/app/data',
      TZ: 'Europe/London',
      NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=8',
      MALLOC_ARENA_MAX: '2',
    })
  })

  it('is of one exact release of Node.js, and of no one architecture', () => {
    const text = read('Dockerfile')
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-trixie-slim$/)
    expect(text).not.toMatch(/amd64|arm64|x64|x86_64|aarch64|--platform/)
  })
})

const isolated = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0

describe.skipIf(!isolated)('a container (where root can make other users, and mounts)', () => {
  it('serves, stores and stops as process 1 of any user, and writes nothing but its data', async () => {
    const data = newData()
    const port = await freePort()
    const container = run(data, { PORT: String(port) })
    await expect.poll(() => healthCheck(port), { timeout: 20_000, interval: 250 }).toBe(0)
    await expect.poll(container.output).toContain('Listening')
    const token = /\n {2}(\S+)\n\nIt is shown this once/.exec(container.output())?.[1]
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${token}` },
      })

    // So long that a thread reads it.
    const body = JSON.stringify(
      report({ logLines: Array(10_000).fill('A line of the log, of which there are many here.'.repeat(2)) }),
    )
    const upload = await ask('/api/upload', { method: 'POST', body })
    expect(await upload.json()).toEqual({ success: true, backup: { id: 1 }, duplicate: false })
    const query = await ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ servers { nodes { jobs { lastStatus } } } }' }),
    })
    expect(await query.json()).toEqual({ data: { servers: { nodes: [{ jobs: [{ lastStatus: 'SUCCESS' }] }] } } })
    const page = await ask('/graphql', { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('<title>duplistatus</title>')
    expect(command(data, 'verify')).toMatchObject({ status: 0, stdout: '/app/data/backups.db is in order.\n' })

    container.stop()
    expect(await container.exited).toBe(0)
    expect(container.output()).toContain('Stopping on SIGTERM')
    expect(readdirSync(data)).toEqual(['backups.db'])
  }, 60_000)

  it('is not healthy where nothing listens', async () => {
    expect(healthCheck(await freePort())).toBe(1)
  })

  it('says who may not write the data folder, and ends with 1', async () => {
    const data = newData()
    chownSync(data, 0, 0)
    const { exited, output } = run(data, {})
    expect(await exited).toBe(1)
    expect(output()).toBe(
      'The data folder /app/data cannot be written by user 1234:5678; give it to that user (chown -R 1234:5678 /app/data), or set DATABASE_URL.\n',
    )
  })

  it('says that the data folder is read-only, and ends with 1', async () => {
    const { exited, output } = run(null, {})
    expect(await exited).toBe(1)
    expect(output()).toBe(
      'The data folder /app/data cannot be written, because its file system is read-only; mount a volume there that can be written, or set DATABASE_URL.\n',
    )
  })
})

it('is composed as the guide has it, with no right that it does not need', () => {
  expect(compose.services).toEqual({
    duplistatus: {
      build: '.',
      container_name: 'duplistatus',
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      environment: { PUBLIC_URL: '\u0024{PUBLIC_URL:-}', TZ: '\u0024{TZ:-Europe/London}' },
      ports: ['9666:9666'],
      volumes: ['duplistatus_data:/app/data'],
    },
  })
  // The name that older releases gave it: their data is found.
  expect(compose.volumes).toEqual({ duplistatus_data: { name: 'duplistatus_data' } })
})

/** Whether a path is sent to the build: the last line that names it or a folder above it counts. */
function contextFilter(ignored: string): (path: string) => boolean {
  const lines = ignored.split('\n').filter((line) => line && !line.startsWith('#'))
  return (path) => {
    const matching = lines.filter((line) => {
      const name = line.replace('!', '')
      return name === '*' || path === name || path.startsWith(`${name}/`)
    })
    return matching.at(-1)?.startsWith('!') ?? true
  }
}

/** Whether the code of a package requires another one: what only installs it is not needed. */
function hasRequired(folder: string, name: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .some((path) => new RegExp(`require\\(['"]${name}['"]\\)`).test(readFileSync(join(folder, path), 'utf8')))
}

/** Does the steps of a stage in a folder that stands for /app. */
function follow(steps: Step[], to: string, from: string) {
  mkdirSync(to)
  for (const { word, rest } of steps) {
    if (word === 'COPY') {
      const sources = rest.replace('--from=build ', '').split(' ')
      const target = sources.pop() as string
      for (const source of sources) {
        const name = source.replace(/^\/app\//, '')
        // Of a folder its content is copied, as Docker does it.
        const isFolder = statSync(join(from, name)).isDirectory()
        cpSync(join(from, name), isFolder ? join(to, target) : join(to, target, name), { recursive: true })
      }
    }
    if (word !== 'RUN' || rest.startsWith('apt-get')) continue
    // The link stands outside of /app.
    let script = rest.replace(/ && ln -s \/app\S+ \S+$/, '')
    if (!soak) script = script.replace(new RegExp(`^${shorter[0]}`), shorter[1])
    execFileSync('sh', ['-ec', script], { cwd: to, stdio: 'pipe' })
  }
}

/** A folder for data, of the user of the container. */
function newData(): string {
  const data = mkdtempSync(join(tmpdir(), 'duplistatus-data-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  chownSync(data, user, group)
  return data
}

/**
 * A command as `docker run --read-only --user 1234:5678 --cap-drop ALL --volume DATA:/app/data` runs it, with a folder in the place
 * of /app.
 *
 * @param data null: there is no volume
 */
function contained(data: string | null, command: string[]): [program: string, args: string[]] {
  const steps = [
    `mount --bind ${app()} ${app()}`,
    ...(data === null ? [] : [`mount --bind ${data} ${app()}/data`]),
    `mount -o remount,bind,ro ${app()}`,
    'mount -o remount,bind,ro /',
    `cd ${app()}`,
    `exec setpriv --reuid ${user} --regid ${group} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"`,
  ]
  return ['unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', steps.join('\n'), 'sh', ...command]]
}

const environment = () => ({
  PATH: process.env.PATH,
  ...Object.fromEntries(Object.entries(imageVariables).map(([name, value]) => [name, value.replace('/app', app())])),
})

/** Starts what the image starts. */
function run(data: string | null, more: Record<string, string>) {
  const child = spawn(...contained(data, JSON.parse(one('CMD'))), { env: { ...environment(), ...more } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return {
    output: () => output.replaceAll(app(), '/app'),
    exited: once(child, 'close').then(([code]) => code as number | null),
    /** As `docker stop`: the signal goes to process 1 of the container. */
    stop: () => process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')), 'SIGTERM'),
  }
}

/** Runs `duplistatus ARGS` in a container on the same data. */
function command(data: string, ...args: string[]) {
  const [program, all] = contained(data, ['./dist/cli.js', ...args])
  const { status, stdout } = spawnSync(program, all, { env: environment(), encoding: 'utf8' })
  return { status, stdout: stdout.replaceAll(app(), '/app') }
}

/** What the image asks whether it is healthy: 0 if it is. */
function healthCheck(port: number): number | null {
  const [program = '', ...args] = JSON.parse(/ CMD (\[.*\])$/.exec(one('HEALTHCHECK'))?.[1] ?? '[]') as string[]
  return spawnSync(program, args, { env: { ...environment(), PORT: String(port) } }).status
}
