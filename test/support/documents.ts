// The documents as one text, in which tests look for what is promised: README and the pages of docs/, each of which ends with a
// heading of nothing.

import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)
const pages = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'))

export const documents = ['README.md', ...pages.sort().map((name) => `docs/${name}`)]
  .map((path) => `${readFileSync(new URL(path, root), 'utf8')}\n## \n`)
  .join('\n')
