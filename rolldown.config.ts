// Bundles the server, its commands and its threads, with the packages they use: a start waits for a dozen files then, not for
// 1,300, and what runs needs one package. Types are checked elsewhere.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, RolldownOptions } from 'rolldown'

const config = {
  // Everything else lies in modules/, one folder below the root like the folders of src/: what a source says of where it
  // stands, to find a thread, the migrations or package.json, holds for both.
  input: {
    main: 'src/main.ts',
    cli: 'src/cli.ts',
    'modules/reportThread': 'src/duplicati/reportThread.ts',
    'modules/copyThread': 'src/database/file/copyThread.ts',
    'modules/checkThread': 'src/database/takeOver/checkThread.ts',
  },
  platform: 'node',
  // It has a file of its own beside the JavaScript: a compiled library.
  external: ['better-sqlite3'],
  // The ES modules of a package, also of graphql, of which there may be one copy only.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    dir: 'dist',
    cleanDir: true,
    chunkFileNames: 'modules/[name].js',
    // For `node --enable-source-maps`, which reads the sources themselves where they are.
    sourcemap: true,
    sourcemapExcludeSources: true,
  },
  plugins: [notices()],
} satisfies RolldownOptions

export default config

/** Writes the licences of the bundled packages beside the bundle, as they ask for. A package that is left out of it has its own. */
function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])
      // The same release of a package may be installed in several places.
      const texts = [...new Set(folders.map(noticeOf))].sort()
      const source = `The licences of the packages that are part of this build.\n\n${texts.join('\n')}`
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source })
    },
  }
}

function noticeOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  // Some packages have no such file, and say in package.json alone who wrote them.
  const by = author ? `, by ${author.name ?? author}` : ''
  return [`== ${name} ${version} (${license}${by})`, ...texts, ''].join('\n\n')
}
