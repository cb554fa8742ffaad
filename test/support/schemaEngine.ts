// Prisma's own schema engine, compiled to WebAssembly, as the judge of our migrations: the server runs without it. It is an internal
// package of Prisma, pinned to the build of the installed release; nothing outside this file knows it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type * as EngineModule from '@prisma/schema-engine-wasm/schema_engine_bg'
import { migrationNames } from '../../src/database/migrate.ts'

type SchemaEngine = EngineModule.SchemaEngine
type MigrationList = EngineModule.MigrationList

const prismaFolder = new URL('../../prisma/', import.meta.url)
const migrationsFolder = new URL('migrations/', prismaFolder)
const noFilters = { externalTables: [], externalEnums: [] }

/**
 * Lets the engine apply those of the named migrations that the file does not have yet, as `prisma migrate deploy` does.
 *
 * @returns the names that were applied now
 */
export async function applyWithEngine(file: string, names: string[]): Promise<string[]> {
  return withEngine(file, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationList(names),
      filters: noFilters,
    })
    return appliedMigrationNames
  })
}

/**
 * What the engine finds wrong with the migrations of the file, as `prisma migrate status` asks it, and for what reason `prisma migrate dev`
 * would make the database anew: above all where its tables are not as the migrations make them. Null: it would not.
 */
export async function diagnose(file: string) {
  const request = { migrationsList: migrationList(migrationNames()), filters: noFilters }
  return withEngine(file, async (engine) => {
    const history = await engine.diagnoseMigrationHistory({ ...request, optInToShadowDatabase: true })
    const { action } = await engine.devDiagnostic(request)
    return { ...history, resetReason: action.tag === 'reset' ? action.reason : null }
  })
}

/** The SQL that would bring the result of all migrations to what schema.prisma says. An empty script: they agree. */
export async function migrationDrift(): Promise<string> {
  return withEngine(':memory:', async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(migrationNames()) },
      to: { tag: 'schemaDatamodel', files: [schemaFile()] },
      script: true,
      exitCode: null,
      filters: noFilters,
    })
    return stdout ?? ''
  })
}

function schemaFile() {
  const file = new URL('schema.prisma', prismaFolder)
  return { path: file.pathname, content: readFileSync(file, 'utf8') }
}

function migrationList(names: string[]): MigrationList {
  return {
    baseDir: migrationsFolder.pathname,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(new URL('migration_lock.toml', migrationsFolder), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(new URL(`${name}/migration.sql`, migrationsFolder), 'utf8') },
      },
    })),
  }
}

async function withEngine<T>(file: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { factory, disposeAll } = trackConnections(new PrismaBetterSqlite3({ url: file }))
  const schema = schemaFile()
  const { SchemaEngine } = await loadEngine()
  const engine = await SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  )
  try {
    return await use(engine)
  } finally {
    engine.free()
    await disposeAll()
  }
}

let loading: Promise<typeof EngineModule> | undefined

/** Instantiates the engine once. The package's own entry imports the .wasm file as a module, which Node 20 cannot do. */
function loadEngine(): Promise<typeof EngineModule> {
  loading ??= (async () => {
    const engineModule = await import('@prisma/schema-engine-wasm/schema_engine_bg')
    const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    const { instance } = await WebAssembly.instantiate(readFileSync(glue.replace(/\.js$/, '.wasm')), {
      './schema_engine_bg.js': engineModule as unknown as WebAssembly.ModuleImports,
    })
    engineModule.__wbg_set_wasm(instance.exports)
    ;(instance.exports.__wbindgen_start as () => void)()
    return engineModule
  })()
  return loading
}

/** The engine keeps its connection, and with it a lock, after free(): remember every one it opens, to close them. */
function trackConnections(inner: SqlMigrationAwareDriverAdapterFactory) {
  const open: SqlDriverAdapter[] = []
  const remember = (adapter: SqlDriverAdapter) => {
    open.push(adapter)
    return adapter
  }
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: inner.provider,
    adapterName: inner.adapterName,
    connect: async () => remember(await inner.connect()),
    connectToShadowDb: async () => remember(runScripts(await inner.connectToShadowDb())),
  }
  return { factory, disposeAll: () => Promise.all(open.map((adapter) => adapter.dispose())) }
}

/** The engine replays whole migration scripts with executeRaw on the shadow database; the driver runs one statement there. */
function runScripts(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const executeRaw = adapter.executeRaw.bind(adapter)
  adapter.executeRaw = async (query) => {
    if (query.args.length > 0) return executeRaw(query)
    await adapter.executeScript(query.sql)
    return 0
  }
  return adapter
}
