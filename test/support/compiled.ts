// Where the tests find what support/build.ts made.

import { join } from 'node:path'
import { inject } from 'vitest'

/** The path of a program of the build, like `cli.js`. */
export function compiled(program: string): string {
  return join(inject('build'), 'dist', program)
}

/** Where the demonstration is put once it is made. */
export function demoFolder(): string {
  return join(inject('build'), 'demo')
}

/** The path of an empty database as the first start makes it, to be copied. */
export function emptyDatabase(): string {
  return join(inject('build'), 'empty.db')
}
