// Whatever the language in which a report is written as text, it reads as the same report does as JSON.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readReport } from '../../src/duplicati/readReport.ts'
import { readHere } from '../../src/duplicati/reportText.ts'

const counts = [
  ...['DeletedFiles', 'DeletedFolders', 'ModifiedFiles', 'ExaminedFiles', 'OpenedFiles', 'AddedFiles', 'AddedFolders'],
  ...['SizeOfModifiedFiles', 'SizeOfAddedFiles', 'SizeOfExaminedFiles', 'SizeOfOpenedFiles', 'NotProcessedFiles'],
  ...['TooLargeFiles', 'FilesWithError', 'TimestampChangedFiles', 'ModifiedFolders', 'ModifiedSymlinks'],
]

const culture = fc.record({
  separator: fc.constantFrom('', '.', ',', ' ', '\u00a0', '\u202f', "'", '’', '٬'),
  zero: fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xe50),
  minus: fc.constantFrom('-', '\u2212', '\u061c-', '\u200e\u2212'),
  date: fc.constantFrom('11/30/2026 3:34:05 AM', '30.11.2026 г. 3:34:05', '20/6/1448 3:34:05 ص', '30/11/2569 3:34:05'),
  newline: fc.constantFrom('\n', '\r\n'),
})
type Culture = typeof culture extends fc.Arbitrary<infer T> ? T : never

const word = fc.stringMatching(/^[A-Za-z0-9äß:;()",. -]{1,20}$/).map((text) => text.trim() || 'x')
const report = fc.record({
  figures: fc.tuple(...counts.map(() => fc.maxSafeNat())),
  parsedResult: fc.constantFrom('Success', 'Warning', 'Error', 'Fatal', 'Unknown'),
  flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  begin: fc.integer({ min: 946_684_800, max: 4_102_444_800 }),
  end: fc.option(fc.nat(1_000_000)),
  ticks: fc.nat(2_000_000_000),
  isNegative: fc.boolean(),
  name: word,
  warnings: fc.nat(99),
})
type Report = typeof report extends fc.Arbitrary<infer T> ? T : never

const pad = (value: number, length = 2) => String(value).padStart(length, '0')

/** A TimeSpan of so many 100 ns, as .NET writes it. */
function timeSpan(ticks: number): string {
  const seconds = Math.floor(ticks / 1e7)
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part))
  return `${time.join(':')}${ticks % 1e7 ? `.${pad(ticks % 1e7, 7)}` : ''}`
}

function asJson({ figures, parsedResult, flags, begin, end, ticks, isNegative, name, warnings }: Report) {
  return {
    Data: {
      ...Object.fromEntries(counts.map((count, index) => [count, figures[index]])),
      ...{ MainOperation: 'Backup', ParsedResult: parsedResult, WarningsActualLength: warnings },
      ...{ PartialBackup: flags[0], Dryrun: flags[1], Interrupted: flags[2] },
      BeginTime: new Date(begin * 1000).toISOString(),
      EndTime: end === null ? '0001-01-01T00:00:00' : new Date((begin + end) * 1000).toISOString(),
      Duration: `${isNegative ? '-' : ''}${timeSpan(ticks)}`,
    },
    Extra: { 'machine-id': '', 'machine-name': 'nas', 'backup-id': 'DB-1', 'backup-name': name },
    LogLines: [],
    Exception: null,
  }
}

function asText({ Data, Extra }: ReturnType<typeof asJson>, { separator, zero, minus, date, newline }: Culture) {
  const digits = (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
  const number = (value: number) =>
    digits(String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, separator)).replace(/^/, value < 0 ? minus : '')
  const time = (value: string) =>
    `${date} (${value.startsWith('0001') ? `${minus}62135596800` : number(Date.parse(value) / 1000)})`
  const lines = Object.entries(Data).map(([key, value]) => {
    if (key.endsWith('Time')) return `${key}: ${time(String(value))}`
    if (typeof value === 'boolean') return `${key}: ${value ? 'True' : 'False'}`
    return `${key}: ${typeof value === 'number' ? number(value) : value}`
  })
  const header = `Duplicati Backup report for ${Extra['backup-name']} (, DB-1, nas)`
  return [header, '', ...lines, 'LimitedErrors: []'].join(newline)
}

it('a report reads alike as text and as JSON', () => {
  fc.assert(
    fc.property(report, culture, fc.boolean(), (made, spoken, isForm) => {
      const document = asJson(made)
      const options = { machine: null, maxLogLines: 10 }
      const text = asText(document, spoken)
      const body = isForm ? `message=${encodeURIComponent(text)}&token=x` : text
      const expected = readReport(document, { ...options, asText: true, text: () => text })
      expect(readHere(new TextEncoder().encode(body), options)).toEqual(expected)
    }),
    { seed: 20261130, numRuns: process.env.SOAK === undefined ? 300 : 20_000 },
  )
})
