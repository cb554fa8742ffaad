// Opens the page of a real server in a real browser, and writes down what a visitor should never see.

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { freePort } from '../support/freePort.ts'
import { startProcess } from '../support/process.ts'
import { report } from '../support/report.ts'
import { chromiumPath, flags } from './playground.ts'

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: flags })
}

export interface RunningServer {
  address: string
  /** The token that it showed; null if none is needed. */
  token: string | null
  /** Asks the API, with that token. */
  ask(query: string, variables?: object): Promise<Record<string, unknown>>
  /** Posts a report of a run that has just ended. */
  post(changes?: Parameters<typeof report>[0]): Promise<void>
  /** Ends it as the loss of its machine would. */
  kill(): Promise<void>
  /** Has it answer nothing, with its connections open, until it goes on. */
  freeze(): void
  goOn(): void
  /** Starts it again, at the same address. */
  start(): Promise<void>
}

/** @param file the database; a new one if left out */
export async function startServer(file?: string, environment: Record<string, string> = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const settings = {
    DATABASE_URL: `file:${file ?? `${folder}/backups.db`}`,
    PORT: String(await freePort()),
    BACKUP_EVERY_HOURS: '0',
    ...environment,
  }
  let server = startProcess(settings)
  const address = (await server.listening).replace('0.0.0.0', 'localhost')
  const token = /dst_[\w-]{43}/.exec(server.output())?.[0] ?? null
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
  const send = async (path: string, body: object) => {
    const response = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(response.status).toBe(200)
    return (await response.json()) as Record<string, unknown>
  }
  return {
    address,
    token,
    ask: async (query, variables) => {
      const { data, errors } = await send('/graphql', { query, variables })
      expect(errors).toBeUndefined()
      return data as Record<string, unknown>
    },
    post: async ({ data, ...changes } = {}) => {
      const now = new Date().toISOString()
      await send('/api/upload', report({ ...changes, data: { BeginTime: now, EndTime: now, ...data } }))
    },
    kill: async () => {
      server.child.kill('SIGKILL')
      await server.exited
    },
    freeze: () => void server.child.kill('SIGSTOP'),
    goOn: () => void server.child.kill('SIGCONT'),
    start: async () => {
      server = startProcess(settings)
      await server.listening
    },
  }
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Errors, warnings and requests to elsewhere, a line each. */
  problems: string[]
  /** Goes to a part of the page, as with the address bar. */
  open(path: string): Promise<void>
  /** Keeps a picture of the page as it is. */
  shoot(name: string): Promise<void>
}

/** Opens the page as somebody who has never been there. */
export async function visit(
  browser: Browser,
  { address }: RunningServer,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...options,
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  // What is asked before something is done.
  page.on('dialog', (dialog) => dialog.accept())
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', ({ message }) => problems.push(`exception: ${message}`))
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && origin !== address) problems.push(`elsewhere: ${request.url()}`)
  })
  return {
    page,
    context,
    problems,
    open: async (path) => {
      await page.goto(`${address}/${path}`)
    },
    shoot: async (name) => {
      const path = fileURLToPath(new URL(`screenshots/page-${name}.png`, import.meta.url))
      await page.screenshot({ path })
    },
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe-core finds wrong for people who do not see, or see little: the rule, and where.
 *
 * @param rules those to try; all if left out
 */
export async function findings(page: Page, rules?: string[]): Promise<string[]> {
  // As a tool of a developer would: the page itself lets nothing be added.
  await page.evaluate(axe)
  const options: RunOptions = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) }
  const { violations } = await page.evaluate<AxeResults, RunOptions>((options) => {
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }
    return axe.run(options)
  }, options)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message ?? ''}`),
  )
}

/** How many pixels of the page lie beside the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
