// A long report, which a thread of its own reads, comes to the same as a short one.

import { describe, expect, it } from 'vitest'
import { readHere, readReportText } from '../../src/duplicati/reportText.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const options = { machine: null, maxLogLines: 100 }
const logLines = Array.from(
  { length: 20_000 },
  (_, index) => `2026-07-31 02:00:00 +00 - [Warning-A]: line ${index} äöü`,
)
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))

describe('a long report', () => {
  it.each([
    ['a good one', JSON.stringify(report({ logLines }))],
    ['without begin time, known by its text', JSON.stringify(report({ logLines, data: { BeginTime: undefined } }))],
    [
      'with a figure that no double holds',
      JSON.stringify(report({ logLines })).replace('"BytesUploaded":500', '"BytesUploaded":9007199254740993'),
    ],
    ['of another operation', JSON.stringify(report({ logLines, data: { MainOperation: 'Restore' } }))],
  ])('is read alike: %s', async (_, text) => {
    expect(await readReportText(bytesOf(text), options)).toEqual(readHere(bytesOf(text), options))
  })

  it.each([
    ['not JSON', `{"Data": "${'x'.repeat(600_000)}`],
    ['nested too deeply', '['.repeat(600_000)],
    [
      'with several faults',
      JSON.stringify(report({ logLines, extra: { 'backup-name': 7 }, data: { ExaminedFiles: 'x' } })),
    ],
  ])('is refused alike: %s', async (_, text) => {
    const refusal = () => readHere(bytesOf(text), options)

    const elsewhere = await readReportText(bytesOf(text), options).catch((error) => error)

    expect(refusal).toThrow(elsewhere)
    expect(elsewhere).toMatchObject({ name: 'DomainError', code: 'BAD_USER_INPUT' })
  })

  it.each([
    ['values', `{"Data":{"x":[${'[],'.repeat(2_000_000)}[]]}}`, 'holds more than 1000000 values'],
    ['fields', `a=1${'&'.repeat(2_000_000)}`, 'is a form without a report (a, )'],
  ])('of too many %s takes no memory for all of them', async (_, text, message) => {
    const refusal = await readReportText(bytesOf(text), options).catch((error) => error)
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) })
  })

  it('may have any number of lines, and texts with any signs', async () => {
    const lines = Array.from({ length: 1_100_000 }, () => ',')
    const document = report({ logLines: lines, data: { Messages: [`\\"${',[{'.repeat(1_100_000)}`] } })
    const read = await readReportText(bytesOf(JSON.stringify(document)), options)
    expect(read).toMatchObject({ report: { run: { logLinesDropped: 1_099_900 } } })
  })

  it('is recorded as it comes, several at a time', async () => {
    const app = await startApp({ environment: { MAX_LOG_LINES: '3' } })
    const at = (hour: number) => report({ logLines, data: { BeginTime: `2026-07-31T0${hour}:00:00Z` } })

    const answers = await Promise.all([1, 2, 3].map((hour) => app.post(at(hour))))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { data } = await app.graphql('{ backups { nodes { beganAt logLinesDropped logLines { nodes { text } } } } }')
    expect(data).toMatchInlineSnapshot(`
      {
        "backups": {
          "nodes": [
            {
              "beganAt": "2026-07-31T03:00:00.000Z",
              "logLines": {
                "nodes": [
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 0 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 1 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 19999 äöü",
                  },
                ],
              },
              "logLinesDropped": 19997,
            },
            {
              "beganAt": "2026-07-31T02:00:00.000Z",
              "logLines": {
                "nodes": [
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 0 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 1 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 19999 äöü",
                  },
                ],
              },
              "logLinesDropped": 19997,
            },
            {
              "beganAt": "2026-07-31T01:00:00.000Z",
              "logLines": {
                "nodes": [
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 0 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 1 äöü",
                  },
                  {
                    "text": "2026-07-31 02:00:00 +00 - [Warning-A]: line 19999 äöü",
                  },
                ],
              },
              "logLinesDropped": 19997,
            },
          ],
        },
      }
    `)
  })
})
