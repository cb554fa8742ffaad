// Where the tests find what support/build.ts made.

import { join } from 'node:path'
import { inject } from 'vitest'

/** The path of a compiled source, like `cli.js`. */
export function compiled(source: string): string {
  return join(inject('build'), 'dist', source)
}

/** The path of an empty database as the first start makes it, to be copied. */
export function emptyDatabase(): string {
  return join(inject('build'), 'empty.db')
}
