// The page in the hands of somebody who looks closely: lists that are filtered, forms that are filled in while runs are reported,
// and the tab that tells how things are wherever one is.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumPath, eventually } from './playground.ts'
import { type RunningServer, startBrowser, startServer, visit } from './visit.ts'

if (!chromiumPath) console.warn('There is no chromium here: the page is not tried.')
// A busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const failure = { data: { ParsedResult: 'Fatal' }, exception: 'System.IO.IOException: The disk is full' }
const music = { 'backup-id': 'DB-2', 'backup-name': 'Music' }

async function online(page: { locator(selector: string): { waitFor(): Promise<void> } }): Promise<void> {
  await page.locator('footer[data-connection=ONLINE]').waitFor()
}

describe.skipIf(!chromiumPath)('the page in use', () => {
  let browser: Browser
  let server: RunningServer
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  async function start() {
    server = await startServer()
    await server.post()
    await server.post({ ...failure, extra: music })
    return visit(browser, server)
  }

  it('shows other runs when others are asked for, and those of another job at its address', async () => {
    const { page, open, problems } = await start()
    const results = page.locator('table.runs [data-label=Result]')
    await open('runs')
    await eventually(() => results.count()).toBe(2)
    await page.getByLabel('Result').selectOption('failed')
    await eventually(() => results.allInnerTexts()).toEqual(['fatal'])
    await page.getByLabel('Result').selectOption('succeeded')
    await eventually(() => results.allInnerTexts()).toEqual(['success'])
    // From job to job, without anything in between.
    await open('jobs/1')
    await eventually(() => results.allInnerTexts()).toEqual(['success'])
    await page.evaluate(() => {
      const link = document.createElement('a')
      link.href = '2'
      document.querySelector('main')?.append(link)
      link.click()
    })
    await page.getByRole('heading', { name: 'Music failed' }).waitFor()
    await eventually(() => results.allInnerTexts()).toEqual(['fatal'])
    expect(problems).toEqual([])
  })

  it('keeps what somebody writes while runs are reported', async () => {
    const { page, open, problems } = await start()
    await open('jobs/1')
    await online(page)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Notes').fill('Ask Anna')
    await page.getByLabel('Tolerance in minutes').fill('90')
    await server.post()
    await eventually(() => page.locator('table.runs tbody tr').count()).toBe(2)
    expect(await page.getByLabel('Notes').inputValue()).toBe('Ask Anna')
    expect(await page.getByLabel('Tolerance in minutes').inputValue()).toBe('90')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('p.notes').getByText('Ask Anna').waitFor()
    // A template is shown as it would be sent with each letter.
    await open('settings/templates')
    const card = page.getByRole('region', { name: 'failed', exact: true })
    await card.getByLabel('Title').press('End')
    await card.getByLabel('Title').pressSequentially(' now')
    await card.locator('.preview').getByText(/ now$/).waitFor()
    expect(await card.getByLabel('Title').inputValue()).toMatch(/ now$/)
    expect(problems).toEqual([])
  })

  it('tells in the tab how things are, wherever one is, and that the server is away', async () => {
    const { page, open } = await start()
    await open('jobs/1')
    await eventually(() => page.title()).toBe('1 failed – Photos – duplistatus')
    const icon = page.locator('link[rel=icon]')
    expect(await icon.getAttribute('href')).toContain('%23c81e1e')
    await online(page)
    await server.post({ extra: music })
    await eventually(() => page.title()).toBe('Photos – duplistatus')
    expect(await icon.getAttribute('href')).toContain('%2315803d')
    await server.kill()
    await eventually(() => page.title()).toBe('Offline – Photos – duplistatus')
    expect(await icon.getAttribute('href')).not.toContain('%2315803d')
    await server.start()
    await eventually(() => page.title()).toBe('Photos – duplistatus')
    expect(await icon.getAttribute('href')).toContain('%2315803d')
  })

  it('goes on when the worker that listens for all tabs is gone', async () => {
    const { page, open } = await start()
    await open('')
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor()
    await online(page)
    // What was read while the page was loaded has been read once more: nothing but the stream tells of what comes now.
    await page.waitForTimeout(3_000)
    const session = await browser.newBrowserCDPSession()
    const { targetInfos } = await session.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    expect(workers).toHaveLength(1)
    for (const { targetId } of workers) await session.send('Target.closeTarget', { targetId })
    await server.post({ extra: music })
    await page.getByRole('heading', { name: 'All 2 backups are fine.' }).waitFor({ timeout: 20_000 })
    await server.post(failure)
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor()
  })

  it('listens by itself where the worker cannot be loaded', async () => {
    const { page, context, open } = await start()
    await context.route('**/page/live-*.js', (route) => route.abort())
    await open('')
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor()
    await online(page)
    const { targetInfos } = await (await browser.newBrowserCDPSession()).send('Target.getTargets')
    expect(targetInfos.filter(({ type }) => type === 'shared_worker')).toEqual([])
    await page.waitForTimeout(3_000)
    await server.post({ extra: music })
    await page.getByRole('heading', { name: 'All 2 backups are fine.' }).waitFor()
  })

  it('asks again by itself when an answer could not be given', async () => {
    const { page, context, open } = await start()
    let isBusy = true
    await context.route('**/graphql', async (route) => {
      const isAsked = /query (?:Overview|FleetJobs|Strips)/.test(route.request().postData() ?? '')
      if (!isAsked || !isBusy) return route.continue()
      const errors = [{ message: 'Too much to do.', extensions: { code: 'UNAVAILABLE' } }]
      return route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ errors }) })
    })
    await open('')
    await page.getByRole('alert').getByText('Too much to do.').waitFor()
    await online(page)
    await page.waitForTimeout(3_000)
    isBusy = false
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor({ timeout: 20_000 })
    await eventually(() => page.locator('svg.strip').count()).toBe(2)
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
