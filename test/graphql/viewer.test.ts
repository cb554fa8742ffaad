// Who asks, and what they may do: what each caller is told of itself, and no other.

import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { startApp } from '../support/app.ts'
import { emptyDatabase } from '../support/compiled.ts'
import { newPlace } from '../support/folders.ts'
import { asTakenOver, startGuarded } from '../support/tokens.ts'

const whole = '{ viewer { scopes token { id name prefix scope server { id } } server { id } } }'

it.each([
  ['ADMIN', ['REPORT', 'READ', 'ADMIN']],
  ['READ', ['READ']],
])('is the holder of a token of the scope %s', async (scope, scopes) => {
  const app = await startGuarded()
  const secret = await app.newToken({ scope, name: 'mine' })
  expect(await app.ask(secret, whole)).toEqual({
    status: 200,
    body: {
      data: {
        viewer: {
          scopes,
          token: { id: 'Token:2', name: 'mine', prefix: secret.slice(0, 10), scope, server: null },
          server: null,
        },
      },
    },
  })
})

it('is everybody who may do everything where no token is demanded', async () => {
  const everything = { data: { viewer: { scopes: ['REPORT', 'READ', 'ADMIN'], token: null, server: null } } }
  const open = await startApp()
  expect(await open.graphql(whole)).toEqual(everything)
  const without = await startGuarded({ environment: { DUPLISTATUS_AUTH: 'off' } })
  expect((await without.ask(null, whole)).body).toEqual(everything)
  expect((await without.ask('dst_whatever', whole)).body).toEqual(everything)
})

it('is not told to who may only report, or holds nothing', async () => {
  const app = await startGuarded()
  const report = await app.newToken({ scope: 'REPORT' })
  const bound = await app.newToken({ scope: 'REPORT', server: 'Server:1' })
  asTakenOver(app.file)
  for (const [token, code] of [
    [report, 'FORBIDDEN'],
    [bound, 'FORBIDDEN'],
    [null, 'UNAUTHENTICATED'],
  ] as const) {
    expect((await app.ask(token, whole)).body).toMatchObject({ errors: [{ extensions: { code } }] })
  }
})

it('is told to each holder anew, although answers to others who may do the same are kept', async () => {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  // Only what comes through a listener has kept answers.
  const app = await createApp(readConfig({ DATABASE_URL: `file:${file}`, HOST: '0.0.0.0' }), pino({ level: 'silent' }))
  const server = createServer(app.listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    await app.close()
  })
  const ask = async (token: string | null, query: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
  }
  const admin = await app.firstToken()
  const names = ['one', 'two', 'three']
  const tokens: string[] = []
  for (const name of names) {
    const { data } = await ask(admin, `mutation { createToken(input: { name: "${name}", scope: READ }) { secret } }`)
    tokens.push(data.createToken.secret)
  }
  for (let round = 0; round < 4; round += 1) {
    for (const [index, token] of tokens.entries()) {
      expect(await ask(token, '{ viewer { token { name } } }')).toEqual({
        data: { viewer: { token: { name: names[index] } } },
      })
    }
  }
})
