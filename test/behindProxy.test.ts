// The configurations in docs/deployment.md for nginx and Caddy, with the programs themselves: what they pass on arrives whole, in
// time, and with the address of the client. Where a program is not installed, its tests are skipped.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { documents } from './support/documents.ts'
import { freePort } from './support/freePort.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

const blockOf = (language: string) => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(documents)?.[1] ?? ''
const isInstalled = (program: string) => {
  try {
    return execFileSync('sh', ['-c', `command -v ${program}`]).length > 0
  } catch {
    return false
  }
}

/** The block of the page, without TLS, in a folder of the test, and the command that serves it. */
const proxies = [
  {
    program: 'nginx',
    configure: (folder: string, port: number, upstream: string) => {
      const server = blockOf('nginx')
        .replace('listen 443 ssl', `listen 127.0.0.1:${port}`)
        .replaceAll(/^ *ssl_certificate.*\n/gm, '')
        .replace('http://127.0.0.1:9666', upstream)
      const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const paths = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')
      const user = process.getuid?.() === 0 ? 'user root;' : ''
      return `daemon off; ${user} pid ${folder}/pid; error_log stderr;\nevents {}\nhttp { access_log off;\n${paths}\n${server}}\n`
    },
    command: (folder: string, file: string) => ['-p', folder, '-c', file],
  },
  {
    program: 'caddy',
    configure: (_: string, port: number, upstream: string) => {
      const site = blockOf('caddy').replace('backups.example', `http://127.0.0.1:${port}`)
      return `{\n  admin off\n}\n${site.replace('127.0.0.1:9666', new URL(upstream).host)}`
    },
    command: (_: string, file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
]

describe.each(proxies)('behind $program', ({ program, configure, command }) => {
  it.skipIf(!isInstalled(program))(
    'takes a large report, streams what is subscribed to, and knows the address of the client',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const environment = { DATABASE_URL: `file:${folder}/backups.db`, TRUSTED_PROXIES: '127.0.0.1' }
      const upstream = startProcess(environment)
      const direct = (await upstream.listening).replace('localhost', '127.0.0.1')
      const port = await freePort()
      const file = join(folder, 'proxy.conf')
      writeFileSync(file, configure(folder, port, direct))
      const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
      const proxy = spawn(program, command(folder, file), { env, stdio: 'ignore' })
      const ended = once(proxy, 'exit')
      onTestFinished(async () => {
        proxy.kill('SIGTERM')
        await ended
      })
      const url = `http://127.0.0.1:${port}`
      await expect.poll(() => statusOf(fetch(`${url}/api/health`)), { timeout: 20_000 }).toBe(200)
      // As long as there is no token, the server is open to its own machine alone; the proxy is on it, its clients need not be.
      expect(await statusOf(fetch(`${direct}/api/summary`))).toBe(200)
      expect(await statusOf(fetch(`${url}/api/summary`))).toBe(401)
      const authorization = `Bearer ${await newToken(direct)}`

      const subscription = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization, accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'subscription { backupRecorded { job { name } } }' }),
      })
      const reader = (subscription.body as ReadableStream<Uint8Array>).getReader()
      const logLines = Array.from({ length: 20 * 2 ** 10 }, () => `2026-08-01 ${'x'.repeat(1013)}`)
      const upload = await fetch(`${url}/api/upload`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ ...report(), LogLines: logLines }),
      })
      expect(await upload.json()).toEqual({ success: true, backup: { id: 1 }, duplicate: false })
      expect(await heard(reader, '"data":{"backupRecorded"')).toContain('{"job":{"name":"Photos"}}')
      await reader.cancel()

      const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])

      // What a client makes up is not believed: the proxy adds whom it got the request from.
      const headers = { authorization: `Bearer dst_${'x'.repeat(43)}`, 'x-forwarded-for': '192.0.2.1' }
      const refused = httpRequest(`${url}/api/summary`, { headers, localAddress: '127.0.0.2' }).end()
      const [answer] = (await once(refused, 'response')) as [IncomingMessage]
      expect(answer.resume().statusCode).toBe(401)
      await expect.poll(upstream.output).toContain('"address":"127.0.0.2"')
    },
    60_000,
  )
})

/** As long as there is none, this machine may make one. */
async function newToken(address: string): Promise<string> {
  const query = 'mutation { createToken(input: { name: "test", scope: ADMIN }) { secret } }'
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return ((await answer.json()) as { data: { createToken: { secret: string } } }).data.createToken.secret
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer.catch(() => null))?.status ?? 0
}

/** What came until this did. */
async function heard(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let all = ''
  while (!all.includes(text)) {
    const { value, done } = await reader.read()
    if (done) break
    all += Buffer.from(value).toString()
  }
  return all
}
