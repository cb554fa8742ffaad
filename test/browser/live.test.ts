// The page as time passes: the first visit, runs that are reported while one looks, a server that goes away and comes back, tokens,
// and hundreds of jobs.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { soak } from '../support/folders.ts'
import { chromiumPath, eventually } from './playground.ts'
import { findings, startBrowser, startServer, visit } from './visit.ts'

if (!chromiumPath) console.warn('There is no chromium here: the page is not tried.')
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

describe.skipIf(!chromiumPath)('the page as time passes', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  it('shows at the first visit what to paste into Duplicati, and greets the first report', async () => {
    const server = await startServer()
    const { page, open, problems, shoot } = await visit(browser, server)
    await open('')
    await page.getByRole('heading', { name: 'Waiting for the first report' }).waitFor()
    await page.getByText(`--send-http-json-urls=${server.address}/api/upload`).waitFor()
    expect(await findings(page)).toEqual([])
    await shoot('first-visit')
    await online(page)
    await server.post()
    await page.getByRole('heading', { name: 'nas has reported' }).waitFor()
    await shoot('first-report')
    await page.getByRole('link', { name: 'See all backups' }).click()
    await page.getByRole('heading', { name: 'The backup is fine.' }).waitFor()
    expect(problems).toEqual([])
  })

  it('says that a job runs while it does', async () => {
    const server = await startServer()
    await server.post()
    const { page, context, open, problems } = await visit(browser, server)
    await open('')
    const second = await context.newPage()
    await second.goto(`${server.address}/jobs/1`)
    await second.getByRole('heading', { name: 'Photos' }).waitFor()
    await online(page)
    await online(second)
    const tell = async (status: string, progress?: object) => {
      const metadata = { machineId: 'machine-1', machineName: 'nas', backupId: 'DB-1', backupName: 'Photos' }
      const post = { operation: 'Backup', status, startedUtc: '2026-08-01T12:00:00Z', progress, metadata }
      const answer = await fetch(`${server.address}/api/progress`, { method: 'POST', body: JSON.stringify(post) })
      expect(answer.status).toBe(204)
    }
    await tell('Progress', { phase: 'Backup_ProcessingFiles', filesProcessed: 53, fileSizeProcessed: 18_773_581 })
    const words = /^running since .*: reading files, 53 files, 18.8 MB$/
    for (const one of [page, second]) await one.getByText(words).waitFor()
    expect(await findings(page)).toEqual([])
    await tell('Completed')
    for (const one of [page, second]) await one.getByText(words).waitFor({ state: 'detached' })
    expect(problems).toEqual([])
  })

  it('shows a run by itself, in all tabs, over one stream', async () => {
    // Another stream would be refused, and the tab that wants it would be offline.
    const server = await startServer(undefined, { MAX_SUBSCRIPTIONS: '1' })
    await server.post()
    const { page, context, open, problems } = await visit(browser, server)
    await open('')
    const second = await context.newPage()
    await second.goto(`${server.address}/jobs/1`)
    await second.getByRole('heading', { name: 'Photos' }).waitFor()
    await online(page)
    await online(second)
    await server.post({
      data: { ParsedResult: 'Fatal' },
      exception: 'System.IO.IOException: The disk is full\n   at Main()',
    })
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor()
    await eventually(() => page.title()).toBe('1 failed – duplistatus')
    await page.getByText(/The disk is full; last success/).waitFor()
    await second.getByText(/The disk is full; last success/).waitFor()
    await eventually(() => page.locator('svg.strip .failed').count()).toBe(1)
    expect(await page.getByRole('log').innerText()).toBe('Photos on nas: failed')

    // A job that is new comes into the list by itself, and one that is deleted goes.
    await server.post({ extra: { 'backup-id': 'DB-2', 'backup-name': 'Music' } })
    await page.getByRole('link', { name: 'Music' }).waitFor()
    await server.ask('mutation { deleteBackupJob(id: 2) { deletedBackups } }')
    await page.getByRole('link', { name: 'Music' }).waitFor({ state: 'detached' })
    await server.ask('mutation { updateServer(id: 1, input: { alias: "Attic" }) { server { id } } }')
    await page.getByRole('link', { name: 'Attic' }).waitFor()
    // The one tab that is left goes on.
    await page.close()
    await server.post()
    await second.getByRole('heading', { name: 'Photos OK' }).waitFor()
    expect(problems).toEqual([])
  })

  it('says that the server is away, and catches up when it is back', async () => {
    const server = await startServer()
    await server.post()
    const { page, open, shoot } = await visit(browser, server)
    await open('')
    await page.getByRole('heading', { name: 'The backup is fine.' }).waitFor()
    await online(page)
    await server.kill()
    await page.locator('.offline').waitFor({ timeout: 15_000 })
    await shoot('offline')
    // What was true then is no all-clear.
    await page.getByRole('heading', { name: /^Last known .*: The backup is fine\.$/ }).waitFor()
    expect(await page.title()).toBe('Offline – duplistatus')
    expect(await page.getByRole('link', { name: 'Photos' }).isVisible()).toBe(true)
    await server.start()
    await server.post({ data: { ParsedResult: 'Error' } })
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor({ timeout: 20_000 })
    await page.locator('.offline').waitFor({ state: 'detached' })

    // As when a cable is pulled: nothing ends, and nothing comes.
    await online(page)
    server.freeze()
    await page.locator('.offline').waitFor({ timeout: 15_000 })
    server.goOn()
    await page.locator('.offline').waitFor({ state: 'detached', timeout: 20_000 })
  })

  it('reads again now and then where the server has no room for a stream, which is not offline', async () => {
    const server = await startServer(undefined, { MAX_SUBSCRIPTIONS: '0' })
    await server.post()
    const { page, open } = await visit(browser, server)
    await open('')
    await page.getByRole('heading', { name: 'The backup is fine.' }).waitFor()
    await page.getByText('This is read again every minute').waitFor()
    expect(await page.locator('.offline').count()).toBe(0)
  })

  it('asks for a token where one is demanded, and shows what it allows', async () => {
    const server = await startServer(undefined, { HOST: '0.0.0.0' })
    await server.post()
    const make = async (scope: string) => {
      const { createToken } = await server.ask(
        'mutation Make($input: CreateTokenInput!) { createToken(input: $input) { secret token { id } } }',
        { input: { name: scope, scope } },
      )
      return createToken as { secret: string; token: { id: string } }
    }
    const { page, open, shoot } = await visit(browser, server)
    await open('jobs/1')
    await page.getByLabel('Token').waitFor()
    expect(await findings(page)).toEqual([])
    await shoot('token')
    const enter = async (token: string) => {
      await page.getByLabel('Token').fill(token)
      await page.getByRole('button', { name: 'Go on' }).click()
    }
    await enter('dst_wrong')
    await page.getByText('The server does not take this token').waitFor()

    const reader = await make('READ')
    await enter(reader.secret)
    await page.getByRole('heading', { name: 'Photos' }).waitFor()
    expect(page.url()).toBe(`${server.address}/jobs/1`)
    expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0)
    await page.reload()
    await page.getByRole('heading', { name: 'Photos' }).waitFor()
    await server.ask('mutation Revoke($id: ID!) { revokeToken(id: $id) { token { id } } }', { id: reader.token.id })
    await page.getByText('The server does not take this token').waitFor()

    await enter(server.token as string)
    await page.getByRole('button', { name: 'Edit' }).waitFor()
    await page.getByRole('link', { name: 'GraphiQL' }).click()
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
    await page.locator('.graphiql-execute-button').click()
    await eventually(() => page.locator('.result-window').innerText()).toContain('totalServers')

    await page.goto(`${server.address}/connect`)
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByText(/--send-http-json-urls=\S+\/api\/upload\/dst_[\w-]{43}$/).waitFor()
    await page.getByRole('button', { name: 'Forget the token' }).click()
    await page.getByLabel('Token').waitFor()
    const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
    expect(stored).not.toContain('dst_')
  })

  it('shows hundreds of jobs, and finds one among them', async () => {
    // More than three of the pages in which they are read.
    const count = soak ? 1000 : 350
    const server = await startServer()
    for (let first = 0; first < count; first += 50) {
      const reports = Array.from({ length: 50 }, (_, index) => first + index)
      await Promise.all(
        reports.map((number) =>
          server.post({
            extra: {
              'machine-id': `machine-${number % 100}`,
              'machine-name': `host-${number % 100}`,
              'backup-id': `DB-${number}`,
              'backup-name': `Job ${number}`,
            },
            data: { ParsedResult: number === 277 ? 'Error' : 'Success' },
          }),
        ),
      )
    }
    const { page, open, problems, shoot } = await visit(browser, server)
    await open('')
    await page.getByRole('heading', { name: '1 job failed.' }).waitFor()
    const rows = page.locator('tr[data-row]')
    await eventually(() => rows.count()).toBe(count)
    expect(await rows.first().innerText()).toContain('Job 277')
    await eventually(() => page.locator('svg.strip').count()).toBe(count)
    await shoot('hundreds')
    await page.getByLabel('Search').fill('job 123 host-23')
    await eventually(() => rows.count()).toBe(1)
    await page.getByLabel('Search').fill('')
    await eventually(() => rows.count()).toBe(count)
    expect(problems).toEqual([])
  })
})

/** Until the page hears of what happens. */
async function online(page: Page): Promise<void> {
  await page.locator('[data-connection=ONLINE]').waitFor({ state: 'attached' })
}
