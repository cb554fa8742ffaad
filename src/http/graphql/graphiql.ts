// Serves GraphiQL: a small page that is asked for anew each time, and large files that a browser keeps for good.

import { Response } from '@whatwg-node/fetch'
import { DomainError } from '../../domain/errors.ts'
import { acceptsGzip } from '../door/compress.ts'
import { filesPath, type GraphiqlPage, loadGraphiql, pagePolicy } from './graphiqlPage.ts'

/**
 * Whether a browser asks for the page or a file of it. Queries by GET go to the same address: whoever takes JSON is given
 * JSON, and a link with a query that a person follows opens the page with it.
 */
export function asksForGraphiql({ method, url, headers }: Request): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (new URL(url).pathname.startsWith(filesPath)) return true
  const accepts = headers.get('accept') ?? ''
  return accepts.includes('text/html') && !/application\/(?:graphql-response\+)?json/.test(accepts)
}

/** Makes what answers such requests. For a file that there is not, it throws a DomainError. */
export function createGraphiql(): (request: Request) => Promise<Response> {
  let loading: Promise<GraphiqlPage> | undefined
  return async (request) => {
    loading ??= loadGraphiql()
    const page = await loading
    const { pathname } = new URL(request.url)
    return pathname.startsWith(filesPath) ? sendFile(request, page, pathname) : sendPage(request, page)
  }
}

function sendPage({ headers }: Request, { html, hash }: GraphiqlPage): Response {
  // A browser takes the headers of "not modified" for those of the page it has: the policy must be among them.
  const policy = { 'content-security-policy': pagePolicy }
  const kept = { ...policy, etag: `W/"${hash}"`, 'cache-control': 'no-cache', vary: 'accept' }
  if (headers.get('if-none-match')?.includes(hash)) return new Response(null, { status: 304, headers: kept })
  return new Response(html, { headers: { ...kept, 'content-type': 'text/html; charset=utf-8' } })
}

async function sendFile({ headers }: Request, { files }: GraphiqlPage, path: string): Promise<Response> {
  const file = files.get(path)
  // A page that was opened before an upgrade asks for the files of then.
  if (!file) throw new DomainError('NOT_FOUND', `There is nothing at ${path}; load GraphiQL again.`)
  const plain = {
    'content-type': file.contentType,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  }
  if (!acceptsGzip(headers.get('accept-encoding') ?? '')) return new Response(file.content, { headers: plain })
  return new Response(await file.gzipped(), { headers: { ...plain, 'content-encoding': 'gzip' } })
}
