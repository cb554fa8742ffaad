// Prints the schema to schema.graphql, and the typed documents that the tests and other clients use.

import type { CodegenConfig } from '@graphql-codegen/cli'
import { printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'

const config: CodegenConfig = {
  schema: printSchema(schema),
  documents: ['test/**/*.ts', '!test/generated/**'],
  ignoreNoDocuments: true,
  config: { sort: false },
  importExtension: '.ts',
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true, sort: false } },
    'test/generated/': {
      preset: 'client',
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { BigInt: 'number | string', DateTime: 'string', JSON: 'unknown', TimeZone: 'string', URL: 'string' },
      },
      presetConfig: { fragmentMasking: false },
    },
  },
}

export default config
