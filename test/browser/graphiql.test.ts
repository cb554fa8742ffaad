// The playground as a visitor meets it: in Chromium, with a real server.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Chromium,
  chromiumPath,
  eventually,
  openPlayground,
  type Playground,
  startChromium,
} from './playground.ts'

if (!chromiumPath) console.warn('There is no chromium here: the playground is not tried.')
// Each test loads an editor of 8 MB, on slow machines too.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

describe.skipIf(!chromiumPath)('the playground in Chromium', () => {
  let chromium: Chromium
  beforeAll(async () => {
    chromium = await startChromium()
  })
  afterAll(() => chromium.close())

  it('loads small and from here alone, and the second time from the cache, with the same tabs', async () => {
    await chromium.clearCache()
    const { page, problems, text, shoot } = await openPlayground(chromium)
    const tabs = () => page.getByRole('tab').allInnerTexts()
    const first = await transfers(page)
    await shoot('first-visit')
    expect(await page.title()).toBe('duplistatus')
    expect(await tabs()).toEqual(['Dashboard', 'Trouble', 'History', 'Rename', 'TellMe', 'WhatHappened', 'NewRuns'])
    expect(await text('query-editor')).toContain('# Welcome to duplistatus')
    expect(await page.getByRole('button', { name: 'Headers' }).isVisible()).toBe(true)
    expect(Object.keys(first).sort()).toEqual([
      '/graphql',
      '/graphql/assets/editor-worker.js',
      '/graphql/assets/graphiql.css',
      '/graphql/assets/graphiql.js',
      '/graphql/assets/graphql-worker.js',
      '/graphql/assets/icon.svg',
      '/graphql/assets/json-worker.js',
      '/graphql/assets/start.js',
    ])
    expect(sum(first)).toBeGreaterThan(2_000_000)
    expect(sum(first)).toBeLessThan(2_500_000)

    await page.reload()
    await eventually(() => text('query-editor')).toContain('# Welcome to duplistatus')
    const { '/graphql': pageAndSchema, ...files } = await transfers(page)
    expect(new Set(Object.values(files))).toEqual(new Set([0]))
    expect(pageAndSchema).toBeLessThan(50_000)
    expect(await tabs()).toEqual(['Dashboard', 'Trouble', 'History', 'Rename', 'TellMe', 'WhatHappened', 'NewRuns'])
    expect(problems).toEqual([])
  })

  it('explains a field and its type, and completes what is typed', async () => {
    const { page, problems, shoot } = await openPlayground(chromium)
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    const docs = page.getByRole('region', { name: 'Documentation Explorer' })
    await docs.getByRole('link', { name: 'Query', exact: true }).click()
    await docs.getByRole('link', { name: 'servers', exact: true }).click()
    await docs.getByText('Which servers; all if left out.').waitFor()
    await docs.getByRole('link', { name: 'ServerFilter' }).click()
    await docs.getByText('Only servers in one of these states.').waitFor()
    await shoot('documentation')
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click()

    await page.getByRole('button', { name: 'New tab' }).click()
    await page.locator('.graphiql-query-editor .view-lines').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('{ dupl')
    await page.locator('.suggest-widget').getByText('duplicateServers').first().waitFor()
    await shoot('completion')
    expect(new URL(page.url()).search).toBe('')
    expect(problems).toEqual([])
  })

  it('runs the first example, and renames a server', async () => {
    const { problems, openTab, pressPlay, text, shoot } = await openPlayground(chromium)
    await pressPlay()
    await eventually(() => text('result-window')).toContain('"totalServers": 2')
    await shoot('dashboard')

    await openTab('Rename')
    await pressPlay()
    await eventually(() => text('result-window')).toContain('"displayName": "My server"')
    await shoot('rename')
    expect(problems).toEqual([])
  })

  it('shows a run that is reported while it listens, until it is stopped', async () => {
    const { page, problems, post, openTab, pressPlay, text, shoot } = await openPlayground(chromium)
    await openTab('NewRuns')
    const stream = page.waitForResponse((response) => response.headers()['content-type'] === 'text/event-stream')
    await pressPlay()
    expect((await stream).request().method()).toBe('POST')
    // Of a server that is there: other tests count them.
    const id = await post('success.json', '2026-01-15T02:00:00Z')
    await eventually(() => text('result-window')).toContain(`"id": "${id}"`)
    await shoot('new-run')

    const ended = page.waitForEvent('requestfailed')
    await page.getByRole('button', { name: 'Stop query' }).click()
    expect((await ended).failure()?.errorText).toBe('net::ERR_ABORTED')
    expect(problems).toEqual([])
  })

  it('opens the query of a link, and says what is wrong with it', async () => {
    const search = '?query={servers{nodes{nmae}}}'
    const { page, problems, pressPlay, text, shoot } = await openPlayground(chromium, search)
    expect(await text('query-editor')).toBe('{servers{nodes{nmae}}}')
    await page.locator('.graphiql-query-editor .squiggly-error').waitFor()
    await pressPlay()
    await eventually(() => text('result-window')).toContain('"code": "GRAPHQL_VALIDATION_FAILED"')
    const answer = (await text('result-window')).replaceAll(/\s+/g, ' ')
    expect(answer).toContain(String.raw`Cannot query field \"nmae\" on type \"Server\". Did you mean \"name\"?`)
    await shoot('wrong-field')
    const refusal = 'error: Failed to load resource: the server responded with a status of 400 (Bad Request)'
    expect(problems).toEqual([refusal])
  })

  it('opens the variables of a link too, in a tab of their own, and shows none of the last visit', async () => {
    const first = new URLSearchParams({
      query: 'query Two($id: ID!) { server(by: {id: $id}) { name } }',
      variables: '{"id":"Server:1"}',
    })
    const { page, problems, pressPlay, text, shoot } = await openPlayground(chromium, `?${first}`)
    await eventually(() => text('editor-tool')).toContain('{"id":"Server:1"}')
    expect(await page.getByRole('tab').first().innerText()).toBe('Two')
    expect(await page.getByRole('tab').count()).toBe(8)
    await pressPlay()
    await eventually(() => text('result-window')).toContain('"name": "nas-01"')
    await shoot('link-with-variables')

    const exact = new URLSearchParams({ ...Object.fromEntries(first), variables: '{"big":12345678901234567890}' })
    await page.goto(`${new URL(page.url()).origin}/graphql?${exact}`)
    await eventually(() => text('editor-tool')).toContain('12345678901234567890')
    await page.goto(`${new URL(page.url()).origin}/graphql?query={summary{totalServers}}`)
    await eventually(() => text('query-editor')).toBe('{summary{totalServers}}')
    await page.getByRole('button', { name: 'Variables' }).click()
    expect((await text('editor-tool')).trim()).toBe('')
    expect(problems).toEqual([])
  })

  it('says which of several operations a link is about', async () => {
    const search = new URLSearchParams({ query: 'query A { __typename }\nquery B { __typename }', operationName: 'B' })
    const { problems, text } = await openPlayground(chromium, `?${search}`)
    await eventually(() => text('query-editor')).toBe(
      '# The link is about the operation B.\nquery A { __typename }\nquery B { __typename }',
    )
    expect(problems).toEqual([])
  })

  it('says where the token goes, and takes it there', async () => {
    const { page, firstToken, pressPlay, text, shoot } = await openPlayground(chromium, '', { HOST: '0.0.0.0' })
    const answer = async () => (await text('result-window')).replaceAll(/\s+/g, ' ')
    await eventually(answer).toContain(String.raw`under Headers: {\"authorization\": \"Bearer TOKEN\"}`)
    await shoot('token-needed')
    await page.getByRole('button', { name: 'Headers' }).click()
    await page.locator('.graphiql-editor-tool .view-lines').last().click()
    await page.keyboard.insertText(`{"authorization": "Bearer ${firstToken}"}`)
    await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click()
    await pressPlay()
    await eventually(answer).toContain('"totalServers": 2')
  })
})

/** What the page and each of its files cost on the wire, in bytes, once everything is there. */
async function transfers(page: Playground['page']): Promise<Record<string, number>> {
  await page.waitForFunction(() => {
    const urls = performance.getEntriesByType('resource').map(({ name }) => name)
    // The editor asks for these when it has something for them to do, in any order.
    const late = ['/editor-worker-', '/graphql-worker-', '/json-worker-']
    return late.every((part) => urls.some((url) => url.includes(part))) && urls.some((url) => url.endsWith('/graphql'))
  })
  const entries = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((entry) => ({
      path: new URL(entry.name).pathname,
      bytes: (entry as PerformanceResourceTiming).transferSize,
    })),
  )
  const total: Record<string, number> = {}
  for (const { path, bytes } of entries) {
    const file = path.replace(/-[\w-]{16}\./, '.')
    total[file] = (total[file] ?? 0) + bytes
  }
  return total
}

function sum(numbers: Record<string, number>): number {
  return Object.values(numbers).reduce((total, number) => total + number, 0)
}
