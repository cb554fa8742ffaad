import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

// Pure rules, in a few seconds: they need no build, no server and no database. Those on random input take longer, and are not here.
const unit = [
  'test/domain/!(*.property).test.ts',
  'test/duplicati/{availableVersions,logLines,prevention,readReport,runFigures}.test.ts',
  'test/legacy/readLegacySettings.test.ts',
  'test/graphql/{documentCache,isoTime}.test.ts',
  'test/page/{days,fleetView,reason,sizes,times,told,verdict}.test.ts',
]

// What is about the shortcuts themselves, or reads nothing by them.
const shortcuts = ['test/graphql/{queryPlan*,longHistory,subscriptions,changes,audits,limits,channels}.test.ts']

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      // One copy of graphql: its CommonJS and ESM entries would be "another module or realm" to each other.
      { find: 'graphql', replacement: 'graphql/index.js' },
      // As the sources say it. A test that is about the module itself says where it is.
      { find: /^(\.\.\/)+startThread\.ts$/, replacement: here('test/support/startThread.ts') },
    ],
  },
  test: {
    // Vitest would leave one core idle: on two, as in CI, that is half of the machine.
    maxWorkers: availableParallelism(),
    // Sources keep nothing between two apps, and tests leave nothing behind: each worker loads the sources once.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: unit, pool: 'threads' } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...unit],
          globalSetup: 'test/support/build.ts',
        },
      },
      // The same answers without our own shortcuts: by Prisma and graphql-js alone. What is left out is about the shortcuts.
      {
        extends: true,
        test: {
          name: 'plain',
          include: ['test/graphql/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...unit, ...shortcuts],
          env: { PREPARED_READS: 'off', QUERY_PLANS: 'off' },
          globalSetup: 'test/support/build.ts',
        },
      },
    ],
  },
})
