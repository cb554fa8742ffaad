#!/usr/bin/env node
// The commands beside the server: to look at, upgrade, copy, restore and check its database, and to try it on another.
// Long, because every command is described here, and little besides.

import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Config, readConfig, readEnvironment } from './config.ts'
import { backupFile } from './database/file/backupFile.ts'
import { checkPath } from './database/file/checkPlace.ts'
import { dryRun, rowCounts } from './database/file/dryRun.ts'
import { inspectFile, reading } from './database/file/inspectFile.ts'
import { foresee, prepareFile } from './database/file/prepareFile.ts'
import type { Found } from './database/file/recognize.ts'
import { Refusal } from './database/file/refusal.ts'
import { restoreFile } from './database/file/restoreFile.ts'
import { refusalAtStart } from './database/file/storageFaults.ts'
import { verifyDatabase } from './database/file/verify.ts'
import { startProgress } from './database/takeOver/progress.ts'
import { clockSentence } from './database/takeOver/timeZone.ts'
import { DomainError } from './domain/errors.ts'
import { isTimeZone } from './domain/schedule/timeBuckets.ts'
import { createLogger, standardOutput } from './logger.ts'
import { oneLine } from './logLine.ts'
import type { Tokens } from './tokens.ts'

const config = readConfigOrExit()
// With --json nothing else is on standard output.
const json = process.argv.includes('--json')
const log = createLogger(json ? 'silent' : config.logLevel, await standardOutput())
// What is changed is logged, but not where scripts read.
const changes = createLogger(config.logLevel, process.stderr)
const file = config.databaseFile
const quiet = () => {}

const program = new Command('duplistatus')
  .description('Commands for the database of duplistatus, as set in DATABASE_URL.')
  .showHelpAfterError('(duplistatus --help lists the commands)')

program
  .command('migrate')
  .description('bring the database to this release, as the server does when it starts')
  .option('--status', 'only show the state of the database, and what would be done')
  .option('--dry-run <file>', 'try the upgrade on a copy of a file, and change nothing')
  .addOption(
    new Option(
      '--time-zone <zone>',
      'the time zone in which the schedules of an old release are read, like Europe/Berlin: that of its server; by default that of this machine (TZ)',
    )
      .argParser(timeZone)
      .conflicts('status'),
  )
  .option('--json', 'print JSON')
  .action(async (options: MigrateOptions) => {
    const said = options.timeZone ?? null
    if (options.dryRun !== undefined) {
      const { found, before, after, timeZone, warnings } = await dryRun(options.dryRun, new Date(), said)
      print(options, { file: options.dryRun, ...describe(found), before, after, timeZone, warnings }, [
        `${options.dryRun} ${sentence(found)}`,
        ...(timeZone === null ? [] : [clockSentence(timeZone, said !== null)]),
        ...warnings,
        ...table('rows before', before),
        ...table('rows after', after),
      ])
    } else if (options.status) {
      checkPath(file)
      if (!existsSync(file)) return print(options, { file, kind: 'missing' }, [`${file} does not exist yet.`])
      const { found, rows } = await asAtStart(() => ({ found: foresee(file), rows: rowCounts(file) }))
      print(options, { file, ...describe(found), rows }, [`${file} ${sentence(found)}`, ...table('rows', rows)])
    } else {
      if (said !== null) requireOld()
      await asAtStart(() => prepareFile(file, new Date(), log, said))
      print(options, { file, ...describe(inspectFile(file)) }, [`${file} is up to date.`])
    }
  })

program
  .command('backup')
  .argument('[file]', 'the file to write; by default a new name beside the database')
  .description('copy the database, also while the server runs')
  .option('--json', 'print JSON')
  .action(async (target: string | undefined, options: { json?: boolean }) => {
    requireDatabase()
    const progress = options.json ? quiet : startProgress('Copying', 'pages', log)
    const copy = await backupFile(file, new Date(), progress, target)
    print(options, { file, copy }, [`${file} was copied to ${copy}.`])
  })

program
  .command('restore')
  .argument('<file>', 'the copy')
  .description('replace the database with a copy, and keep what was there as a copy too; the server must be stopped')
  .option('--json', 'print JSON')
  .action(async (copy: string, options: { json?: boolean }) => {
    const kept = await restoreFile(
      copy,
      file,
      new Date(),
      options.json ? quiet : startProgress('Copying', 'pages', log),
    )
    print(options, { file, restored: copy, kept }, [
      `${file} was restored from ${copy}.`,
      ...(kept === null ? [] : [`The previous database is now ${kept}.`]),
    ])
  })

program
  .command('verify')
  .argument('[file]', 'the database to check; by default that of the server')
  .description('check that the file is sound, and that totals and latest runs match the runs')
  .option('--json', 'print JSON')
  .action((other: string | undefined, options: { json?: boolean }) => {
    const checked = other ?? file
    requireOurs(checked, 'be verified')
    const problems = reading(checked, verifyDatabase)
    print(options, { file: checked, problems }, problems.length > 0 ? problems : [`${checked} is in order.`])
    if (problems.length > 0) process.exitCode = 1
  })

const token = program.command('token').description('create, list and revoke tokens, even while the server runs')

token
  .command('create')
  .description('create a token, and print it')
  .option('--name <text>', 'who holds it, or what it is for', 'command line')
  .addOption(new Option('--scope <scope>', 'what it grants').choices(['report', 'read', 'admin']).default('admin'))
  .option('--server <number>', 'only reports of this server', wholeNumber(2 ** 31 - 1))
  .option('--expires <time>', 'when it expires, like 2027-01-01', moment)
  .option('--json', 'print JSON')
  .action(async ({ name, scope, server, expires, ...options }: TokenOptions) => {
    const input = { name, scope: scopes[scope], serverId: server ?? null, expiresAt: expires ?? null }
    const { tokenId, secret } = await withDatabase((tokens) => tokens.create(input))
    print(options, { file, id: `Token:${tokenId}`, secret }, [secret])
  })

token
  .command('list')
  .description('list the tokens, without their secrets')
  .option('--json', 'print JSON')
  .action(async (options: { json?: boolean }) => {
    const tokens = await withDatabase((tokens) => tokens.list())
    const lines = tokens.map(({ id, prefix, scope, serverId, name, expiresAt, lastUsedAt, revokedAt }) =>
      [
        `Token:${id}  ${prefix}…  ${scope}${serverId === null ? '' : ` of Server:${serverId}`}  ${name}`,
        ...(expiresAt ? [`expires ${expiresAt.toISOString()}`] : []),
        lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used',
        ...(revokedAt ? [`revoked ${revokedAt.toISOString()}`] : []),
      ].join(', '),
    )
    print(options, { file, tokens }, lines.length > 0 ? lines : ['There are no tokens.'])
  })

token
  .command('revoke')
  .argument('<id>', 'like Token:1, or only 1')
  .description('revoke a token, at once')
  .option('--json', 'print JSON')
  .action(async (id: string, options: { json?: boolean }) => {
    const tokenId = wholeNumber(2 ** 31 - 1)(id.replace(/^Token:/, ''))
    await withDatabase((tokens) => tokens.revoke(tokenId))
    print(options, { file, revoked: `Token:${tokenId}` }, [`Token:${tokenId} is revoked.`])
  })

program
  .command('collect')
  .argument('[server]', 'its number, its name or its alias; by default all servers that are connected')
  .description('ask Duplicati for runs whose reports were lost, and record them; also while the server runs')
  .option('--dry-run', 'only count them')
  .option('--json', 'print JSON')
  .action(async (server: string | undefined, { dryRun = false, ...options }: CollectOptions) => {
    requireOurs(file, 'be collected into')
    const { collectRuns } = await import('./collecting.ts')
    const progress = options.json ? quiet : (text: string) => log.info(text)
    const all = await collectRuns(config, log, changes, server ?? null, dryRun, progress)
    const lines = all.map(({ name, collected, known, busy, problem }) =>
      [
        `${name}: ${collected} ${collected === 1 ? 'run' : 'runs'} ${dryRun ? 'would be recorded' : 'recorded'}, ${known} known already`,
        ...(busy.length > 0 ? [`running, so not read: ${busy.join(', ')}`] : []),
        ...(problem === null ? [] : [problem]),
      ].join('; '),
    )
    print(
      options,
      { file, dryRun, servers: all },
      lines.length > 0 ? lines : ['No server is connected to its Duplicati.'],
    )
    if (all.some(({ problem }) => problem !== null)) process.exitCode = 1
  })

program
  .command('demo')
  .description('serve a year of invented history, to explore without a Duplicati; the database is not touched')
  .option('--port <number>', 'where to listen', wholeNumber(65535), config.port)
  .option('--seed <number>', 'another seed makes another history', wholeNumber(2 ** 31 - 1), 1)
  .action(async ({ port, seed }: { port: number; seed: number }) => {
    // It brings the whole server with it, which takes longer to load than the other commands to do their work.
    const { runDemo } = await import('./demo/runDemo.ts')
    await runDemo({ ...config, port }, seed, log)
  })

interface MigrateOptions {
  status?: boolean
  dryRun?: string
  timeZone?: string
  json?: boolean
}

interface CollectOptions {
  dryRun?: boolean
  json?: boolean
}

const scopes = { report: 'REPORT', read: 'READ', admin: 'ADMIN' } as const

interface TokenOptions {
  name: string
  scope: keyof typeof scopes
  server?: number
  expires?: Date
  json?: boolean
}

program.parseAsync().catch((error: Error) => {
  // What the operating system or SQLite says is no bug of ours either.
  const expected = [error, error.cause].some((cause) => cause instanceof Error && 'syscall' in cause)
  if (
    !(error instanceof Refusal) &&
    !(error instanceof DomainError) &&
    !(error instanceof Database.SqliteError) &&
    !expected
  )
    throw error
  if (json) console.log(JSON.stringify({ file, error: error.message }))
  else console.error(error.message)
  process.exit(1)
})

function readConfigOrExit(): Config {
  try {
    return readConfig(readEnvironment())
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

/** Reads an option. */
function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > max) {
      throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`)
    }
    return Number(text)
  }
}

/** Reads an option. */
function moment(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It must be a time, like 2027-01-01.')
  return time
}

/** Reads an option. */
function timeZone(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError('It must be a time zone, like Europe/Berlin.')
  return text
}

/** Does what a start does, and says what the start would say if storage fails. */
async function asAtStart<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw refusalAtStart(file, error)
  }
}

/** @throws Refusal if no old release left the database: its schedules are read once, when it is taken over */
function requireOld() {
  if (existsSync(file) && inspectFile(file).kind === 'old') return
  throw new Refusal(
    `${file} is not a database of an old release, so --time-zone does not apply; to upgrade it again, restore the copy made before the upgrade.`,
  )
}

function requireDatabase(path = file) {
  if (!existsSync(path)) throw new Refusal(`There is no ${path}; set DATABASE_URL to the database.`)
}

/** @throws Refusal if it is not a database of this release: whatever can only be done with one would upgrade it first */
function requireOurs(path: string, purpose: string) {
  requireDatabase(path)
  const found = inspectFile(path)
  if (found.kind === 'ours' && found.pending.length === 0) return
  throw new Refusal(`${path} ${sentence(found)} Only a database of this release can ${purpose}.`)
}

/** Does what the server does, beside the server if it runs. */
async function withDatabase<T>(work: (tokens: Tokens) => Promise<T>): Promise<T> {
  requireOurs(file, 'have tokens')
  // It brings Prisma with it, which takes as long to load as all that the other commands need.
  const { openTokens } = await import('./tokens.ts')
  const tokens = await openTokens(config, log, changes)
  try {
    return await work(tokens)
  } finally {
    await tokens.close()
  }
}

function describe(found: Found) {
  if (found.kind === 'old') return { kind: 'old', release: found.release }
  return found.kind === 'ours' ? { kind: 'ours', pending: found.pending } : { kind: 'empty' }
}

function sentence(found: Found): string {
  if (found.kind === 'old') return `was left by release ${found.release}; the next start upgrades it.`
  if (found.kind === 'empty') return 'is empty; the next start creates the tables.'
  if (found.pending.length === 0) return 'is up to date; nothing needs to be done.'
  return `has ${found.pending.length} pending migrations: ${found.pending.join(', ')}.`
}

function table(title: string, rows: Record<string, number>): string[] {
  const width = Math.max(0, ...Object.keys(rows).map((name) => name.length))
  return [`${title}:`, ...Object.entries(rows).map(([name, count]) => `  ${name.padEnd(width)}  ${count}`)]
}

function print(options: { json?: boolean }, json: object, lines: string[]) {
  console.log(options.json ? JSON.stringify(json) : lines.map(oneLine).join('\n'))
}
