// The page with the demonstration: what it says at first sight, every part of it in both themes and on a phone, and by keyboard.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { makeDemoDatabase } from '../../src/demo/makeDemoDatabase.ts'
import { soak } from '../support/folders.ts'
import { chromiumPath, eventually } from './playground.ts'
import { findings, overflow, type RunningServer, startBrowser, startServer, visit } from './visit.ts'

if (!chromiumPath) console.warn('There is no chromium here: the page is not tried.')
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** The parts of the page, and what is there once a part is. */
const parts: Record<string, { path: string; shown: string }> = {
  fleet: { path: '', shown: 'Photo library' },
  groups: { path: '?group=server&q=o', shown: 'OFFICE-PC' },
  runs: { path: 'runs', shown: 'Accounting' },
  run: { path: 'runs/7000', shown: 'Housekeeping' },
  job: { path: 'jobs/4', shown: 'Changes of state' },
  server: { path: 'servers/2', shown: 'Outlook archive' },
  connect: { path: 'connect', shown: '--send-http-json-urls=' },
  settings: { path: 'settings', shown: 'Tolerance in minutes' },
  channels: { path: 'settings/channels', shown: 'New channel' },
  templates: { path: 'settings/templates', shown: 'Overdue: Database on paperless' },
  tokens: { path: 'settings/tokens', shown: 'A new token' },
  duplicates: { path: 'settings/duplicates', shown: 'Servers of the same name' },
}

const wide = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

describe.skipIf(!chromiumPath)('the page with the demonstration', () => {
  let browser: Browser
  let file = ''
  beforeAll(async () => {
    file = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'demo.db')
    const config = readConfig({ DATABASE_URL: `file:${file}` })
    const log = pino({ level: 'silent' })
    browser = await startBrowser()
    await makeDemoDatabase(config, { seed: 1, now: new Date() }, log)
  })
  afterAll(async () => {
    await browser.close()
    rmSync(join(file, '..'), { recursive: true })
  })

  it('says at first sight what is wrong, since when and why, what was missed, and what happened last', async () => {
    const server = await startServer(file)
    const { page, problems, open } = await visit(browser, server)
    await open('')
    await page
      .getByRole('heading', { level: 1, name: '4 jobs are overdue, 1 failed, 1 is late and 1 has warnings.' })
      .waitFor()
    await eventually(() => page.title()).toBe('4 overdue, 1 failed, 1 late, 1 with warnings – duplistatus')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('%23c81e1e')
    const rows = page.locator('tr[data-row]')
    await eventually(() => rows.count()).toBe(20)
    const texts = await rows.allInnerTexts()
    const words = texts.map((text) => text.replaceAll(/\s+/g, ' '))
    expect(words.slice(0, 7).map((text) => text.split(' ')[0])).toEqual([
      'overdue',
      'overdue',
      'overdue',
      'overdue',
      'failed',
      'late',
      'warning',
    ])
    expect(words.find((text) => text.includes('Home'))).toMatch(/overdue since .*, expected every day/)
    expect(words[4]).toMatch(/Outlook archive on OFFICE-PC.*401 \(Unauthorized\); last success \w+/)
    // A line of the log, for a run that says nothing else.
    await eventually(() => rows.nth(6).innerText()).toContain('Failed to process file')
    await page.getByText('Missed in 7 days').waitFor()
    const lead = await page.locator('.lead').innerText()
    expect(lead).toMatch(/Last 24 hours\n+\d+ succeeded, 1 with warnings, 1 failed/)
    const missed = await missedInWeek(server, 'Home')
    expect(missed).toBeGreaterThan(5)
    expect(lead).toContain(`${missed} runs: Home on laptop-anna (${missed})`)
    const strip = rows.filter({ hasText: /^overdue\s*Home/ }).locator('svg.strip')
    expect(await strip.getAttribute('aria-label')).toMatch(/^30 days, \d+ runs: .*\d+ missed$/)
    expect(problems).toEqual([])
  })

  it('holds its views in the address: filters, groups and orders', async () => {
    const { page, open } = await visit(browser, await startServer(file))
    await open('?q=office&state=FAILED,WARNING&group=server&sort=name')
    const rows = page.locator('tr[data-row] th')
    await eventually(() => rows.allInnerTexts()).toEqual([
      expect.stringContaining('Documents'),
      expect.stringContaining('Outlook archive'),
    ])
    await page.getByRole('button', { name: 'hide 2 jobs' }).click()
    expect(await rows.count()).toBe(0)
    await page.getByRole('button', { name: 'Show all' }).click()
    await eventually(async () => new URL(page.url()).search).toBe('?group=server&sort=name')
    await page.getByLabel('Group by').selectOption('')
    await page.locator('.counts').getByText('late').click()
    await eventually(() => rows.count()).toBe(1)
    await page.getByLabel('Search').fill('nothing is called so')
    await page.getByText('No job is like that.').waitFor()
    await page.goBack()
    await page.goForward()
    expect(new URL(page.url()).search).toContain('q=nothing')
  })

  it('shows every part to everybody, light and dark, at twice its size and on a phone', async () => {
    const { page, open, shoot, problems } = await visit(browser, await startServer(file))
    for (const [name, { path, shown }] of Object.entries(parts)) {
      await page.setViewportSize(wide)
      await page.emulateMedia({ colorScheme: 'light' })
      await open(path)
      await page.getByText(shown).first().waitFor()
      await page.locator('[data-connection=ONLINE]').waitFor()
      await shoot(`${name}-light`)
      expect([name, 'light', await findings(page), await overflow(page)]).toEqual([name, 'light', [], 0])

      await page.emulateMedia({ colorScheme: 'dark' })
      await shoot(`${name}-dark`)
      // A theme has other colours, and nothing else.
      const inDark = await findings(page, soak ? undefined : ['color-contrast'])
      expect([name, 'dark', inDark, await overflow(page)]).toEqual([name, 'dark', [], 0])

      // What is enlarged has half the room.
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width: wide.width / 2, height: wide.height / 2 })
      // Charts are drawn anew for the width that they find.
      await eventually(async () => [name, 'twice its size', await overflow(page)]).toEqual([name, 'twice its size', 0])

      await page.setViewportSize(phone)
      await shoot(`${name}-phone`)
      // Tables become cards, as in these two; all else is as it is on a wide screen.
      const onPhone = soak || name === 'fleet' || name === 'runs' ? await findings(page) : []
      await eventually(async () => [name, 'phone', onPhone, await overflow(page)]).toEqual([name, 'phone', [], 0])
    }
    expect(problems).toEqual([])
  })

  it('is loaded on a phone as well', async () => {
    const { page, open, problems } = await visit(browser, await startServer(file), { viewport: phone })
    // A list, and charts, which are drawn for the width that they find.
    const loaded = soak ? Object.keys(parts) : ['fleet', 'job']
    for (const [, { path, shown }] of Object.entries(parts).filter(([name]) => loaded.includes(name))) {
      await open(path)
      await page.getByText(shown).first().waitFor()
      expect([path, await overflow(page)]).toEqual([path, 0])
    }
    expect(problems).toEqual([])
  })

  it('can be used by keyboard alone', async () => {
    const { page, open, problems } = await visit(browser, await startServer(file))
    await open('')
    await page.locator('tr[data-row]').nth(19).waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    expect(await focused()).toBe(await page.locator('tr[data-row] th a').first().innerText())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
    await page.getByRole('slider').focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toMatch(
      /^\w+, \d+ \w+ 20\d\d: (?:1 missed|no run)$/,
    )
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keys' })
    await help.waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.locator('tr[data-row]').nth(19).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('scans')
    await eventually(() => page.locator('tr[data-row]').count()).toBe(1)
    expect(problems).toEqual([])
  })

  it('does with a job, a server and a channel what can be done', async () => {
    const { page, open, problems, shoot } = await visit(browser, await startServer(file))
    const dialog = page.getByRole('dialog')
    await open('jobs/4')
    await page.getByRole('button', { name: 'Edit' }).click()
    await dialog.getByLabel('Notes').fill('Ask the provider')
    await dialog.getByLabel('Tags').fill('mail, Office')
    await dialog.getByLabel('by this schedule').check()
    await dialog.getByLabel('At', { exact: true }).fill('19:30')
    await dialog.getByLabel('Mon').check()
    await shoot('edit')
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('every day on Monday at 19:30 (Europe/Berlin) (set here)').waitFor()
    await page.getByText('Ask the provider').waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await dialog.getByLabel('Every').fill('often')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('must be an interval such as 12h, 1D, 1W or 1M').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor({ state: 'detached' })
    await page.getByLabel('Snooze the messages').selectOption('a day')
    await page.getByRole('button', { name: 'End the snooze' }).click()
    await page.getByLabel('Snooze the messages').waitFor()

    await open('servers/2')
    await page.getByRole('button', { name: 'Pause all jobs' }).click()
    await page.getByRole('heading', { level: 1 }).getByText('paused').waitFor()
    await page.getByRole('button', { name: 'Resume all jobs' }).click()
    await page.getByRole('button', { name: 'Pause all jobs' }).waitFor()
    await open('?tag=mail')
    await page.getByRole('button', { name: 'Pause all tagged mail' }).click()
    await page.getByRole('button', { name: 'Resume all tagged mail' }).click()
    await page.getByRole('button', { name: 'Pause all tagged mail' }).waitFor()

    await open('settings/channels')
    await page.getByRole('button', { name: 'New channel' }).click()
    await dialog.getByLabel('Kind').selectOption('webhook')
    await dialog.getByLabel('Name').fill('Pager')
    await dialog.getByLabel('Address').fill('http://localhost:1/')
    await dialog.getByLabel('Key for the signature').fill(`whsec_${Buffer.alloc(24, 7).toString('base64')}`)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Pager' }).waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('Not delivered:').waitFor()
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await dialog.getByRole('combobox', { name: 'Of', exact: true }).selectOption('one tag')
    await dialog.getByRole('combobox', { name: 'Which tag' }).selectOption('mail')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('overdue, failed, warning, recovered, unusual of what is tagged mail').waitFor()
    await open('jobs/4')
    await page
      .getByText('Pager: overdue, failed, warning, recovered, unusual, by the rule for a tag of the job')
      .waitFor()

    await open('settings/channels')
    await page.getByRole('button', { name: 'Digest' }).click()
    await dialog.getByRole('combobox', { name: 'When' }).selectOption('every week')
    await dialog.getByLabel('At', { exact: true }).fill('08:30')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The next digest goes out').waitFor()

    await open('settings/templates')
    const failed = page.getByRole('region', { name: 'failed' })
    await failed.getByLabel('Title').fill('Broken: {backup_alias}')
    await failed
      .locator('.preview')
      .getByText(/^Broken: \w+/)
      .waitFor()
    await failed.getByRole('button', { name: 'Save' }).click()
    await failed.getByRole('button', { name: 'Back to the default' }).click()
    await failed.getByRole('button', { name: 'Back to the default' }).waitFor({ state: 'detached' })
    expect(problems).toEqual([])
  })
})

/** How many due times the job has missed in the seven days up to today, as the API counts them. */
async function missedInWeek({ ask }: RunningServer, name: string): Promise<number> {
  const timeZone = 'Europe/Berlin'
  const from = Temporal.Now.zonedDateTimeISO(timeZone).startOfDay().subtract({ days: 6 }).toInstant().toString()
  const { backupJobs } = (await ask('query ($name: String!) { backupJobs(filter: { name: $name }) { nodes { id } } }', {
    name,
  })) as { backupJobs: { nodes: { id: string }[] } }
  const { history } = (await ask(
    'query ($job: ID, $from: DateTime!, $timeZone: TimeZone!) { history(job: $job, from: $from, bucket: DAY, timeZone: $timeZone) { missed } }',
    { job: backupJobs.nodes[0]?.id, from, timeZone },
  )) as { history: { missed: number | null }[] }
  return history.reduce((sum, { missed }) => sum + (missed ?? 0), 0)
}
