// The command that collects runs, as a process of its own, beside a server.

import { expect, it } from 'vitest'
import { duplistatus } from '../support/cli.ts'
import { at, connect, startBoth } from '../support/connected.ts'
import { addRun } from '../support/duplicati/jobs.ts'

it('counts, and records, the runs of one server or of all', async () => {
  const both = await startBoth()
  const { app, photos } = both
  expect(await duplistatus(app.file, 'collect')).toMatchObject({
    code: 0,
    stdout: 'No server is connected to its Duplicati.\n',
  })
  addRun(photos, at('2 02:00'))
  await connect(both)
  expect(await duplistatus(app.file, 'collect', '--dry-run', '--json')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"name":"nas","collected":1,"known":1,"busy":[],"problem":null'),
  })
  const recorded = await duplistatus(app.file, 'collect', 'nas')
  expect(recorded).toMatchObject({ code: 0, stdout: expect.stringContaining('nas: 1 run recorded, 1 known already\n') })
  expect(recorded.stdout).toContain('nas: Photos was read')
  const { data } = await app.graphql('{ backups { totalCount } server(by: { id: 1 }) { connection { state } } }')
  expect(data).toEqual({ backups: { totalCount: 2 }, server: { connection: { state: 'WORKS' } } })

  expect(await duplistatus(app.file, 'collect', '7')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no server 7.'),
  })
  both.duplicati.lie('/api/v1/backups', { status: 500, body: 'no' })
  expect(await duplistatus(app.file, 'collect', 'Server:1')).toMatchObject({ code: 1 })
})
