// A large text that browsers fetch: with a hash to know it by, and compressed once.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

export interface Asset {
  content: string
  contentType: string
  /** Sixteen letters that change with the content; they can stand in an address. */
  hash: string
  /** The content, compressed when it is asked for first. */
  gzipped(): Promise<Uint8Array<ArrayBuffer>>
}

export function createAsset(content: string, contentType: string): Asset {
  let gzipped: Promise<Uint8Array<ArrayBuffer>> | undefined
  return {
    content,
    contentType,
    hash: hashOf(content),
    gzipped: () => {
      gzipped ??= promisify(gzip)(content).then((buffer) => Uint8Array.from(buffer))
      return gzipped
    },
  }
}

/** Sixteen letters that change with the content; they can stand in an address. */
export function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16)
}
