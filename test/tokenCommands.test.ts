// The first start that demands tokens, and the commands for whoever is locked out, as processes of their own.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { duplistatus } from './support/cli.ts'
import { newPlace } from './support/folders.ts'
import { startProcess } from './support/process.ts'

const tokensIn = (text: string) => text.match(/dst_[\w-]{43}/g) ?? []

it('shows a token once, keeps only its hash, and takes others from the command line while the server runs', async () => {
  const file = newPlace()
  const environment = { DATABASE_URL: `file:${file}`, HOST: '0.0.0.0' }
  expect(await duplistatus(file, 'token', 'list')).toMatchObject({ code: 1, stderr: expect.stringContaining('no ') })

  const first = startProcess(environment)
  await first.listening
  const [token = ''] = tokensIn(first.output())
  expect(tokensIn(first.output())).toHaveLength(1)
  first.child.kill('SIGTERM')
  await first.exited
  expect(readFileSync(file).includes(token.slice(10))).toBe(false)

  const second = startProcess(environment)
  const { port } = new URL(await second.listening)
  expect(tokensIn(second.output())).toEqual([])
  const another =
    'If you lost yours: `npx duplistatus token create` makes one; in Docker, `docker exec duplistatus duplistatus token create`.'
  expect(first.output()).not.toContain('This server requires a token. If you lost')
  expect(second.output().match(/"msg":"(This server requires a token\..*)"/)?.[1]).toBe(
    `This server requires a token. ${another}`,
  )
  const as = async (held: string) =>
    (await fetch(`http://127.0.0.1:${port}/api/servers`, { headers: { authorization: `Bearer ${held}` } })).status
  expect(await as(token)).toBe(200)

  const made = await duplistatus(file, 'token', 'create', '--scope', 'read', '--name', 'tablet')
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('"caller":"the command line"') })
  expect(made.stdout).toMatch(/^dst_[\w-]{43}\n$/)
  expect(await as(made.stdout.trim())).toBe(200)
  expect(await duplistatus(file, 'token', 'revoke', 'Token:2')).toMatchObject({ code: 0 })
  expect(await as(made.stdout.trim())).toBe(401)
  expect(await duplistatus(file, 'token', 'revoke', '1')).toMatchObject({
    code: 1,
    stderr: 'Token:1 is the only one of the scope ADMIN: create another one first.\n',
  })

  const { stdout } = await duplistatus(file, 'token', 'list')
  expect(stdout.replaceAll(/dst_[\w-]{6}/g, 'dst_PREFIX').replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, 'TIME')).toBe(
    'Token:1  dst_PREFIX…  ADMIN  first start, TIME, last used TIME\n' +
      'Token:2  dst_PREFIX…  READ  tablet, last used TIME, revoked TIME\n',
  )
  for (const text of [stdout, (await duplistatus(file, 'token', 'list', '--json')).stdout, second.output()]) {
    expect(tokensIn(text)).toEqual([])
  }
}, 120_000)

it('shows the token only once it serves, and not at a start that fails', async () => {
  const [file, other] = [newPlace(), newPlace()]
  const holder = startProcess({ DATABASE_URL: `file:${other}`, HOST: '127.0.0.1' })
  const { port } = new URL(await holder.listening)
  const refused = startProcess({ DATABASE_URL: `file:${file}`, HOST: '0.0.0.0', PORT: port })
  expect(await refused.exited).toBe(1)
  expect(refused.output()).toContain(`Port ${port} of 0.0.0.0 is taken`)
  expect(refused.output()).not.toContain('requires a token')
  expect(tokensIn(refused.output())).toEqual([])
  expect((await duplistatus(file, 'token', 'list')).stdout).toBe('There are no tokens.\n')

  const variables = { DATABASE_URL: `file:${file}`, HOST: '0.0.0.0', PUBLIC_URL: 'https://backups.example' }
  const second = startProcess(variables)
  await second.listening
  expect(tokensIn(second.output())).toHaveLength(1)
  expect(second.output()).toContain('--send-http-json-urls=https://backups.example/api/upload/TOKEN\n')
})

it('says nothing of commands in another form than the command line knows', async () => {
  const { stdout } = await duplistatus(newPlace(), 'token', 'create', '--help')
  for (const scope of ['report', 'read']) expect(stdout).toContain(`"${scope}"`)
})
