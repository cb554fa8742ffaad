// Bundles the server, its commands and its threads, with the packages they use: a start waits for a dozen files then, not for
// 1,300, and what runs needs one package. Types are checked elsewhere.

import type { RolldownOptions } from 'rolldown'

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
} satisfies RolldownOptions

export default config
