// This release in the place of an old container, by its compose.yaml: the server is started with the environment that compose and the
// image give, as the user of the image, on a folder that stands for the volume. The steps of the upgrade guide and of docs/upgrade.md are
// done in their order, but for Docker itself.

import { chownSync, copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { run } from './support/cli.ts'
import { compose, composeVariables, image, imageVariables } from './support/dockerfile.ts'
import { newPlace } from './support/folders.ts'
import { writeUncheckpointed } from './support/oldDatabase.ts'
import { oldMachines } from './support/oldDatabaseRows.ts'
import { type ServerProcess, startProcess } from './support/process.ts'
import { allRows } from './support/states.ts'
import { expectWholeCopies, newContent, type OldContent, oldContent } from './support/takenOver.ts'

/** The user `node` of both images, the old one of Alpine and this one of Debian. Others than root can be nobody else. */
const node = process.getuid?.() === 0 ? 1000 : undefined
const names = oldMachines.map(({ name }) => name).sort()

it('has the container, the port, the volume, the user and the clock of the old one', () => {
  const { container_name, ports, volumes } = compose.services.duplistatus
  expect({ container_name, ports, volumes }).toEqual({
    container_name: 'duplistatus',
    ports: ['9666:9666'],
    volumes: ['duplistatus_data:/app/data'],
  })
  expect(compose.volumes).toEqual({ duplistatus_data: { name: 'duplistatus_data' } })
  expect(readConfig(environment({}))).toMatchObject({
    host: '0.0.0.0',
    port: 9666,
    databaseFile: '/app/data/backups.db',
  })
  expect(image).toContainEqual({ word: 'USER', rest: 'node' })
  // By `docker run` with the old flags there is no compose file.
  expect(imageVariables.TZ).toBe('Europe/London')
  expect(composeVariables({}).TZ).toBe('Europe/London')
  expect(composeVariables({ TZ: '' }).TZ).toBe('Europe/London')
  expect(composeVariables({ TZ: 'Europe/Berlin' }).TZ).toBe('Europe/Berlin')
})

it.each<[Record<string, string>, string]>([
  [{}, 'Europe/London'],
  [{ TZ: 'Asia/Tokyo' }, 'Asia/Tokyo'],
])('finds the old data, and reads it by the clock of the old container (%j)', async (host, zone) => {
  const file = volumeOfOldContainer()
  const old = oldContent(file)
  const server = start(file, host)
  await server.listening
  expect(server.output()).toContain(`The schedules of the old release are read by the clock of ${zone}, `)
  expect(await ask(server, '/api/servers')).toMatchObject({ data: names.map(() => ({})) })
  await stop(server)
  expectEveryRow(file, old)
  expect(legacyZones(file)).toEqual([zone])
  // The old container could write all of it again.
  const owners = readdirSync(dirname(file)).map((name) => statSync(join(dirname(file), name)).uid)
  expect(new Set(owners)).toEqual(new Set([node ?? process.getuid?.()]))
})

it('follows the upgrade guide, forth and back', { timeout: 60_000 }, async () => {
  const file = volumeOfOldContainer()
  const old = oldContent(file)

  // Step 1: docker exec duplistatus cp /app/data/backups.db /app/data/backups-manual-backup.db
  const manual = join(dirname(file), 'backups-manual-backup.db')
  copyFileSync(file, manual)
  const manualBytes = readFileSync(manual)

  // Step 2: docker-compose down, docker-compose up -d
  const server = start(file, {})
  await server.listening

  // Step 3: docker logs -f duplistatus
  const log = server.output()
  const promised = [
    /Found \d+ pending migrations/,
    /Running consolidated migration 0\.7\.0\.\.\./,
    /Migration 0\.7\.0 completed successfully/,
  ].map((message) => log.search(message))
  expect(promised).toEqual([...promised].sort((a, b) => a - b))
  expect(promised).not.toContain(-1)

  // Step 4: curl http://localhost:9666/api/health, curl http://localhost:9666/api/servers
  expect(await ask(server, '/api/health')).toMatchObject({ status: 'healthy' })
  const { data } = (await ask(server, '/api/servers')) as { data: { name: string }[] }
  expect(data.map(({ name }) => name).sort()).toEqual(names)
  await stop(server)
  expectEveryRow(file, old)

  // Rollback: docker-compose down, ls backups-copy-*.db, cp, docker-compose up -d with the old release
  const [copy] = copiesBeside(file)
  copyFileSync(copy as string, file)
  runOldRelease(file)
  expect(oldContent(file)).toEqual(old)
  expect(readFileSync(manual).equals(manualBytes)).toBe(true)

  // And forth again.
  const again = start(file, {})
  await again.listening
  await stop(again)
  expectEveryRow(file, old)
  expect(expectWholeCopies(file, old)).toBe(2)
})

it('follows the lines of docs/upgrade.md, forth and back', { timeout: 60_000 }, async () => {
  const file = volumeOfOldContainer()
  const old = oldContent(file)
  let release = 'old'
  let server: ServerProcess | null = null
  const section = /### With Docker\n(.*?)\n### /s.exec(readFileSync('docs/upgrade.md', 'utf8'))?.[1] ?? ''
  const blocks = [...section.matchAll(/```\n(.*?)\n```/gs)].map(([, lines = '']) => lines.split('\n'))
  expect(blocks.map((lines) => lines.length)).toEqual([4, 4])

  const actions: [line: RegExp, action: (...words: string[]) => unknown][] = [
    [/^docker compose down$/, async () => server && (await stop(server))],
    [/^cd (\S+)$/, (folder) => (release = folder === 'duplistatus' ? 'new' : 'old')],
    [
      /^docker compose up -d(?: --build)?$/,
      async () => {
        if (release === 'old') return runOldRelease(file)
        server = start(file, {})
        await server.listening
      },
    ],
    [
      /^docker logs -f duplistatus$/,
      () => {
        const output = server?.output() ?? ''
        expect(output).toContain(`The old database was copied to ${copiesBeside(file)[0]}`)
        expect(output).toContain('by the clock of Europe/London')
        expect(output).toMatch(/\n {2}\S+\n\nIt is shown this once/)
      },
    ],
    [
      /^docker compose run --rm duplistatus duplistatus restore data\/backups-copy-YYYY-MM-DDTHH-MM-SS\.db$/,
      async () => {
        const [copy = ''] = copiesBeside(file)
        const ended = await run('cli.js', ['restore', copy], mapped(environment({}), file), node)
        expect(ended).toMatchObject({ code: 0, stderr: '' })
      },
    ],
  ]
  const follow = async (lines: string[]) => {
    for (const line of lines) {
      const command = line.replace(/ *#.*/, '')
      const [matching, ...others] = actions.filter(([pattern]) => pattern.test(command))
      if (!matching || others.length > 0) throw new Error(`No test does what the document says: ${line}`)
      await matching[1](...(matching[0].exec(command)?.slice(1) ?? []))
    }
  }

  await follow(blocks[0] ?? [])
  const { data } = (await ask(server as unknown as ServerProcess, '/api/servers')) as { data: { name: string }[] }
  expect(data.map(({ name }) => name).sort()).toEqual(names)
  await follow(blocks[1] ?? [])
  expect(oldContent(file)).toEqual(old)
  expect(release).toBe('old')
})

it('says which user cannot write what the old container left, and its command helps', async () => {
  if (node === undefined) return
  const file = volumeOfOldContainer()
  for (const path of [dirname(file), file, `${file}-wal`]) chownSync(path, 0, 0)
  const before = allBytes(file)
  const server = start(file, {})
  expect(await server.exited).toBe(1)
  const folder = dirname(file)
  expect(server.output()).toBe(
    `The data folder ${folder} cannot be written by user 1000:1000; give it to that user (chown -R 1000:1000 ${folder}), or set DATABASE_URL.\n`,
  )
  expect(allBytes(file)).toEqual(before)
  for (const path of [dirname(file), file, `${file}-wal`]) chownSync(path, node, node)
  await start(file, {}).listening
})

/** As a killed container of 0.8 leaves its volume. */
function volumeOfOldContainer(): string {
  const file = newPlace()
  writeUncheckpointed(file, '0.8')
  if (node !== undefined) for (const path of [dirname(file), file, `${file}-wal`]) chownSync(path, node, node)
  return file
}

/** What the container has in its environment, where these variables are set on the host. */
function environment(host: Record<string, string>): Record<string, string> {
  return { ...imageVariables, ...composeVariables(host) }
}

function mapped(variables: Record<string, string>, file: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replace('/app/data', dirname(file))]),
  )
}

function start(file: string, host: Record<string, string>): ServerProcess {
  return startProcess(mapped(environment(host), file), dirname(file), node)
}

async function stop(server: ServerProcess) {
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
}

/** Of the settings the server has taken the tokens out. */
function expectEveryRow(file: string, old: OldContent) {
  expect(newContent(file)).toMatchObject({ problems: [], servers: old.servers, runs: old.runs, setAside: [] })
}

/** Asks with the token that the server showed. */
async function ask(server: ServerProcess, path: string): Promise<unknown> {
  const token = /\n {2}(\S+)\n\nIt is shown this once/.exec(server.output())?.[1]
  const address = (await server.listening).replace('0.0.0.0', '127.0.0.1')
  const answer = await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(200)
  return answer.json()
}

/** The old release opens the file in WAL mode, reads every run, and stops. No log of this release may wait for it. */
function runOldRelease(file: string) {
  expect(readdirSync(dirname(file)).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([])
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  const runs = database.prepare('SELECT b.* FROM backups b JOIN servers s ON s.id = b.server_id ORDER BY b.date')
  expect(runs.all().length).toBeGreaterThan(0)
  database.close()
}

function copiesBeside(file: string): string[] {
  const copies = readdirSync(dirname(file)).filter((name) => /^backups-copy-[-T\d]+\.db$/.test(name))
  return copies.sort().map((name) => join(dirname(file), name))
}

/** The zones by whose clocks the schedules from the old release count. */
function legacyZones(file: string): unknown[] {
  const zones = (allRows(file).backup_jobs as { legacy_schedule: string | null }[]).map(
    ({ legacy_schedule }) => legacy_schedule && JSON.parse(legacy_schedule).timeZone,
  )
  return [...new Set(zones.filter((zone) => zone !== null))]
}

function allBytes(file: string): Record<string, string> {
  const names = readdirSync(dirname(file)).map((name) => basename(name))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dirname(file), name), 'base64')]))
}
