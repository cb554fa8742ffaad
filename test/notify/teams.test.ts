// What a workflow of Microsoft Teams gets.

import { expect, it } from 'vitest'
import { attempt } from '../support/outgoing.ts'
import { startTeamsServer } from '../support/teamsServer.ts'

it('posts a card of plain text with a button', async () => {
  const server = await startTeamsServer()
  expect(await attempt('TEAMS', server.settings, { link: 'https://backups.example/jobs/7' })).toEqual({ answer: '' })
  expect(server.requests[0]?.path).toBe('/workflows/1/triggers/manual/paths/invoke?sp=%2Ftriggers&sig=abcd')
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "attachments": [
        {
          "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "actions": [
              {
                "title": "Open",
                "type": "Action.OpenUrl",
                "url": "https://backups.example/jobs/7",
              },
            ],
            "body": [
              {
                "inlines": [
                  {
                    "color": "Attention",
                    "size": "Large",
                    "text": "Photos on nas-01 is overdue",
                    "type": "TextRun",
                    "weight": "Bolder",
                  },
                ],
                "type": "RichTextBlock",
              },
              {
                "inlines": [
                  {
                    "text": "It was due 2 hours ago.",
                    "type": "TextRun",
                  },
                ],
                "spacing": "Small",
                "type": "RichTextBlock",
              },
              {
                "inlines": [
                  {
                    "text": "Last run: yesterday.",
                    "type": "TextRun",
                  },
                ],
                "spacing": "Small",
                "type": "RichTextBlock",
              },
            ],
            "msteams": {
              "width": "Full",
            },
            "type": "AdaptiveCard",
            "version": "1.2",
          },
          "contentType": "application/vnd.microsoft.card.adaptive",
          "contentUrl": null,
        },
      ],
      "type": "message",
    }
  `)
})

it('has no button where there is nothing to open', async () => {
  const { settings, shown } = await startTeamsServer()
  await attempt('TEAMS', settings, { job: null })
  expect(shown).toMatchObject([{ link: null }])
})

it.each([
  ['OVERDUE', 'Attention'],
  ['FAILED', 'Attention'],
  ['WARNING', 'Warning'],
  ['SUCCESS', 'Good'],
  ['RECOVERED', 'Good'],
  ['TEST', 'Accent'],
] as const)('shows %s in a colour', async (event, look) => {
  const { settings, shown } = await startTeamsServer()
  await attempt('TEAMS', settings, { event })
  expect(shown).toMatchObject([{ look }])
})

it.each([
  ['a', 14_000],
  ['ü', 7000],
  ['🎉', 3500],
  ['"', 7000],
])('takes %s up to 14,000 bytes', async (letter, most) => {
  const { settings, shown } = await startTeamsServer()
  await attempt('TEAMS', settings, { message: letter.repeat(most) })
  await attempt('TEAMS', settings, { message: letter.repeat(most + 1) })
  expect(shown.map(({ text }) => [[...text].length > most - 10, text.endsWith('… (cut)')])).toEqual([
    [true, false],
    [true, true],
  ])
})

it('leaves blank lines out: each line is a paragraph', async () => {
  const { settings, shown } = await startTeamsServer()
  await attempt('TEAMS', settings, { message: 'one\n\n  \ntwo\n  three' })
  expect(shown).toMatchObject([{ text: 'one\ntwo\n  three' }])
})

it('does not try again if the workflow is gone', async () => {
  const server = await startTeamsServer()
  expect(await attempt('TEAMS', { url: `${server.url}/workflows/2` })).toEqual({
    error: expect.stringMatching(/ answered 404: .*WorkflowNotFound/),
    permanent: true,
    retryAfterMs: null,
  })
})
