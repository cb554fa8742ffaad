// The playground as it is served: a small page, large files that are sent once, and nothing from elsewhere.

import { gunzipSync } from 'node:zlib'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import * as parts from '@graphql-yoga/render-graphiql/graphiql'
import { parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { exampleOperations } from '../../src/graphql/serving/exampleOperations.ts'
import { fixture, startApp, type TestApp } from '../support/app.ts'

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' }

const ask = (app: TestApp, headers: Record<string, string> = {}, search = '') =>
  app.fetch(`/graphql${search}`, { headers: { ...asBrowser, ...headers } })

/** The paths of the files that the page loads, at once or later. */
async function filesOf(app: TestApp): Promise<string[]> {
  const page = await (await ask(app)).text()
  return [...new Set(page.match(/graphql\/assets\/[\w.-]+/g))].map((path) => `/${path}`)
}

it('is a small page without anything inline or from elsewhere', async () => {
  const response = await ask(await startApp())
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const page = (await response.text())
    .replaceAll(/-[\w-]{16}\./g, '-HASH.')
    .replace(/data-options="[^"]*"/, 'data-options="…"')
  expect(page).toMatchInlineSnapshot(`
    "<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>duplistatus</title>
        <link rel="icon" href="graphql/assets/icon-HASH.svg">
        <link rel="stylesheet" href="graphql/assets/graphiql-HASH.css">
        <script src="graphql/assets/graphiql-HASH.js" defer></script>
        <script src="graphql/assets/start-HASH.js" type="module"></script>
      </head>
      <body class="no-focus-outline">
        <noscript>GraphiQL needs JavaScript. The API is at this address, for requests by POST.</noscript>
        <div id="root" data-options="…"></div>
      </body>
    </html>
    "
  `)
  expect(response.headers.get('content-security-policy')).toMatchInlineSnapshot(
    `"default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"`,
  )
})

it('opens a tab for each example, with the examples as they are', async () => {
  const page = await (await ask(await startApp())).text()
  const escaped = /data-options="([^"]*)"/.exec(page)?.[1] ?? ''
  const { defaultTabs } = JSON.parse(escaped.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
  expect(defaultTabs).toEqual(exampleOperations.map((query) => ({ query })))
})

it.each(exampleOperations.map((text) => [/^\w+ (\w+) \{$/m.exec(text)?.[1], text] as const))(
  'has the example %s, which the schema answers',
  async (_name, text) => {
    expect(validate(schema, parse(text))).toEqual([])
    if (/^subscription/m.test(text)) return
    const app = await startApp()
    await app.post(await fixture('success.json'))
    const { data, errors } = await app.graphql(text)
    expect(errors).toBeUndefined()
    expect(data).toBeDefined()
  },
)

it('has the files of the package, all that its own page is made of', async () => {
  const app = await startApp()
  const contents = await Promise.all((await filesOf(app)).map(async (path) => (await app.fetch(path)).text()))
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } = parts
  expect(contents).toEqual(expect.arrayContaining([js, css, editorWorkerService, jsonWorker, graphqlWorker]))
  // Where this differs after an update of the package, our page has to follow.
  const page = Object.entries(parts).reduce(
    (text, [name, part]) => text.replace(JSON.stringify(part), name).replace(part, () => name),
    renderGraphiQL(),
  )
  expect(page).toMatchInlineSnapshot(`
    "
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>Yoga GraphiQL</title>
          <link rel="icon" href=favicon />
          <style>
            css
          </style>
        </head>
        <body id="body" class="no-focus-outline">
          <noscript>You need to enable JavaScript to run this app.</noscript>
          <div id="root"></div>

          <script>
            function prepareBlob(workerContent) {
              const blob = new Blob([workerContent], { type: 'application/javascript' });
              return URL.createObjectURL(blob);
            }
            const workers = {
              editorWorkerService: prepareBlob(editorWorkerService),
              json: prepareBlob(jsonWorker),
              graphql: prepareBlob(graphqlWorker),
            };
            self['MonacoEnvironment'] = {
              globalAPI: false,
              getWorkerUrl: function (moduleId, label) {
                return workers[label];
              },
            };
            js;
            YogaGraphiQL.renderYogaGraphiQL(
              window.document.querySelector('#root'),
              {},
            );
          </script>
        </body>
      </html>
    "
  `)
})

it('keeps the files for good in a browser, since their names change with what is in them', async () => {
  const app = await startApp()
  const files = await filesOf(app)
  const served = await Promise.all(
    files.map(async (path) => {
      const { status, headers } = await app.fetch(path)
      return [path, status, headers.get('content-type'), headers.get('cache-control'), headers.get('vary')].join(' ')
    }),
  )
  expect(served.join('\n').replaceAll(/-[\w-]{16}\./g, '-HASH.')).toMatchInlineSnapshot(`
    "/graphql/assets/icon-HASH.svg 200 image/svg+xml public, max-age=31536000, immutable accept-encoding
    /graphql/assets/graphiql-HASH.css 200 text/css; charset=utf-8 public, max-age=31536000, immutable accept-encoding
    /graphql/assets/graphiql-HASH.js 200 text/javascript; charset=utf-8 public, max-age=31536000, immutable accept-encoding
    /graphql/assets/start-HASH.js 200 text/javascript; charset=utf-8 public, max-age=31536000, immutable accept-encoding
    /graphql/assets/editor-worker-HASH.js 200 text/javascript; charset=utf-8 public, max-age=31536000, immutable accept-encoding
    /graphql/assets/json-worker-HASH.js 200 text/javascript; charset=utf-8 public, max-age=31536000, immutable accept-encoding
    /graphql/assets/graphql-worker-HASH.js 200 text/javascript; charset=utf-8 public, max-age=31536000, immutable accept-encoding"
  `)
  const other = files[0]?.replace(/-[\w-]{16}\./, '-AAAAAAAAAAAAAAAA.') ?? ''
  expect(await app.rest('GET', other)).toEqual({
    status: 404,
    body: {
      status: 'error',
      error: { code: 'NOT_FOUND', message: `There is nothing at ${other}; load GraphiQL again.` },
    },
  })
})

it('compresses the files for whoever takes them so', async () => {
  const app = await startApp()
  let bytes = 0
  for (const path of await filesOf(app)) {
    const plain = await (await app.fetch(path)).text()
    const response = await app.fetch(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    const body = Buffer.from(await response.arrayBuffer())
    expect(gunzipSync(body).toString()).toBe(plain)
    bytes += body.length
  }
  expect(bytes).toBeLessThan(2_500_000)
})

it('does not send the page again to whoever has it', async () => {
  const app = await startApp()
  const first = await ask(app)
  expect(first.headers.get('cache-control')).toBe('no-cache')
  const again = await ask(app, { 'if-none-match': first.headers.get('etag') ?? '' })
  expect([again.status, await again.text()]).toEqual([304, ''])
  // A browser takes these for the headers of what it has.
  expect(again.headers.get('content-security-policy')).toBe(first.headers.get('content-security-policy'))
  expect((await ask(app, { 'if-none-match': 'W/"another"' })).status).toBe(200)
})

it('opens with the query of a link, and leaves queries by GET to whoever takes JSON', async () => {
  const app = await startApp()
  const search = '?query=%7B__typename%7D'
  expect((await ask(app, {}, search)).headers.get('content-type')).toBe('text/html; charset=utf-8')
  for (const accept of ['text/html, application/json', 'text/html, application/graphql-response+json']) {
    expect(await (await ask(app, { accept }, search)).json()).toEqual({ data: { __typename: 'Query' } })
  }
})
