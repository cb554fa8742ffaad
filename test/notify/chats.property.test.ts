// Random texts of everything that services interpret: each is accepted, shows as it is up to where it is cut, and notifies nobody.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startAppriseServer } from '../support/appriseServer.ts'
import { startDiscordServer } from '../support/discordServer.ts'
import { startGotifyServer } from '../support/gotifyServer.ts'
import { attempt } from '../support/outgoing.ts'
import { startSlackServer } from '../support/slackServer.ts'
import { startTeamsServer } from '../support/teamsServer.ts'
import { startTelegramServer } from '../support/telegramServer.ts'

const soak = process.env.SOAK !== undefined

const part = fc.oneof(
  fc.constantFrom(...'*_~`|<>[]()@#-\\&!\n .:;/"\''),
  fc.constantFrom('@everyone', '@all', '<@U1>', '<!here>', '<@&5>', '&amp;', '&lt', '{{', '```', '> ', '# ', '-# '),
  fc.constantFrom('https://x.example/a_b*c', 'me@x.example', 'C:\\Users\\x', '🎉', '👩‍👩‍👧', 'é', '写真', 'a', '7'),
)
const line = (most: number) =>
  fc.array(part, { maxLength: most }).map((parts) => parts.join('').replaceAll('\n', ' ').trim())
const text = (most: number) => fc.array(part, { maxLength: most }).map((parts) => parts.join('').trim())
// Long ones around the limits of the services.
const message = fc.oneof(
  text(40),
  fc.tuple(text(10), fc.nat(70_000)).map(([some, size]) => (some || 'x').repeat(Math.ceil(size / (some.length || 1)))),
)

const legible = (shown: string) => shown.replace(/… \(cut\)$|…$/, '').replaceAll('\u200b', '')
/** Teams shows each line as a paragraph, and no blank ones; a bracket behind an address has a space before it in Discord. */
const likeAll = (whole: string) =>
  whole
    .replace(/\n\s*/g, '\n')
    .trim()
    .replace(/(https?:\/\/[^\s<]+) ?</g, '$1<')

it.each([
  ['DISCORD', startDiscordServer],
  ['SLACK', startSlackServer],
  ['TEAMS', startTeamsServer],
  ['TELEGRAM', startTelegramServer],
  ['GOTIFY', startGotifyServer],
  ['APPRISE', startAppriseServer],
])(
  '%s shows every text',
  async (kind, start) => {
    const { settings, shown } = await start()
    await fc.assert(
      fc.asyncProperty(line(80), message, async (title, message) => {
        shown.length = 0
        expect(await attempt(kind, settings, { title: title || 'x', message: message || 'x' })).toHaveProperty('answer')
        const [seen] = shown
        expect(seen?.pings).toEqual([])
        expect(seen?.link).toBe('https://nas-01.example:8200/')
        for (const [given, shown] of [
          [title || 'x', seen?.title],
          [message || 'x', seen?.text],
        ] as const) {
          const [whole, kept] = [likeAll(given), likeAll(legible(shown ?? ''))]
          expect({ shows: whole.startsWith(kept), whole: whole.slice(0, 300), kept: kept.slice(0, 300) }).toMatchObject(
            {
              shows: true,
            },
          )
        }
      }),
      { seed: 1, numRuns: soak ? 5000 : 100 },
    )
  },
  soak ? 600_000 : 20_000,
)
