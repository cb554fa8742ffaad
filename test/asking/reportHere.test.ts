// A connected Duplicati is told to report to this server: beside whom it reports to already, and with a token where one is needed.

import { expect, it } from 'vitest'
import { collect, connect, startBoth } from '../support/connected.ts'

const address = 'https://backups.example/api/upload'

async function start(jsonUrls: string | null, auth = 'off') {
  const both = await startBoth('2.3.0.4', {
    environment: { PUBLIC_URL: 'https://backups.example', DUPLISTATUS_AUTH: auth },
  })
  both.duplicati.settings = { '--send-http-json-urls': jsonUrls, 'max-upload-speed': '5MB' }
  await connect(both)
  await collect(both.app)
  const reportHere = async (dryRun: boolean) =>
    (await both.app.graphql(
      `mutation { reportHere(server: 1, dryRun: ${dryRun}) { changed before after server { connection { setup { reportsToUs missing } } } } }`,
    )) as { data: { reportHere: { changed: boolean; before: string | null; after: string } }; errors?: unknown }
  return { ...both, reportHere, urls: () => both.duplicati.settings['--send-http-json-urls'] }
}

it.each([
  [null, address],
  ['https://other.example/x?token=a,b', `https://other.example/x?token=a,b;${address}`],
  [`${address}/dst_old;https://other.example/`, `${address};https://other.example/`],
  [`https://other.example/;${address}?token=1;${address}/dst_2`, `https://other.example/;${address}`],
])('is added to %s, once', async (before, after) => {
  const { duplicati, reportHere, urls } = await start(before)
  expect((await reportHere(true)).data.reportHere).toMatchObject({ changed: true, after })
  expect(urls()).toBe(before)
  expect((await reportHere(false)).data.reportHere).toMatchObject({
    changed: true,
    after,
    server: { connection: { setup: { reportsToUs: true, missing: [] } } },
  })
  expect(urls()).toBe(after)
  expect(duplicati.settings['max-upload-speed']).toBe('5MB')
  expect((await reportHere(false)).data.reportHere).toMatchObject({ changed: false, after })
})

it('says what is missing', async () => {
  const { app, reportHere } = await start('https://other.example/')
  const setup = async () =>
    (await app.graphql('{ server(by: { id: 1 }) { connection { setup { reportsToUs missing } } } }')).data
  expect(await setup()).toEqual({
    server: {
      connection: {
        setup: { reportsToUs: false, missing: ['It does not report to this server: reportHere adds the address.'] },
      },
    },
  })
  await reportHere(false)
  await collect(app)
  expect(await setup()).toEqual({ server: { connection: { setup: { reportsToUs: true, missing: [] } } } })
})

it('gives a token where one is needed, for reports of this server alone, and takes the old one back', async () => {
  const { app, reportHere, urls } = await start(null, 'on')
  const { data } = (await app.graphql('mutation { createToken(input: { name: "me", scope: ADMIN }) { secret } }')) as {
    data: { createToken: { secret: string } }
  }
  const asAdmin = async (query: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${data.createToken.secret}` }
    const response = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await response.json()) as { data: Record<string, unknown> }
  }
  expect(await reportHere(true)).toHaveProperty('errors')
  const change = (dryRun: boolean) =>
    asAdmin(`mutation { reportHere(server: 1, dryRun: ${dryRun}) { changed before after } }`)
  const after = `${address}?token=TOKEN`
  expect(await change(true)).toEqual({ data: { reportHere: { changed: true, before: null, after } } })
  expect(urls()).toBe(null)
  expect(await change(false)).toEqual({ data: { reportHere: { changed: true, before: null, after } } })
  const first = String(urls())
  expect(first).toMatch(/\/api\/upload\?token=dst_[\w-]{43}$/)
  expect(await change(false)).toEqual({ data: { reportHere: { changed: true, before: after, after } } })
  expect(urls()).not.toBe(first)
  const { tokens } = (await asAdmin('{ tokens { name scope server { id } revokedAt } }')).data as {
    tokens: { revokedAt: string | null }[]
  }
  expect(tokens.map((token) => ({ ...token, revokedAt: token.revokedAt !== null }))).toEqual([
    { name: 'me', scope: 'ADMIN', server: null, revokedAt: false },
    { name: 'Reports of nas', scope: 'REPORT', server: { id: 'Server:1' }, revokedAt: true },
    { name: 'Reports of nas', scope: 'REPORT', server: { id: 'Server:1' }, revokedAt: false },
  ])
  const post = (url: string) =>
    app.fetch(
      url.replace('https://backups.example', ''),
      { method: 'POST', body: '{}' },
      { address: '192.0.2.7', host: 'backups.example' },
    )
  expect([(await post(String(urls()))).status, (await post(first)).status]).toEqual([400, 401])
})
