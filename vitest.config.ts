import { defineConfig } from 'vitest/config'

export default defineConfig({
  // One copy of graphql: its CommonJS and ESM entries would be "another module or realm" to each other.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 20_000 },
})
