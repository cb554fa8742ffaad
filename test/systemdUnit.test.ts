// The systemd unit of docs/deployment.md. There is no systemd where the tests run: its own checker reads the unit where there is one,
// and what the unit starts is started.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { compiled } from './support/compiled.ts'
import { documents } from './support/documents.ts'

const unit = /```ini\n(\[Unit\].*?)```/s.exec(documents)?.[1] ?? ''
const settingOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
const checker = spawnSync('systemd-analyze', ['--version']).status === 0

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it.skipIf(!checker)('has nothing that systemd does not know', () => {
  const file = join(newFolder(), 'duplistatus.service')
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath))
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
  expect([status, stderr.split('\n').filter((line) => line.includes('duplistatus'))]).toEqual([0, []])
})

it('starts the server on a file in its own folder, and stops it by the signal of systemd', async () => {
  const folder = newFolder()
  const variables = settingOf('Environment').split(' ')
  expect(variables).toContain(`DATABASE_URL=file:/var/lib/${settingOf('StateDirectory')}/backups.db`)
  const here = variables.map((variable) => variable.replace('/var/lib/duplistatus', folder).split('='))
  const [program, ...args] = settingOf('ExecStart').split(' ')
  expect(program).toBe('/usr/bin/node')
  const server = spawn(process.execPath, args, {
    cwd: dirname(dirname(compiled('main.js'))),
    env: { PORT: '0', ...Object.fromEntries(here) },
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const exited = once(server, 'exit')
  let output = ''
  for await (const chunk of server.stdout) {
    output += chunk
    if (output.includes('Listening')) break
  }
  expect(readdirSync(folder)).toContain('backups.db')
  server.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(readdirSync(folder)).toEqual(['backups.db'])
})
