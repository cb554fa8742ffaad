import { defineConfig } from 'prisma/config'

// `generate`, `validate` and `format` ask for the native schema engine, which is a download, but never run it: any
// existing file does. Migrations must not see this variable (with it set, `migrate deploy` does nothing and succeeds);
// the server applies them itself, see src/database/migrate.ts.
const [, , command] = process.argv
if (command !== 'migrate' && command !== 'db') process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'file:./data/backups.db' },
})
