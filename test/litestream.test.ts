// docs/operations.md, "Stream it elsewhere": Litestream and the server are killed while reports come, and a server is started elsewhere
// on what was streamed. Litestream runs behind the server, so the last moments may be missing; what came before them may not.

import { execFile, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { duplistatus } from './support/cli.ts'
import { emptyDatabase } from './support/compiled.ts'
import { documents } from './support/documents.ts'
import { postingClients, runsOfClients } from './support/postingClients.ts'
import { problemsIn } from './support/problems.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

const clientCount = 6
const isInstalled = spawnSync('litestream', ['version']).status === 0

it.skipIf(!isInstalled)(
  'loses nothing but the last moments when the machine is lost (where there is Litestream)',
  { timeout: 180_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'backups.db')
    copyFileSync(emptyDatabase(), file)
    const configuration = writeConfiguration(folder, file)
    const litestream = spawn('litestream', ['replicate', '-config', configuration], { stdio: 'ignore' })
    onTestFinished(() => void litestream.kill('SIGKILL'))
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    const clients = postingClients(clientCount)
    const address = await server.listening
    const posting = clients.map((client) => client.post(address))

    // How far Litestream is behind while reports come.
    await sleep(2000)
    const counts = clients.map(({ acknowledged }) => acknowledged.length)
    const asked = Date.now()
    let tries = 0
    for (let behind = true; behind; tries++) {
      const stored = await restored(configuration, file, join(folder, `try-${tries}`))
      behind = counts.some((count, index) => (stored?.runs[index]?.length ?? 0) < count)
    }
    const lag = Date.now() - asked

    server.child.kill('SIGKILL')
    litestream.kill('SIGKILL')
    await Promise.all([...posting, server.exited])
    const elsewhere = await restored(configuration, file, join(folder, 'elsewhere'))
    if (!elsewhere) throw new Error('Nothing was streamed.')
    let missing = 0
    for (const [index, { acknowledged }] of clients.entries()) {
      const runs = elsewhere.runs[index] ?? []
      expect(runs.length).toBeGreaterThanOrEqual(counts[index] as number)
      // Of each client the first ones are there, each under its number, and none between them is missing.
      expect(acknowledged.slice(0, runs.length)).toEqual(runs.slice(0, acknowledged.length))
      missing += Math.max(0, acknowledged.length - runs.length)
    }
    expect(problemsIn(elsewhere.file)).toEqual([])
    expect(await duplistatus(elsewhere.file, 'verify')).toMatchObject({ code: 0 })

    const standby = startProcess({ DATABASE_URL: `file:${elsewhere.file}` })
    const upload = await fetch(`${await standby.listening}/api/upload`, {
      method: 'POST',
      body: JSON.stringify(report({})),
    })
    expect(await upload.json()).toMatchObject({ success: true, duplicate: false })
    const total = clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    console.info(
      `${total} reports answered with 200; all of the first ${counts.reduce((a, b) => a + b)} were elsewhere within ${lag} ms; ${missing} of the last were missing after the kill`,
    )
  },
)

/** The configuration of the guide, with a folder in the place of the bucket. */
function writeConfiguration(folder: string, file: string): string {
  const text = /```yaml\n(dbs:\n.*?)```/s.exec(documents)?.[1] ?? ''
  const bucket = join(folder, 'bucket')
  mkdirSync(bucket)
  const path = join(folder, 'litestream.yml')
  const here = text.replace('/var/lib/duplistatus/backups.db', file).replace(/url: s3:\S+/, `url: file://${bucket}`)
  expect(here).toContain(`path: ${file}\n`)
  expect(here).toContain(`url: file://${bucket}\n`)
  writeFileSync(path, here)
  return path
}

/** What can be restored now, as a database in another folder and the runs in it, or null if there is nothing yet. */
async function restored(configuration: string, file: string, folder: string) {
  mkdirSync(folder)
  const elsewhere = join(folder, 'backups.db')
  try {
    await promisify(execFile)('litestream', ['restore', '-config', configuration, '-o', elsewhere, file])
  } catch {
    return null
  }
  return { file: elsewhere, runs: runsOfClients(elsewhere, clientCount) }
}
