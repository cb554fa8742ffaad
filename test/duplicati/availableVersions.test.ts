// The list of versions in every form of date that Duplicati writes: one table after the other, a line for each form.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { availableVersions } from '../../src/duplicati/availableVersions.ts'

const retention = 'Information-Duplicati.Library.Main.Operation.DeleteHandler:RetentionPolicy'
const starting = '[Information-Duplicati.Library.Main.Controller-StartingOperation]: The operation Backup has started'

interface Lines {
  considered: string
  deleted?: string
  /** The prefix of the retention lines. */
  prefix?: string
  /** The prefix of the first line; without it, there is no such line. */
  start?: string
}

function logLines({ considered, deleted = '', prefix = '2025-08-20 03:00:00 +00', start }: Lines): string[] {
  return [
    ...(start === undefined ? [] : [`${start} - ${starting}`]),
    `${prefix} - [${retention}-StartCheck]: Start checking if backups can be removed`,
    `${prefix} - [${retention}-BackupList]: Backups to consider: ${considered}`,
    `${prefix} - [${retention}-BackupsToDelete]: Backups outside of all time frames and thus getting deleted: `,
    `${prefix} - [${retention}-AllBackupsToDelete]: All backups to delete: ${deleted}`,
  ]
}

/** The answer as ISO text without the milliseconds, which are always zero. */
function versions(lines: Lines, beganAt: string | null): string[] | null {
  return iso(availableVersions(logLines(lines), beganAt === null ? null : new Date(beganAt)))
}

function iso(dates: Date[] | null): string[] | null {
  return dates?.map((date) => date.toISOString().replace('.000Z', 'Z')) ?? null
}

const run = '2025-08-20T02:00:00Z'

describe('the versions left after a run', () => {
  it('are the considered without the deleted, after the run itself', () => {
    const considered = '2025-08-19 02:00:03, 2025-08-18 02:00:02, 2025-08-17 02:00:01'
    expect(versions({ considered, deleted: '2025-08-18 02:00:02' }, run)).toEqual([
      '2025-08-20T02:00:00Z',
      '2025-08-19T02:00:03Z',
      '2025-08-17T02:00:01Z',
    ])
  })

  it('are as many as the listing of the destination counts in a whole report', () => {
    const report = JSON.parse(readFileSync(new URL('../fixtures/success.json', import.meta.url), 'utf8'))
    const found = iso(availableVersions(report.LogLines, new Date(report.Data.BeginTime)))
    expect(found).toHaveLength(report.Data.BackendStatistics.BackupListCount)
    expect(found).toHaveLength(14)
    expect(found?.slice(0, 2)).toEqual(['2026-01-14T02:00:03Z', '2026-01-13T02:00:02Z'])
    expect(found?.at(-1)).toBe('2025-07-29T02:00:05Z')
    expect(found).not.toContain('2025-12-06T02:00:02Z')
  })

  it.each<[string, Lines, string | null, string[]]>([
    ['the run alone after an empty list', { considered: '' }, run, [run]],
    ['none after an empty list and an unknown run', { considered: '' }, null, []],
    [
      'the run alone if all others are deleted',
      { considered: '2025-08-19 02:00:00', deleted: '2025-08-19 02:00:00' },
      run,
      [run],
    ],
    ['without an unknown run', { considered: '2025-08-19 02:00:00' }, null, ['2025-08-19T02:00:00Z']],
    [
      'once each if the list repeats one',
      { considered: '2025-08-19 02:00:00, 2025-08-19 02:00:00' },
      run,
      [run, '2025-08-19T02:00:00Z'],
    ],
    ['once each if the list has the run', { considered: '2025-08-20 02:00:00' }, '2025-08-20T02:00:00.987Z', [run]],
  ])('are %s', (_, lines, beganAt, expected) => {
    expect(versions(lines, beganAt)).toEqual(expected)
  })

  it.each(['', ' ', '\u00a0'])('are found where the empty list ends in %j', (considered) => {
    expect(versions({ considered }, run)).toEqual([run])
    expect(
      iso(
        availableVersions(
          logLines({ considered }).map((line) => line.trimEnd()),
          new Date(run),
        ),
      ),
    ).toEqual([run])
  })

  it('are found by the ids of the lines, whatever the language of the text', () => {
    const lines = [
      '2025-08-20 03:00:00 +00 - [Information-Tag:RetentionPolicy-BackupList]: Zu prüfen: 19.08.2025 02:00:00, 18.08.2025 02:00:00',
      '2025-08-20 03:00:00 +00 - [Information-Tag:RetentionPolicy-AllBackupsToDelete]: Zu löschen: 18.08.2025 02:00:00',
    ]
    expect(iso(availableVersions(lines, new Date(run)))).toEqual([run, '2025-08-19T02:00:00Z'])
  })

  it('are not taken from a line that only speaks of such a line or has a similar id', () => {
    const quote = `2025-08-20 02:59:00 +00 - [Warning-Tag-Id]: odd line [${retention}-BackupList]: Backups to consider: 2025-08-01 00:00:00`
    const namesake = `2025-08-20 02:59:00 +00 - [Warning-Tag:RetentionPolicy-BackupListing]: Backups: 2025-08-01 00:00:00`
    const lines = [quote, namesake, ...logLines({ considered: '2025-08-19 02:00:00' })]
    expect(iso(availableVersions(lines, new Date(run)))).toEqual([run, '2025-08-19T02:00:00Z'])
  })
})

describe('the form of the dates', () => {
  // Both are the 4th of August, at a quarter past midnight and past noon; the 13th of July settles the order.
  const expected = ['2025-08-04T12:14:55Z', '2025-08-04T00:14:55Z', '2025-07-13T09:05:07Z']

  it.each([
    ['en-US', '8/4/2025 12:14:55 PM, 8/4/2025 12:14:55 AM, 7/13/2025 9:05:07 AM'],
    ['en-US with U+202F', '8/4/2025 12:14:55\u202fPM, 8/4/2025 12:14:55\u202fAM, 7/13/2025 9:05:07\u202fAM'],
    ['en-US with U+00A0', '8/4/2025 12:14:55\u00a0PM, 8/4/2025 12:14:55\u00a0AM, 7/13/2025 9:05:07\u00a0AM'],
    ['en-AU', '4/08/2025 12:14:55 pm, 4/08/2025 12:14:55 am, 13/07/2025 9:05:07 am'],
    ['es-MX', '04/08/2025 12:14:55 p.\u00a0m., 04/08/2025 12:14:55 a.\u00a0m., 13/07/2025 09:05:07 a.\u00a0m.'],
    ['en-GB, fr, es and pt', '04/08/2025 12:14:55, 04/08/2025 00:14:55, 13/07/2025 09:05:07'],
    ['es with single digits', '4/8/2025 12:14:55, 4/8/2025 0:14:55, 13/7/2025 9:05:07'],
    ['de, ru and tr', '04.08.2025 12:14:55, 04.08.2025 00:14:55, 13.07.2025 09:05:07'],
    ['cs', '4. 8. 2025 12:14:55, 4. 8. 2025 0:14:55, 13. 7. 2025 9:05:07'],
    ['nl', '4-8-2025 12:14:55, 4-8-2025 00:14:55, 13-7-2025 09:05:07'],
    ['da and nn', '04/08/2025 12.14.55, 04/08/2025 00.14.55, 13/07/2025 09.05.07'],
    ['fi', '4.8.2025 12.14.55, 4.8.2025 0.14.55, 13.7.2025 9.05.07'],
    ['sv and en-CA', '2025-08-04 12:14:55, 2025-08-04 00:14:55, 2025-07-13 09:05:07'],
    ['ja', '2025/08/04 12:14:55, 2025/08/04 0:14:55, 2025/07/13 9:05:07'],
    ['ko', '2025. 8. 4. 오후 12:14:55, 2025. 8. 4. 오전 12:14:55, 2025. 7. 13. 오전 9:05:07'],
    ['zh-TW', '2025/8/4 下午 12:14:55, 2025/8/4 上午 12:14:55, 2025/7/13 上午 09:05:07'],
    ['bg', '4.08.2025 г. 12:14:55, 4.08.2025 г. 0:14:55, 13.07.2025 г. 9:05:07'],
    ['bg with its word for hours', '4.08.2025 г. 12:14:55 ч., 4.08.2025 г. 0:14:55 ч., 13.07.2025 г. 9:05:07 ч.'],
    ['el', '4/8/2025 12:14:55 μ.μ., 4/8/2025 12:14:55 π.μ., 13/7/2025 9:05:07 π.μ.'],
    ['vi', '04/08/2025 12:14:55 CH, 04/08/2025 12:14:55 SA, 13/07/2025 9:05:07 SA'],
    ['sq', '4.8.2025 12:14:55 MD, 4.8.2025 12:14:55 PD, 13.7.2025 9:05:07 PD'],
    ['sq in words', '4.8.2025 12:14:55 e pasdites, 4.8.2025 12:14:55 e paradites, 13.7.2025 9:05:07 e paradites'],
    ['ar', '4/8/2025 12:14:55 م, 4/8/2025 12:14:55 ص, 13/7/2025 9:05:07 ص'],
    [
      'ar with marks of direction and its own digits',
      '٤\u200f/٨\u200f/٢٠٢٥ ١٢:١٤:٥٥ م, ٤\u200f/٨\u200f/٢٠٢٥ ١٢:١٤:٥٥ ص, ١٣\u200f/٧\u200f/٢٠٢٥ ٩:٠٥:٠٧ ص',
    ],
    ['fa with our years', '2025/8/4 12:14:55 ب.ظ., 2025/8/4 12:14:55 ق.ظ., 2025/7/13 9:05:07 ق.ظ.'],
    ['th', '4/8/2568 12:14:55, 4/8/2568 0:14:55, 13/7/2568 9:05:07'],
    ['th with its words and digits', '๔/๘/๒๕๖๘ ๑๒:๑๔:๕๕ หลังเที่ยง, 4/8/2568 12:14:55 ก่อนเที่ยง, 13/7/2568 9:05:07 ก่อนเที่ยง'],
    ['the invariant culture', '08/04/2025 12:14:55, 08/04/2025 00:14:55, 07/13/2025 09:05:07'],
  ])('is understood in %s', (_, considered) => {
    expect(versions({ considered }, run)).toEqual([run, ...expected])
    expect(versions({ considered }, null)).toEqual(expected)
  })

  it.each([
    ['8/19/2025 1:00:00 PM', '2025-08-19T13:00:00Z'],
    ['8/19/2025 11:59:59 PM', '2025-08-19T23:59:59Z'],
    ['8/19/2025 11:59:59 am', '2025-08-19T11:59:59Z'],
    ['2025. 8. 19. 오후 1:00:00', '2025-08-19T13:00:00Z'],
    ['2025. 8. 19. 오전 11:00:00', '2025-08-19T11:00:00Z'],
    ['2025-08-19 23:59:59', '2025-08-19T23:59:59Z'],
    ['2024-02-29 00:00:00', '2024-02-29T00:00:00Z'],
  ])('%s is %s', (considered, expected) => {
    expect(versions({ considered }, run)).toEqual([run, expected])
  })

  it.each([
    ['words', 'yesterday'],
    ['one date among words', '2025-08-19 02:00:00, and so on'],
    ['a date without a time', '2025-08-19'],
    ['a time without seconds', '2025-08-19 02:00'],
    ['something after the time', '2025-08-19 02:00:00 or so'],
    ['something before the date', 'on 2025-08-19 02:00:00'],
    ['a comma within a date', '19/08/2025, 02:00:00'],
    ['a comma at the end', '2025-08-19 02:00:00, '],
    ['a year of two digits that may be a day', '19.08.25 02:00:00'],
    ['a year of three digits', '19.08.025 02:00:00'],
    ['words of another language', '19.08.2025 02:00:00 giờ'],
    ['the word for years at another place', 'г. 19.08.2025 02:00:00'],
    ['two separators in one date', '19.08/2025 02:00:00'],
    ['the month first with dots', '08.19.2025 02:00:00'],
    ['dates of two orders', '2025-08-19 02:00:00, 18/08/2025 02:00:00'],
    ['no such day', '31.06.2025 02:00:00'],
    ['no such leap day', '2025-02-29 02:00:00'],
    ['no such month', '2025-13-01 02:00:00'],
    ['day zero', '2025-08-00 02:00:00'],
    ['hour 24', '2025-08-18 24:00:00'],
    ['minute 60', '2025-08-19 02:60:00'],
    ['hour 13 in the afternoon', '8/19/2025 13:00:00 PM'],
    ['hour 0 in the morning', '8/19/2025 0:00:00 AM'],
    ['the Hijri year', '25/02/1447 02:00:00'],
    ['the Hijri year with its sign', '25/02/1447 هـ 02:00:00 ص'],
    ['the Persian year', '1404/5/28 02:00:00 ق.ظ.'],
    ['the year of the Republic', '114/8/19 上午 02:00:00'],
    ['the year of the emperor', '令和7/8/19 2:00:00'],
    ['a year before 2000', '1999-12-31 02:00:00'],
  ])('is not understood with %s', (_, considered) => {
    expect(versions({ considered }, run)).toBeNull()
    expect(versions({ considered }, null)).toBeNull()
  })

  it('is that of the Buddhist era only for years that can be', () => {
    expect(versions({ considered: '19/8/2568 02:00:00' }, null)).toEqual(['2025-08-19T02:00:00Z'])
    expect(versions({ considered: '19/8/2569 02:00:00' }, run)).toBeNull()
    expect(versions({ considered: '19/8/2542 02:00:00' }, null)).toBeNull()
    expect(versions({ considered: '19/8/2644 02:00:00' }, null)).toBeNull()
  })

  it.each([
    ['19/08/25 02:00:00, 31/07/25 02:00:00', ['2025-08-19T02:00:00Z', '2025-07-31T02:00:00Z']],
    ['8/19/25 2:00:00 AM', ['2025-08-19T02:00:00Z']],
    ['19.08.25 02:00:00, 31.07.25 02:00:00', ['2025-08-19T02:00:00Z', '2025-07-31T02:00:00Z']],
    ['25/12/24 02:00:00', ['2024-12-25T02:00:00Z']],
  ])('has a year of two digits, if only one reading is possible: %s', (considered, expected) => {
    expect(versions({ considered }, run)).toEqual([run, ...expected])
    expect(versions({ considered }, null)).toBeNull()
    for (const year of ['2568', '1447', '1404', '0114']) {
      expect(versions({ considered, prefix: `${year}-08-20 03:00:00 +00` }, run)).toBeNull()
    }
  })

  it.each(['19/08/25 02:00:00', '25/08/19 02:00:00', '04/05/28 02:00:00, 04/05/27 02:00:00'])(
    'is not guessed for a year of two digits: %s',
    (considered) => {
      expect(versions({ considered, prefix: '1404-05-29 03:00:00 +03' }, run)).toBeNull()
      expect(versions({ considered }, run)).toBeNull()
    },
  )

  it('is not understood if only the deleted ones cannot be read', () => {
    expect(versions({ considered: '2025-08-19 02:00:00', deleted: 'all' }, run)).toBeNull()
  })
})

describe('the order of day and month', () => {
  const at = (day: string) => `${day}T02:00:00Z`
  const list = (...days: string[]) => days.map((day) => `${day} 02:00:00`).join(', ')

  it.each<[string, string, string, string[]]>([
    ['a day above twelve comes first', list('13/08/2025', '12/08/2025'), '2025-08-20', ['2025-08-13', '2025-08-12']],
    ['a day above twelve comes second', list('08/13/2025', '08/12/2025'), '2025-08-20', ['2025-08-13', '2025-08-12']],
    ['only month first descends', list('03/01/2025', '02/05/2025'), '2025-12-31', ['2025-03-01', '2025-02-05']],
    ['only day first descends', list('01/03/2025', '05/02/2025'), '2025-12-31', ['2025-03-01', '2025-02-05']],
    ['month first lies after the run', list('09/08/2025', '08/08/2025'), '2025-08-10', ['2025-08-09', '2025-08-08']],
    ['day first lies after the run', list('08/09/2025', '08/08/2025'), '2025-08-10', ['2025-08-09', '2025-08-08']],
    ['the other order is a day after the run', list('08/07/2025'), '2025-08-06', ['2025-07-08']],
    ['day and month are the same', list('08/08/2025', '07/07/2025'), '2025-12-31', ['2025-08-08', '2025-07-07']],
  ])('is clear where %s', (_, considered, day, expected) => {
    expect(versions({ considered }, at(day))).toEqual([at(day), ...expected.map(at)])
  })

  it.each<[string, string, string | null]>([
    ['a twelfth may be a month', list('12/08/2025', '11/08/2025'), '2025-12-31'],
    ['both orders descend to the run', list('08/08/2025', '07/08/2025'), '2025-08-10'],
    ['a single date may be either', list('07/08/2025'), '2025-08-10'],
    ['the run is not known', list('09/08/2025'), null],
    ['the dashes tell nothing', list('07-08-2025'), '2025-08-10'],
  ])('is not guessed where %s', (_, considered, day) => {
    expect(versions({ considered }, day && at(day))).toBeNull()
  })

  it('does not matter where the versions left are the same', () => {
    const considered = list('08/08/2025', '07/08/2025')
    expect(versions({ considered, deleted: list('07/08/2025') }, run)).toEqual([run, at('2025-08-08')])
  })

  it('is bounded by the second the run began in', () => {
    // The 7th of August, or the 8th of July.
    const considered = '08/07/2025 02:00:00'
    expect(versions({ considered }, '2025-08-07T01:59:59.999Z')).toEqual(['2025-08-07T01:59:59Z', at('2025-07-08')])
    expect(versions({ considered }, '2025-08-07T02:00:00.000Z')).toBeNull()
  })

  it('is bounded by the run in local time', () => {
    // The 7th of August at 02:00 +02 is before, at 02:00 -05 after the run.
    const considered = '08/07/2025 02:00:00'
    const beganAt = '2025-08-07T03:00:00Z'
    expect(versions({ considered, prefix: '2025-08-07 05:00:00 +02' }, beganAt)).toBeNull()
    expect(versions({ considered, prefix: '2025-08-06 22:00:00 -05' }, beganAt)).toEqual([
      beganAt,
      '2025-07-08T07:00:00Z',
    ])
  })
})

describe('no versions are told', () => {
  const considered = '2025-08-19 02:00:00, 2025-08-18 02:00:00'
  const without = (id: string) => logLines({ considered }).filter((line) => !line.includes(`-${id}]`))

  it.each<[string, string[]]>([
    ['there are no lines', []],
    ['nothing is considered', without('BackupList')],
    ['nothing is said of all deletions', without('AllBackupsToDelete')],
    [
      'the line has no list',
      ['2025-08-20 03:00:00 +00 - [Tag:RetentionPolicy-BackupList]: Backups', ...without('BackupList')],
    ],
    ['the lines have no prefix', logLines({ considered, prefix: 'today' })],
    ['the list ascends', logLines({ considered: '2025-08-18 02:00:00, 2025-08-19 02:00:00' })],
    ['the list ascends late', logLines({ considered: `${considered}, 2025-08-18 02:00:01` })],
    ['a version is after the run', logLines({ considered: '2025-08-20 02:00:01' })],
    ['something else is deleted', logLines({ considered, deleted: '2025-08-17 02:00:00' })],
    ['something is deleted a second aside', logLines({ considered, deleted: '2025-08-18 02:00:01' })],
  ])('where %s', (_, lines) => {
    expect(availableVersions(lines, new Date(run))).toBeNull()
  })
})

describe('the local time', () => {
  const considered = '2025-08-19 12:00:00'

  it.each<[string, string, string, string]>([
    ['UTC', '2025-08-20 02:00:00 +00', run, '2025-08-19T12:00:00Z'],
    ['whole hours to the east', '2025-08-20 04:00:00 +02', run, '2025-08-19T10:00:00Z'],
    ['whole hours to the west', '2025-08-19 21:00:00 -05', run, '2025-08-19T17:00:00Z'],
    ['+05:30', '2025-08-20 07:30:00 +05', run, '2025-08-19T06:30:00Z'],
    ['+05:45', '2025-08-20 07:45:00 +05', run, '2025-08-19T06:15:00Z'],
    ['-03:30', '2025-08-19 22:30:00 -03', run, '2025-08-19T15:30:00Z'],
    ['+00:30, should it exist', '2025-08-20 02:30:00 +00', run, '2025-08-19T11:30:00Z'],
    ['a line written 7 minutes late', '2025-08-20 07:37:00 +05', run, '2025-08-19T06:30:00Z'],
    ['dots in the time of the line', '2025-08-20 07.30.01 +05', run, '2025-08-19T06:30:00Z'],
    ['a clock one hour off', '2025-08-20 08:00:00 +05', run, '2025-08-19T07:00:00Z'],
    ['a clock days off', '2025-08-23 07:30:00 +05', run, '2025-08-19T07:00:00Z'],
    ['the Buddhist year in the line', '2568-08-20 07:30:00 +05', run, '2025-08-19T07:00:00Z'],
  ])('is understood with %s', (_, start, beganAt, expected) => {
    expect(versions({ considered, start, prefix: start }, beganAt)).toEqual([beganAt, expected])
  })

  it('is in whole hours if the run is not known', () => {
    expect(versions({ considered, start: '2025-08-20 07:30:00 +05' }, null)).toEqual(['2025-08-19T07:00:00Z'])
  })

  it('is in the whole hours of the retention lines if nothing tells of the start', () => {
    expect(versions({ considered, prefix: '2025-08-20 07.40.00 +05' }, run)).toEqual([run, '2025-08-19T07:00:00Z'])
    expect(versions({ considered, prefix: '2025-08-20 07:40:00 +05', start: 'once' }, run)).toEqual([
      run,
      '2025-08-19T07:00:00Z',
    ])
  })

  it('is that of the start where summer time ends during the run', () => {
    const lines = {
      considered: '2025-10-25 12:00:00',
      start: '2025-10-26 02:30:00 +02',
      prefix: '2025-10-26 02:40:00 +01',
    }
    const beganAt = '2025-10-26T00:30:00Z'
    expect(versions(lines, beganAt)).toEqual([beganAt, '2025-10-25T10:00:00Z'])
  })
})
