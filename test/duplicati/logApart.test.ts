// The log of a long report, set apart from the rest: it comes to the same as the whole, whatever was sent.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setLogApart } from '../../src/duplicati/logApart.ts'
import { readHere, readLong } from '../../src/duplicati/reportText.ts'
import { report } from '../support/report.ts'

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))

function apart(text: string) {
  const found = setLogApart(bytesOf(text))
  return found && { rest: found.rest, lines: [...found.lines] }
}

describe('the log', () => {
  it.each<[string, string, string, string[]]>([
    [
      'in the middle',
      '{"Data":{},"LogLines":["a","b"],"Extra":{}}',
      '{"Data":{},"LogLines":[],"Extra":{}}',
      ['a', 'b'],
    ],
    ['with spaces', ' {\r\n"LogLines" : [ "a" ,\t"b" ] }', ' {\r\n"LogLines" : []}', ['a', 'b']],
    ['of no lines', '{"LogLines":[ ]}', '{"LogLines":[]}', []],
    ['with a mark before it', '\ufeff{"LogLines":["a"]}', '{"LogLines":[]}', ['a']],
    [
      'with quotes, slashes, brackets and signs of two and four bytes',
      String.raw`{"a":"]\"}","LogLines":["\\","\"","\\\"]}","ä😀","\u00e4"],"b":[{"LogLines":1}]}`,
      String.raw`{"a":"]\"}","LogLines":[],"b":[{"LogLines":1}]}`,
      ['\\', '"', '\\"]}', 'ä😀', 'ä'],
    ],
  ])('%s is taken out', (_, text, rest, lines) => {
    expect(apart(text)).toEqual({ rest, lines })
  })

  it.each([
    ['none', '{"Data":{}}'],
    ['one that is no list', '{"LogLines":"a"}'],
    ['two', '{"LogLines":["a"],"LogLines":["b"]}'],
    ['one whose name may be escaped', '{"LogL\\u0069nes":["a"]}'],
    ['one further inside', '{"Data":{"LogLines":["a"]}}'],
    ['no object', '["LogLines"]'],
    ['nothing', ''],
  ])('stays where it is if there is %s', (_, text) => {
    expect(apart(text)).toBeNull()
  })

  it.each(['["a",]', '["a" "b"]', '[1]', '["a"', '["a\nb"]', '["\\x"]', '["a"] 1'])('that is %j is no log', (list) => {
    expect(() => apart(`{"LogLines":${list}}`)).toThrow(SyntaxError)
  })
})

const long = process.env.SOAK !== undefined
const line = fc.oneof(
  fc.constantFrom(
    '2025-08-20 03:00:00 +00 - [Information-A:RetentionPolicy-BackupList]: Backups to consider: 08/19/2025 02:00:00',
    '2025-08-20 03:00:00 +00 - [Information-A:RetentionPolicy-AllBackupsToDelete]: All backups to delete: ',
    '2025-08-20 03:00:00 +00 - [Error-A-B]: "]}\\',
  ),
  fc.string({ unit: 'binary' }),
)
const insertion = fc.constantFrom('"', '\\', ']', '[', '}', ',', '\n', 'x', '"LogLines":["z"],', '7', '\ufeff', ' ', '')

/** What comes of it: the report, or why it is none. */
function outcome(read: typeof readHere, bytes: Uint8Array<ArrayBuffer>, maxLogLines: number) {
  try {
    return read(bytes, { machine: null, maxLogLines })
  } catch (error) {
    const { name, message, issues } = error as Error & { issues: unknown }
    return { name, message, issues }
  }
}

it('comes to the same report, or the same refusal, as the whole', () => {
  const read = { reports: 0, refusals: 0 }
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.record({ indent: fc.constantFrom(0, 2), began: fc.boolean(), max: fc.nat(6) }),
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), gone: fc.nat(3), put: insertion }), {
        maxLength: 2,
      }),
      (logLines, { indent, began, max }, changes) => {
        const data = began ? { BeginTime: '2025-08-20T02:00:00Z' } : { BeginTime: undefined }
        let text = JSON.stringify(report({ logLines, data }), null, indent)
        for (const { at, gone, put } of changes) {
          const place = Math.floor(at * text.length)
          text = `${text.slice(0, place)}${put}${text.slice(place + gone)}`
        }
        const whole = outcome(readHere, bytesOf(text), max)
        read['report' in whole ? 'reports' : 'refusals'] += 1
        expect(outcome(readLong, bytesOf(text), max)).toEqual(whole)
      },
    ),
    long ? { numRuns: 50_000 } : { numRuns: 500, seed: 5 },
  )
  expect(Math.min(read.reports, read.refusals)).toBeGreaterThan(50)
}, 600_000)
