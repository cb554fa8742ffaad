// GraphiQL, from the package's own files: nothing is fetched from elsewhere. The page is 9 MB, so it is compressed once and
// sent again only if it has changed.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { Response } from '@whatwg-node/fetch'
import { exampleOperations } from '../graphql/exampleOperations.ts'

interface Page {
  html: string
  gzipped: Uint8Array<ArrayBuffer>
  etag: string
}

/** Whether a browser asks for the page; queries by GET go to the same address. */
export function asksForGraphiql(request: Request): boolean {
  const accepts = request.headers.get('accept')?.includes('text/html') ?? false
  return request.method === 'GET' && accepts && !new URL(request.url).searchParams.has('query')
}

/** Makes what answers such requests. */
export function createGraphiql(): (request: Request) => Promise<Response> {
  let page: Promise<Page> | undefined
  return async ({ headers }) => {
    page ??= render()
    const { html, gzipped, etag } = await page
    const caching = { etag, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' }
    if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: caching })
    const type = { ...caching, 'content-type': 'text/html; charset=utf-8' }
    if (!/\bgzip\b/.test(headers.get('accept-encoding') ?? '')) return new Response(html, { headers: type })
    return new Response(gzipped, { headers: { ...type, 'content-encoding': 'gzip' } })
  }
}

async function render(): Promise<Page> {
  const html = renderGraphiQL({ title: 'duplistatus', defaultQuery: exampleOperations, endpoint: '/graphql' })
  const gzipped = Uint8Array.from(await promisify(gzip)(html))
  return { html, gzipped, etag: `"${createHash('sha256').update(html).digest('base64url')}"` }
}
