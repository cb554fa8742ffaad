// Names and lines that would do harm where they are shown: data come back as they were sent, and whatever a person looks at,
// the log and the commands, is without what moves a cursor, turns a text around or makes a line of its own.

import { expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { duplistatus } from './support/cli.ts'
import { report } from './support/report.ts'

const odd =
  'a\u0000b\u0007\u001b[31mred\u001b[0m\u009b2J \u202egnp.exe\u202c <script>alert(1)</script>\r\nX-Evil: "yes"'
const shown = 'abred2J gnp.exe <script>alert(1)</script> X-Evil: "yes"'

async function startWithOddNames(logged: string[] = []) {
  const app = await startApp({ logged })
  await app.post(report({ extra: { 'machine-name': odd, 'backup-name': odd }, logLines: [odd], exception: odd }))
  const input = { alias: odd, notes: odd }
  await app.graphql('mutation ($input: UpdateServerInput!) { updateServer(id: 1, input: $input) { server { id } } }', {
    input,
  })
  return app
}

it('come back from GraphQL as they were sent', async () => {
  const app = await startWithOddNames()
  const fields = 'name alias notes displayName jobs { name latestBackup { exception logLines { nodes { text } } } }'
  expect(await app.graphql(`{ server(by: { id: 1 }) { ${fields} } }`)).toEqual({
    data: {
      server: {
        ...{ name: odd, alias: odd, notes: odd, displayName: odd },
        jobs: [{ name: odd, latestBackup: { exception: odd, logLines: { nodes: [{ text: odd }] } } }],
      },
    },
  })
  const found = await app.graphql('query ($name: String) { server(by: { name: $name }) { id } }', { name: odd })
  expect(found).toEqual({ data: { server: { id: 'Server:1' } } })
})

it('come back from REST as they were sent, as JSON that no browser takes for a page', async () => {
  const app = await startWithOddNames()
  expect(await app.rest('GET', `/api/servers/${encodeURIComponent(odd)}`)).toMatchObject({
    status: 200,
    body: { data: { name: odd, alias: odd, notes: odd } },
  })
  expect(await app.rest('GET', '/api/lastbackup/1')).toMatchObject({
    body: { server: { name: odd }, latest_backup: { name: odd } },
  })
  const missing = await app.fetch(`/api/servers/${encodeURIComponent(`${odd}?`)}`)
  expect([missing.status, await missing.text()]).toEqual([
    404,
    expect.stringContaining(JSON.stringify(odd).slice(1, -1)),
  ])
  expect(missing.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(missing.headers.get('x-content-type-options')).toBe('nosniff')
  expect(missing.headers.get('x-evil')).toBeNull()
})

it('stand in the log without what does harm', async () => {
  const logged: string[] = []
  await startWithOddNames(logged)
  const lines = logged.map((line) => JSON.parse(line)).filter(({ action }) => action === 'updateServer')
  expect(lines).toMatchObject([{ after: { alias: shown, notes: shown } }])
})

it('are printed by commands without what does harm, and to scripts as they are', async () => {
  const app = await startApp()
  await app.graphql('mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }', {
    input: { name: odd, scope: 'ADMIN' },
  })
  await app.close()
  const { stdout } = await duplistatus(app.file, 'token', 'list')
  expect(stdout).toMatch(/^Token:1 .*\n$/)
  expect(stdout).toContain(`ADMIN  ${shown}, `)
  expect(JSON.parse((await duplistatus(app.file, 'token', 'list', '--json')).stdout)).toMatchObject({
    tokens: [{ name: odd }],
  })
})
