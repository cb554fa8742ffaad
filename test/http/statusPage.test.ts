// The page as it is served: one small document for all its addresses, and files that are sent once. The build serves it here, as
// users run it.

import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ServerProcess, spawnServer } from '../support/process.ts'

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' }

const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
const servers: ServerProcess[] = []

async function start(name: string, environment: Record<string, string> = {}): Promise<string> {
  const server = spawnServer({ DATABASE_URL: `file:${folder}/${name}.db`, BACKUP_EVERY_HOURS: '0', ...environment })
  servers.push(server)
  return server.listening
}

let address: string
beforeAll(async () => {
  address = await start('on')
})
afterAll(async () => {
  for (const { child, exited } of servers) {
    child.kill('SIGKILL')
    await exited
  }
  rmSync(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Asks as it is said here: fetch would tidy up paths, and unpack what is compressed. */
async function ask(path: string, headers: Record<string, string> = browser, method = 'GET', at = address) {
  const { hostname, port } = new URL(at)
  const sent = request({ hostname, port, path, method, headers, agent: false }).end()
  const [incoming] = await once(sent, 'response')
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece)
  return { status: incoming.statusCode, headers: incoming.headers, body: Buffer.concat(pieces) } as Answer
}

/** The names of the scripts and styles in a folder. */
function filesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => /\.(?:js|css)$/.test(name))
}

const built = () => join(inject('build'), 'dist/page')
const anyFile = () => `/page/${filesOf(built()).find((name) => name.startsWith('main-'))}`

it('is a small document without anything inline or from elsewhere', async () => {
  const { status, headers, body } = await ask('/')
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['content-security-policy']).toBe(policy)
  expect(headers['cache-control']).toBe('no-cache')
  expect(String(body).replaceAll(/-[\w-]{8}\./g, '-HASH.')).toMatchInlineSnapshot(`
    "<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>duplistatus</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="./page/style-HASH.css">
        <script type="module" src="./page/main-HASH.js"></script>
      </head>
      <body>
        <noscript>This page needs JavaScript. The API is at /graphql.</noscript>
        <div id="page" data-live="live-HASH.js"></div>
      </body>
    </html>
    "
  `)
})

it.each(['/', '/runs', '/runs/1', '/servers/7', '/jobs/7', '/jobs/7/', '/settings', '/settings/tokens', '/connect'])(
  'stands at %s, and names its files from there',
  async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBe(200)
    const named = [...String(body).matchAll(/(?:href|src)="([^"]*page\/[^"]*)"/g)].map(([, name]) => name as string)
    expect(named).toHaveLength(2)
    // The same under another path of a proxy.
    for (const before of ['', '/backups/here']) {
      const found = named.map((name) => new URL(name, `http://localhost${before}${path}`).pathname)
      for (const file of found)
        expect(file).toMatch(new RegExp(`^${before}/page/(?:style|main)-[\\w-]{8}\\.(?:css|js)$`))
    }
    for (const name of named) expect((await ask(new URL(name, `http://localhost${path}`).pathname)).status).toBe(200)
  },
)

it.each(['/', '/jobs/7', '/runs'])('leaves %s as it was to whoever does not take HTML', async (path) => {
  for (const headers of [{ accept: '*/*' }, { accept: 'application/json' }, { accept: '' }]) {
    const { status, body } = await ask(path, headers)
    expect([status, JSON.parse(String(body))]).toEqual([
      404,
      { status: 'error', error: { code: 'NOT_FOUND', message: expect.stringContaining('There is nothing') } },
    ])
  }
  expect((await ask(path, browser, 'POST')).status).toBe(404)
})

it.each(['/nothing', '/jobs/7/runs', '/jobs/a.b', '/JOBS', '//jobs', '/index.html'])(
  'does not stand at %s',
  async (path) => {
    const { status, headers } = await ask(path)
    expect([status, headers['content-type']]).toEqual([404, 'application/json; charset=utf-8'])
  },
)

it('leaves GraphiQL and the API where they are', async () => {
  expect(String((await ask('/graphql')).body)).toContain('graphql/assets/')
  expect((await ask('/api/servers')).headers['content-type']).toBe('application/json; charset=utf-8')
})

it('is not there if it is switched off', async () => {
  const at = await start('off', { STATUS_PAGE: 'off' })
  for (const path of ['/', '/jobs/7', anyFile()]) expect((await ask(path, browser, 'GET', at)).status).toBe(404)
  expect((await ask('/graphql', browser, 'GET', at)).status).toBe(200)
})

it('does not send the document again to whoever has it', async () => {
  const first = await ask('/jobs/7')
  const etag = first.headers.etag as string
  const again = await ask('/jobs/8', { ...browser, 'if-none-match': etag })
  expect([again.status, String(again.body)]).toEqual([304, ''])
  // A browser takes these for the headers of what it has.
  expect(again.headers).toMatchObject({ 'content-security-policy': policy, etag, vary: first.headers.vary })
  // At another depth, the files have other names.
  expect((await ask('/', { ...browser, 'if-none-match': etag })).status).toBe(200)
  expect((await ask('/jobs/7', { ...browser, 'if-none-match': 'W/"another"' })).status).toBe(200)
})

it('has every file as it was built, kept for good by a browser', async () => {
  const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' }
  const names = filesOf(built())
  expect(names.length).toBeGreaterThan(3)
  for (const name of names) {
    expect(name).toMatch(/-[\w-]{8}\.(?:js|css)$/)
    const { status, headers, body } = await ask(`/page/${name}`, {})
    expect([name, status, body.equals(readFileSync(join(built(), name)))]).toEqual([name, 200, true])
    expect(headers).toMatchObject({
      'content-type': types[name.slice(name.lastIndexOf('.') + 1) as 'js' | 'css'],
      'content-security-policy': policy,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    })
    expect(headers['content-encoding']).toBeUndefined()
  }
})

it.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip, deflate', 'gzip', gunzipSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
  ['*', 'br', brotliDecompressSync],
  ['identity', undefined, (body: Buffer) => body],
  ['br;q=0, gzip;q=0', undefined, (body: Buffer) => body],
])('sends a file as %s allows: %s', async (accepted, coding, unpack) => {
  const plain = await ask(anyFile(), {})
  const { headers, body } = await ask(anyFile(), { 'accept-encoding': accepted })
  expect([headers['content-encoding'], headers.vary]).toEqual([coding, 'accept-encoding'])
  expect(unpack(body).equals(plain.body)).toBe(true)
})

it('answers HEAD with the same headers and nothing else', async () => {
  for (const path of ['/', anyFile()]) {
    const { headers: got } = await ask(path)
    const { status, headers, body } = await ask(path, browser, 'HEAD')
    expect([status, body.length]).toEqual([200, 0])
    for (const name of ['content-type', 'etag', 'cache-control', 'vary', 'content-security-policy'])
      expect(headers[name]).toBe(got[name])
  }
})

it('says of a file of another release to load the page again', async () => {
  const path = '/page/main-AAAAAAAA.js'
  const { status, headers, body } = await ask(path)
  expect([status, JSON.parse(String(body))]).toEqual([
    404,
    { status: 'error', error: { code: 'NOT_FOUND', message: `There is nothing at ${path}; load the page again.` } },
  ])
  expect(headers['cache-control']).not.toContain('immutable')
})

it.each([
  '/page/../main.js',
  '/page/..%2fmain.js',
  '/page/%2e%2e/main.js',
  '/page/..%5cmain.js',
  '/page/./../package.json',
  '/page//etc/passwd',
  '/page/__proto__',
  '/page/page.html',
  '/page/THIRD-PARTY-NOTICES.txt',
  '/page/',
])('has nothing at %s', async (path) => {
  expect((await ask(path, {})).status).toBe(404)
})

describe('as it was built', () => {
  const gzipped = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(built(), name)), { level: 9 }).length, 0)

  /** A script, and what it cannot begin without. */
  function withImports(name: string, known = new Set<string>()): Set<string> {
    if (known.has(name)) return known
    known.add(name)
    const code = readFileSync(join(built(), name), 'utf8')
    for (const [, other] of code.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g))
      withImports(other as string, known)
    return known
  }

  const beginningWith = (prefix: string) => filesOf(built()).filter((name) => name.startsWith(prefix))

  it('needs 60 kB of scripts at most for the first screen', () => {
    const [main = ''] = beginningWith('main-')
    const scripts = withImports(main)
    expect(scripts.size).toBeGreaterThan(1)
    expect([...scripts].filter((name) => /uPlot|Settings/.test(name))).toEqual([])
    expect(gzipped(scripts)).toBeLessThanOrEqual(60_000)
  })

  it('needs 27 kB at most for charts, and 9 kB for styles', () => {
    const charts = beginningWith('uPlot')
    const styles = filesOf(built()).filter((name) => name.endsWith('.css'))
    expect([charts.length, styles.length]).toEqual([1, 1])
    expect(gzipped(charts)).toBeLessThanOrEqual(27_000)
    expect(gzipped(styles)).toBeLessThanOrEqual(9_000)
  })

  it('needs 120 kB at most in all', () => {
    expect(gzipped(filesOf(built()))).toBeLessThanOrEqual(120_000)
  })
})
