// Opens the playground of a real server in a real browser, and writes down what a visitor should never see. A test counts on nothing
// that others leave on the server.

import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page, type Request } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { fixture } from '../support/app.ts'
import { spawnServer } from '../support/process.ts'

/** Where Chromium is; empty if there is none. */
export const chromiumPath = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim()

/** What Chromium is started with. It finds no host but this one. */
export const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
]

/** A browser, and a server to visit that has two reports. */
export interface Chromium {
  context: BrowserContext
  server: VisitedServer
  /** Forgets the files that were loaded. */
  clearCache(): Promise<void>
  close(): Promise<void>
}

interface VisitedServer {
  address: string
  firstToken: string | null
  post(name: string, beginTime?: string): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts Chromium and a server. Both are for all tests of a file: from the third visit to one
 * address on, Chromium has the editor compiled, and loads it in a quarter of the time.
 */
export async function startChromium(): Promise<Chromium> {
  const viewport = { width: 1280, height: 800 }
  const server = await startServer()
  // A profile on the disk, in a folder that goes with it: only such a one keeps what is compiled.
  const context = await chromium.launchPersistentContext('', { executablePath: chromiumPath, args: flags, viewport })
  return {
    context,
    server,
    clearCache: async () => {
      const page = await context.newPage()
      await (await context.newCDPSession(page)).send('Network.clearBrowserCache')
      await page.close()
    },
    close: async () => {
      await context.close()
      await server.stop()
    },
  }
}

async function startServer(environment: Record<string, string> = {}): Promise<VisitedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const server = spawnServer({ DATABASE_URL: `file:${folder}/backups.db`, ...environment })
  const address = (await server.listening).replace('0.0.0.0', 'localhost')
  const firstToken = /dst_[\w-]{43}/.exec(server.output())?.[0] ?? null
  const headers: HeadersInit = firstToken === null ? {} : { authorization: `Bearer ${firstToken}` }
  const post = async (name: string, beginTime?: string) => {
    const report = JSON.parse(await fixture(name))
    report.Data.BeginTime = beginTime ?? report.Data.BeginTime
    const response = await fetch(`${address}/api/upload`, { method: 'POST', headers, body: JSON.stringify(report) })
    expect(response.status).toBe(200)
    const { backup } = (await response.json()) as { backup: { id: number } }
    return `Backup:${backup.id}`
  }
  await post('success.json')
  await post('warning.json')
  const stop = async () => {
    server.child.kill('SIGKILL')
    await server.exited
    await rm(folder, { recursive: true })
  }
  return { address, firstToken, post, stop }
}

/** Expects something of what `look` finds, within half a minute. */
export const eventually = <Found>(look: () => Promise<Found>) => expect.poll(look, { timeout: 30_000 })

export interface Playground {
  page: Page
  /** Errors, warnings and requests to elsewhere, a line each. */
  problems: string[]
  /** The token that the server showed; null if none is needed. */
  firstToken: string | null
  /** Posts a report of test/fixtures to the server, of a run that began then, and gives the id of the run. */
  post(name: string, beginTime?: string): Promise<string>
  /** Opens a tab by its title. */
  openTab(title: string): Promise<void>
  /** Runs the operation of the tab that is open, or stops the one that runs. */
  pressPlay(): Promise<void>
  /** The text in sight of the editor, of the answer, or of the variables or headers that are open. */
  text(part: 'query-editor' | 'result-window' | 'editor-tool'): Promise<string>
  /** Keeps a picture of the page as it is. */
  shoot(name: string): Promise<void>
}

/**
 * Opens the playground as somebody who has never been there, but for what the browser keeps of files.
 *
 * @param search what follows the address of the page, like `?query=…`
 * @param environment of a server of its own, with two reports; without it the playground is that of the server for all tests
 */
export async function openPlayground(
  { context, server }: Chromium,
  search = '',
  environment?: Record<string, string>,
): Promise<Playground> {
  const visited = environment ? await startServer(environment) : server
  if (environment) onTestFinished(visited.stop)
  const { address, firstToken, post } = visited

  const page = await context.newPage()
  onTestFinished(() => page.close())
  const session = await context.newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin: address, storageTypes: 'cookies,local_storage,indexeddb' })
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', ({ message }) => problems.push(`exception: ${message}`))
  const look = (request: Request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && origin !== address) problems.push(`elsewhere: ${request.url()}`)
  }
  context.on('request', look)
  onTestFinished(() => void context.off('request', look))
  // Before it has the schema, the page does not do what it is asked.
  const schema = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.goto(`${address}/graphql${search}`)
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  await (await schema).finished()

  const text: Playground['text'] = async (part) => {
    const lines = await page.locator(`.graphiql-${part} .view-line, .${part} .view-line`).evaluateAll((elements) =>
      // The editor draws its lines in any order and puts each where it belongs.
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
        .sort((one, other) => one.top - other.top)
        .map(({ text }) => text.replaceAll('\u00a0', ' ')),
    )
    return lines.join('\n')
  }
  return {
    page,
    problems,
    firstToken,
    post,
    openTab: async (title) => {
      await page.getByRole('tab').getByRole('button', { name: title, exact: true }).click()
      await eventually(() => text('query-editor')).toContain(title)
    },
    pressPlay: () => page.locator('.graphiql-execute-button').click(),
    text,
    shoot: async (name) => {
      const path = fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url))
      await page.screenshot({ path })
    },
  }
}
