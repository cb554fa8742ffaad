// Prints the schema to schema.graphql, and the typed documents of the page and of the tests.

import type { CodegenConfig } from '@graphql-codegen/cli'
import { printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'

const client = {
  preset: 'client' as const,
  config: {
    documentMode: 'string',
    useTypeImports: true,
    enumsAsTypes: true,
    scalars: { BigInt: 'number | string', DateTime: 'string', JSON: 'unknown', TimeZone: 'string', URL: 'string' },
  },
  presetConfig: { fragmentMasking: false },
}

const config: CodegenConfig = {
  schema: printSchema(schema),
  ignoreNoDocuments: true,
  config: { sort: false },
  importExtension: '.ts',
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true, sort: false } },
    'test/generated/': { ...client, documents: ['test/**/*.ts', '!test/generated/**'] },
    'src/page/generated/': { ...client, documents: ['src/page/**/*.graphql'] },
  },
}

export default config
