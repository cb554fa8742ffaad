// Bundles the server, its commands and its threads, with the packages they use: a start waits for a dozen files then, not for
// 1,300, and what runs needs one package. Then the page, for browsers. Types are checked elsewhere.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin, RolldownOptions } from 'rolldown'

/** The server. */
export const server = {
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

/** The page, for browsers: a folder of its own, whose files are kept by their names and have a hash in them. */
export const page = {
  input: { main: 'src/page/main.tsx', live: 'src/page/live/worker.ts' },
  platform: 'browser',
  transform: {
    define: { 'process.env.NODE_ENV': '"production"' },
    target: 'es2022',
  },
  output: {
    dir: 'dist/page',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    minify: true,
  },
  plugins: [notices(), pageFiles()],
} satisfies RolldownOptions

export default [server, page]

/** Adds what the page has beside JavaScript, and every file compressed as well: nobody waits for that then. */
function pageFiles(): Plugin {
  return {
    name: 'page-files',
    generateBundle(_, bundle) {
      const css = pageStyles()
      const styles = `style-${hashOf(css)}.css`
      this.emitFile({ type: 'asset', fileName: styles, source: css })
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const named = (name: string) => chunks.find((chunk) => chunk.isEntry && chunk.name === name)?.fileName as string
      const html = readFileSync('src/page/page.html', 'utf8')
        .replace('{styles}', styles)
        .replace('{main}', named('main'))
        .replace('{live}', named('live'))
      this.emitFile({ type: 'asset', fileName: 'page.html', source: html })
      const files = [...chunks.map(({ fileName, code }) => ({ fileName, text: code })), { fileName: styles, text: css }]
      for (const { fileName, text } of files) {
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(text, { level: 9 }) })
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(text) })
      }
    },
  }
}

/** Our own styles, in the order of their names, after that of the charts; without comments and indentation. */
function pageStyles(): string {
  const ours = readdirSync('src/page/style').sort()
  const files = ['node_modules/uplot/dist/uPlot.min.css', ...ours.map((name) => join('src/page/style', name))]
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim()
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8)
}

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
