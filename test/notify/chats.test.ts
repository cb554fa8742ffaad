// What holds for every service that people read messages in, at receivers that refuse what the services refuse. What each of them gets
// is in files of their own.

import { describe, expect, it } from 'vitest'
import { startAppriseServer } from '../support/appriseServer.ts'
import { startDiscordServer } from '../support/discordServer.ts'
import { startGotifyServer } from '../support/gotifyServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'
import { startSlackServer } from '../support/slackServer.ts'
import { startTeamsServer } from '../support/teamsServer.ts'
import { startTelegramServer } from '../support/telegramServer.ts'

const services = {
  DISCORD: startDiscordServer,
  SLACK: startSlackServer,
  TEAMS: startTeamsServer,
  TELEGRAM: startTelegramServer,
  GOTIFY: startGotifyServer,
  APPRISE: startAppriseServer,
}

const link = 'https://backups.example/jobs/7'

/** Without the zero-width spaces that keep names from being found. */
const legible = (text = '') => text.replaceAll('\u200b', '')

describe.each(Object.entries(services))('%s', (kind, start) => {
  it('shows title, text and link', async () => {
    const { settings, shown } = await start()
    expect(await attempt(kind, settings, { link })).toHaveProperty('answer')
    expect(shown).toMatchObject([{ title: outgoing.title, text: outgoing.message, link, pings: [] }])
  })

  it('links to the Duplicati of the server where there is no page, and a test to nothing', async () => {
    const { settings, shown } = await start()
    await attempt(kind, settings)
    await attempt(kind, settings, { event: 'TEST', job: null })
    expect(shown.map(({ link }) => link)).toEqual(['https://nas-01.example:8200/', null])
  })

  it('takes a link to a host without a dot, as networks at home have them', async () => {
    const { settings, shown } = await start()
    expect(await attempt(kind, settings, { link: 'http://nas:9666/jobs/7' })).toHaveProperty('answer')
    expect(shown).toMatchObject([{ text: outgoing.message, link: 'http://nas:9666/jobs/7' }])
  })

  it.each([outgoing.message, 'ü&*'.repeat(30_000)])(
    'offers what can be done about it, however long the text is',
    async (message) => {
      const { settings, requests } = await start()
      const actions = [
        { action: 'snooze', label: 'Snooze for a day', url: 'http://nas:9666/api/link/1.snooze.a_b-c' },
        { action: 'acknowledge', label: 'Acknowledge', url: 'https://backups.example/api/link/1.acknowledge.a_b-c' },
      ]
      expect(await attempt(kind, settings, { link, message, actions })).toHaveProperty('answer')
      const sent = requests[0]?.body ?? ''
      if (kind === 'TEAMS')
        for (const { label, url } of actions) expect(sent).toContain(`"title":"${label}","url":"${url}"`)
      else
        expect(sent).toContain(
          JSON.stringify(`\n\n${actions.map(({ label, url }) => `${label}: ${url}`).join('\n')}`).slice(1, -1),
        )
    },
  )

  it.each(['', 'nas:8200', 'the one in the cellar', 'https://', 'javascript:alert(1)'])(
    'links to nothing where the address of a server, of an old release, is "%s"',
    async (url) => {
      const { settings, shown } = await start()
      const job = { ...(outgoing.job as NonNullable<typeof outgoing.job>), server: { id: 1, name: 'nas-01', url } }
      expect(await attempt(kind, settings, { job })).toHaveProperty('answer')
      expect(shown).toMatchObject([{ link: null }])
    },
  )

  it('shows every character as it is, and notifies nobody', async () => {
    const { settings, shown } = await start()
    const title = '<!channel> @everyone & *all* of <@U123>, `C:\\_x_` |x| #1 {{DATE()}}'
    const message = [
      '@here @channel @everyone <!channel> <!here> <@U123> <@&456> _@all_ (@duplicati_admin)',
      '# **bold** __line__ ~~gone~~ `code` ||spoiler|| [text](https://evil.example/)',
      'See https://docs.example/a_b_c?x=*1*|2~ and https://docs.example/_, or **https://docs.example/[x]**).',
      '> quoted & &amp; &lt;b&gt; <b>bold</b> <https://evil.example|Bank> ops@example.org',
      '- C:\\Users\\me\\*.tmp \\* {{DATE()}} ﷽ Größe 写真 🎉 "quotes" \' %s $& $1 /start',
    ].join('\n')
    expect(await attempt(kind, settings, { title, message, link: null, job: null })).toHaveProperty('answer')
    expect(shown.map(({ title, text, pings }) => [legible(title), legible(text), pings])).toEqual([
      [title, message, []],
    ])
    expect(shown[0]?.text).toContain('ops@example.org')
  })

  it.each(['a', 'ü', '🎉', '&', '*', '@', '\\', '"', 'ab\n', '@all '])(
    'cuts %j to what is taken, and says so',
    async (part) => {
      const { settings, shown } = await start()
      const [title, message] = [part.trim().repeat(5000), part.repeat(70_000)]
      expect(await attempt(kind, settings, { title, message, link })).toHaveProperty('answer')
      const [seen] = shown
      expect(seen?.link).toBe(link)
      expect(seen?.text).toMatch(/… \(cut\)$/)
      const kept = legible(seen?.text.slice(0, -'… (cut)'.length)).replaceAll('\n', '')
      expect(message.replaceAll('\n', '').startsWith(kept)).toBe(true)
      expect(kept.length).toBeGreaterThan(250)
      expect(legible(seen?.title).replace(/…$/, '')).toBe(title.slice(0, legible(seen?.title).replace(/…$/, '').length))
      expect(JSON.stringify(seen)).not.toMatch(/\\ud[89a-f]/)
    },
  )

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [410, true],
    [429, false],
    [500, false],
    [503, false],
  ])('takes a status of %d as final: %s', async (status, permanent) => {
    const service = await start()
    service.next({ status, body: 'No', headers: { 'retry-after': '7' } })
    expect(await attempt(kind, service.settings)).toEqual({
      error: expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}: No$`)),
      permanent,
      retryAfterMs: permanent ? null : 7000,
    })
  })

  it('is not delivered to a page that asks to log in', async () => {
    const service = await start()
    service.next({ status: 200, body: '<!doctype html><title>Log in</title>' })
    expect(await attempt(kind, service.settings)).toMatchObject({
      error: expect.stringMatching(/answered, but not like .*; check the address\.$/),
      permanent: false,
    })
  })

  it('fails for good with another address or token, without a word of them', async () => {
    const service = await start()
    const { url, token } = service.settings
    const wrong = token ? `${token}x` : null
    const elsewhere = kind === 'APPRISE' ? `${url}/elsewhere` : `${url}`.replace(/abcd$/, 'abcde')
    const failed = await attempt(kind, { ...service.settings, ...(wrong ? { token: wrong } : { url: elsewhere }) })
    expect(failed).toMatchObject({ error: expect.stringMatching(/ answered 40[134]: /), permanent: true })
    expect(JSON.stringify(failed)).not.toMatch(/abcd|ABC|AbCdEf|elsewhere/)
    expect(service.shown).toEqual([])
  })
})

it.each([
  ['DISCORD', { message: 'You are being rate limited.', retry_after: 64.57, global: false }, 64_570],
  ['TELEGRAM', { ok: false, error_code: 429, parameters: { retry_after: 30 } }, 30_000],
  ['TELEGRAM', { ok: false, error_code: 429, parameters: { retry_after: 1e9 } }, 86_400_000],
  ['DISCORD', { retry_after: -1 }, null],
  ['DISCORD', { retry_after: 'soon' }, null],
] as const)('waits as long as %s says in %j', async (kind, body, retryAfterMs) => {
  const service = await services[kind]()
  service.next({ status: 429, body: JSON.stringify(body) })
  expect(await attempt(kind, service.settings)).toMatchObject({ permanent: false, retryAfterMs })
})

it('waits for the longer of two times', async () => {
  const service = await startDiscordServer()
  service.next({ status: 429, body: '{"retry_after": 0.3}', headers: { 'retry-after': '5' } })
  expect(await attempt('DISCORD', service.settings)).toMatchObject({ retryAfterMs: 5000 })
})
