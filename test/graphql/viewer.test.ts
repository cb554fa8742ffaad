// Who asks, and what they may do: what each caller is told of itself, and no other.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
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

it('is told to each holder anew, however often it was told to others', async () => {
  const app = await startGuarded()
  const names = ['one', 'two', 'three']
  const tokens = await Promise.all(names.map((name) => app.newToken({ scope: 'READ', name })))
  for (let round = 0; round < 4; round += 1) {
    for (const [index, token] of tokens.entries()) {
      // Answers to GET are kept from the second time on.
      const query = encodeURIComponent('{ viewer { token { name } } }')
      const headers = { accept: 'application/json' }
      const { body } = await app.as(token, `/graphql?query=${query}`, { headers })
      expect(body).toEqual({ data: { viewer: { token: { name: names[index] } } } })
    }
  }
})
