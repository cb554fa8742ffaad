// Serves the page for people: one document, whatever its address, and files that browsers keep for good. The build made them all,
// compressed too. The page asks /graphql for everything it shows.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Response } from '@whatwg-node/fetch'
import { DomainError } from '../domain/errors.ts'
import { acceptsCoding } from './door/compress.ts'

/** Where the build puts the files of the page. */
const folder = new URL('../../dist/page/', import.meta.url)

/** Where browsers find the files of the page. */
export const pageFilesPath = '/page/'

/** The addresses of the page: its parts, and the objects that have one of their own. */
const addresses = /^\/(?:(?:runs|servers|jobs|settings|connect)(?:\/[\w-]+)?\/?)?$/

/** What the page may do: run, show and fetch what comes from here. Its icon follows the state of the backups, as a data address. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Whether a browser asks for the page or a file of it; all others are answered as if there was no page. */
export function asksForPage({ method, headers }: Request, pathname: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (pathname.startsWith(pageFilesPath)) return true
  return addresses.test(pathname) && (headers.get('accept') ?? '').includes('text/html')
}

/** Makes what answers such requests. For a file that there is not, it throws a DomainError NOT_FOUND. */
export function createStatusPage(): (request: Request, pathname: string) => Promise<Response> {
  let loading: Promise<Map<string, Buffer<ArrayBuffer>>> | undefined
  return async (request, pathname) => {
    loading ??= loadFiles()
    const files = await loading.catch((error) => {
      loading = undefined
      throw error
    })
    const isFile = pathname.startsWith(pageFilesPath)
    return isFile ? sendFile(request, files, pathname) : sendDocument(request, files, pathname)
  }
}

async function loadFiles(): Promise<Map<string, Buffer<ArrayBuffer>>> {
  const names = await readdir(folder).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new DomainError('UNAVAILABLE', 'The page is not built: run `npm run build`.')
  })
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder))] as const)))
}

/** The document names its files from where it stands, so that it works behind a proxy that serves it under another path. */
function sendDocument({ headers }: Request, files: Map<string, Buffer>, pathname: string): Response {
  const depth = pathname.split('/').length - 2
  const html = String(files.get('page.html')).replaceAll('{base}', depth > 0 ? '../'.repeat(depth) : './')
  const hash = createHash('sha256').update(html).digest('base64url').slice(0, 16)
  // A browser takes the headers of "not modified" for those of the page it has: the policy must be among them.
  const safety = { 'content-security-policy': policy }
  const kept = { ...safety, etag: `W/"${hash}"`, 'cache-control': 'no-cache', vary: 'accept' }
  if (headers.get('if-none-match')?.includes(hash)) return new Response(null, { status: 304, headers: kept })
  return new Response(html, { headers: { ...kept, 'content-type': 'text/html; charset=utf-8' } })
}

const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

function sendFile({ headers }: Request, files: Map<string, Buffer<ArrayBuffer>>, pathname: string): Response {
  const name = pathname.slice(pageFilesPath.length)
  const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)]
  const file = files.get(name)
  // A page that was opened before an upgrade asks for the files of then.
  if (!contentType || !file) throw new DomainError('NOT_FOUND', `There is nothing at ${pathname}; load the page again.`)
  const accepted = headers.get('accept-encoding') ?? ''
  const coding = (['br', 'gzip'] as const).find((one) => acceptsCoding(accepted, one))
  const packed = coding && files.get(`${name}.${coding === 'br' ? 'br' : 'gz'}`)
  return new Response(packed || file, {
    headers: {
      'content-type': contentType,
      // A worker goes by the policy of its own file.
      'content-security-policy': policy,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(packed ? { 'content-encoding': coding } : {}),
    },
  })
}
