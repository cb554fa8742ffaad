// The page on scripting: every recipe is run against a server, as it stands there, and its output read.

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { errorCodes } from '../src/domain/errors.ts'
import { statuses } from '../src/http/respond.ts'
import { documents } from './support/documents.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

const root = new URL('..', import.meta.url)
const page = /\n## Scripting\n(.*?)\n## /s.exec(documents)?.[1] ?? ''
/** Each block of commands, with the paragraph before it. */
const recipes = [...page.matchAll(/(?:^|\n)\n((?:[^\n]+\n)+)\n```sh\n(.*?)```/gs)].map(
  ([, says = '', script = '']) => ({
    says,
    script,
  }),
)
const [ask] = recipes

/** The recipe of which the page says this. */
function recipe(says: string): string {
  const found = recipes.find((one) => one.says.startsWith(says))
  if (!found) throw new Error(`The page has no recipe that begins with ${says}`)
  return found.script
}

const hasJq = spawnSync('jq', ['--version']).status === 0
if (!hasJq) console.warn('The recipes on scripting are not tried: there is no jq')

describe.skipIf(!hasJq)('the recipe', () => {
  it('that asks gives the data, and fails with code and message', async () => {
    const server = await start()
    expect(await server.run(`ask '{ servers { totalCount } }'`)).toEqual({
      stdout: '{\n  "servers": {\n    "totalCount": 2\n  }\n}\n',
      code: 0,
    })
    expect(await server.run(`ask 'mutation { deleteServer(id: 9) { deletedBackups } }'`)).toEqual({
      stdout: '',
      stderr: 'NOT_FOUND: There is no Server:9.\n',
      code: 5,
    })
    expect(await server.run(`ask '{ a b }'`)).toMatchObject({
      stdout: '',
      code: 5,
      stderr: expect.stringMatching(/^(GRAPHQL_VALIDATION_FAILED: .*\n){2}$/),
    })
  })

  it('of jobs in trouble lists them, the worst first', async () => {
    const server = await start()
    const { stdout } = await server.run(recipe('List every job in trouble'))
    expect(stdout.split('\n').map((line) => line.split('\t'))).toEqual([
      ['OVERDUE', 'web', 'Mail', '2026-07-02T02:00:00.000Z'],
      ['FAILED', 'nas', 'Photos', '-'],
      ['WARNING', 'nas', 'Documents', '-'],
      [''],
    ])
  })

  it('of a report records one run, and the same time again is the same run', async () => {
    const server = await start()
    const script = recipe('Report a run from a script').replace(
      '$(date -u +%Y-%m-%dT%H:%M:%SZ)',
      '2026-08-01T02:00:00Z',
    )
    const [first, second] = [await server.run(script), await server.run(script)].map(({ stdout }) => JSON.parse(stdout))
    expect(first).toEqual({ success: true, backup: { id: expect.any(Number) }, duplicate: false })
    expect(second).toEqual({ ...first, duplicate: true })
  })

  it('of aliases takes them from a file', async () => {
    const server = await start()
    writeFileSync(join(server.folder, 'names.csv'), 'nas,Basement\nweb,"Web" of ours\n')
    const { stdout, code } = await server.run(recipe('Set aliases from a CSV file'))
    expect(stdout).toBe('{"name":"nas","alias":"Basement"}\n{"name":"web","alias":"\\"Web\\" of ours"}\n')
    expect(code).toBe(0)
  })

  it('of several changes makes them in their order, up to the first that fails', async () => {
    const server = await start()
    const script = recipe('Make several changes in one request')
    expect(JSON.parse((await server.run(script)).stdout)).toEqual({
      first: { server: { notes: 'Basement' } },
      second: { backupJob: { displayName: 'Family photos' } },
    })
    const failing = script
      .replace('Basement', 'Attic')
      .replace('second:', 'broken: updateServer(id: 9, input: {}) { server { id } } second:')
      .replace('Family', 'Our')
    expect(await server.run(failing)).toMatchObject({
      stdout: '',
      stderr: 'NOT_FOUND: There is no Server:9.\n',
      code: 5,
    })
    const { stdout } = await server.run(
      `ask '{ servers { nodes { notes } } backupJobs { nodes { alias } } }' | jq -c .`,
    )
    expect(stdout).toContain('"notes":"Attic"')
    expect(stdout).toContain('"alias":"Family photos"')
  })

  it('of old runs says which would be removed', async () => {
    const server = await start()
    for (let day = 1; day <= 31; day++) {
      await server.post(report({ data: { BeginTime: `2020-01-${String(day).padStart(2, '0')}T02:00:00Z` } }))
    }
    const { stdout } = await server.run(recipe('Remove runs older than a year'))
    expect(JSON.parse(stdout)).toEqual({
      pruneBackups: {
        deletedBackups: 2,
        jobs: [{ deletedBackups: 2, backupJob: { name: 'Photos', server: { displayName: 'nas' } } }],
      },
    })
  })

  it('of what was received since the last look shows each run once, whenever it began', async () => {
    const server = await start()
    // It leaves a file behind.
    const script = `cd '${server.folder}'\n${recipe('List the runs that were received since the last call')}`
    const ids = async () =>
      (await server.run(script)).stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t')[0])
    const known = await ids()
    expect(known[0]).toBe('Backup:1')
    expect(await ids()).toEqual([])
    const late = recipe('Report a run from a script').replace('$(date -u +%Y-%m-%dT%H:%M:%SZ)', '2020-01-01T02:00:00Z')
    expect((await server.run(late)).code).toBe(0)
    expect(await ids()).toEqual([`Backup:${known.length + 1}`])
    expect(await ids()).toEqual([])
  })

  it('of a list goes to its end', async () => {
    const server = await start()
    for (let hour = 0; hour < 120; hour++) {
      await server.post(report({ data: { BeginTime: new Date(Date.UTC(2026, 0, 1, hour)).toISOString() } }))
    }
    const { stdout } = await server.run(recipe('Read a whole list'))
    const lines = stdout.trimEnd().split('\n')
    expect(new Set(lines).size).toBe(123)
    expect(lines.at(-1)).toBe('2026-01-01T00:00:00.000Z\tSUCCESS\tBackup:4')
  })

  it('of a report posts it', async () => {
    const server = await start()
    expect(await server.run(recipe('Post a report'))).toMatchObject({
      stdout: '{"success":true,"backup":{"id":4},"duplicate":false}\n',
      code: 0,
    })
    writeFileSync(join(server.folder, 'no.json'), '{}')
    const refused = await server.run(
      recipe('Post a report').replace('test/fixtures/warning.json', join(server.folder, 'no.json')),
    )
    expect(refused).toMatchObject({ code: 22, stdout: expect.stringContaining('"code":"BAD_USER_INPUT"') })
  })

  it('of waiting waits for the next run, and for no other', async () => {
    const server = await start()
    const waiting = server.begin(recipe('Wait for the next run'))
    let stdout = ''
    waiting.stdout?.on('data', (chunk) => {
      stdout += chunk
    })
    const ended = new Promise((resolve) => waiting.once('exit', resolve))
    // It listens at some moment from now on, and takes the first run after that.
    for (let hour = 0; stdout === '' && hour < 200; hour++) {
      await server.post(report({ data: { BeginTime: new Date(Date.UTC(2026, 1, 1, hour)).toISOString() } }))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await ended).toBe(0)
    expect(stdout).toBe('nas: Photos SUCCESS\n')
  })

  it('is tried by one of these tests, whichever it is', () => {
    const tried = readFileSync(new URL(import.meta.url), 'utf8')
    expect(recipes.length).toBeGreaterThan(7)
    for (const { says } of recipes.slice(1)) {
      const begin = says.split(',')[0]?.split(' ').slice(0, 3).join(' ') ?? ''
      expect([begin, tried.includes(`recipe('${begin}`)]).toEqual([begin, true])
    }
  })
})

it('lists every code with its status and meaning', () => {
  const table = Object.entries(errorCodes).map(
    ([code, meaning]) => `| \`${code}\` | ${statuses[code as keyof typeof errorCodes]} | ${meaning} |`,
  )
  expect(page.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))).toEqual(table)
})

/** A server with two servers and three jobs: one overdue, one failed, one with a warning. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const address = await startProcess({ DATABASE_URL: `file:${folder}/backups.db` }).listening
  const post = async (body: unknown) => {
    const response = await fetch(`${address}/api/upload`, { method: 'POST', body: JSON.stringify(body) })
    expect(response.status).toBe(200)
  }
  await post(report({ data: { ParsedResult: 'Error' } }))
  await post(report({ data: { ParsedResult: 'Warning' }, extra: { 'backup-id': 'DB-2', 'backup-name': 'Documents' } }))
  await post(
    report({
      data: { BeginTime: '2026-07-01T02:00:00Z' },
      extra: {
        'machine-id': 'machine-2',
        'machine-name': 'web',
        'backup-name': 'Mail',
        'next-scheduled-run': '20260702T020000Z',
      },
    }),
  )
  const script = (text: string) =>
    `${ask?.script}\n${text}`
      .replaceAll('http://localhost:9666', address)
      .replaceAll('names.csv', join(folder, 'names.csv'))
  return {
    folder,
    post,
    begin: (text: string): ChildProcess => {
      const child = spawn('bash', ['-c', script(text)], { cwd: root })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    },
    run: async (text: string): Promise<{ stdout: string; stderr?: string; code: number }> => {
      try {
        const { stdout } = await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script(text)], { cwd: root })
        return { stdout, code: 0 }
      } catch (error) {
        const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number }
        return { stdout, stderr, code }
      }
    },
  }
}
