// Opens the playground of a real server in a real browser, and writes down what a visitor should never see.

import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { fixture } from '../support/app.ts'
import { startProcess } from '../support/process.ts'

/** Where Chromium is; empty if there is none. */
export const chromiumPath = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim()

/** Starts Chromium. It finds no host but this one. */
export function startChromium(): Promise<Browser> {
  const args = [
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
  return chromium.launch({ executablePath: chromiumPath, args })
}

/** Expects something of what `look` finds, within half a minute. */
export const eventually = <Found>(look: () => Promise<Found>) => expect.poll(look, { timeout: 30_000 })

export interface Playground {
  page: Page
  /** Errors, warnings and requests to elsewhere, a line each. */
  problems: string[]
  /** The token that the server showed; null if none is needed. */
  firstToken: string | null
  /** Posts a report of test/fixtures to the server. */
  post(name: string): Promise<void>
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
 * Starts a server that has two reports, and opens the playground as somebody who has never been there.
 *
 * @param search what follows the address of the page, like `?query=…`
 * @param environment of the server
 */
export async function openPlayground(
  browser: Browser,
  search = '',
  environment: Record<string, string> = {},
): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const server = startProcess({ DATABASE_URL: `file:${folder}/backups.db`, ...environment })
  const address = (await server.listening).replace('0.0.0.0', 'localhost')
  const firstToken = /dst_[\w-]{43}/.exec(server.output())?.[0] ?? null
  const headers: HeadersInit = firstToken === null ? {} : { authorization: `Bearer ${firstToken}` }
  const post = async (name: string) => {
    const { status } = await fetch(`${address}/api/upload`, { method: 'POST', headers, body: await fixture(name) })
    expect(status).toBe(200)
  }
  await post('success.json')
  await post('warning.json')

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', ({ message }) => problems.push(`exception: ${message}`))
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && origin !== address) problems.push(`elsewhere: ${request.url()}`)
  })
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
