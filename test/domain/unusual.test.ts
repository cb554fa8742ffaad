// Histories of jobs, and what of them is unusual: on both sides of each threshold, and of what machines really do.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '../../src/domain/report.ts'
import { readReport } from '../../src/duplicati/readReport.ts'
import { judgedRuns } from '../support/judgedRuns.ts'
import { randomNumbers } from '../support/random.ts'
import { report } from '../support/report.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
/** A Sunday. */
const first = Date.UTC(2026, 0, 4, 2)
const gib = 2 ** 30

/** A run, and hours until it, from the run before; a day if it does not say. */
type Told = Partial<Run> & { after?: number }

const read = readReport(report(), { machine: null, maxLogLines: 0, text: () => '' })
if (!('report' in read)) throw new Error('no backup')
const still: Run = { ...read.report.run, examinedFiles: 100_000, uploadedSize: 0, downloadedSize: 0 }

/** What is unusual of all these runs: the number of the run, from 0, and the kind or the sentence. */
function said(runs: Told[], what: 'kind' | 'message' = 'kind'): string[] {
  const judge = judgedRuns()
  let at = first - dayMs
  return runs.flatMap(({ after = 24, ...run }, index) => {
    at += after * hourMs
    return judge({ ...still, ...run }, new Date(at)).map((remark) => `${index} ${remark[what]}`)
  })
}

const times = (count: number, told: (index: number) => Told): Told[] => Array.from({ length: count }, (_, i) => told(i))
const days = (count: number, told: Told = {}) => times(count, () => told)
const dateOf = (index: number) => new Date(first + index * dayMs)
const isMonthEnd = (index: number) => dateOf(index + 1).getUTCDate() === 1

let share = randomNumbers(7)
beforeEach(() => {
  share = randomNumbers(7)
})
const between = (low: number, high: number) => low + share() * (high - low)
const noise = (spread: number) => between(1 - spread, 1 + spread)

const histories: [what: string, runs: () => Told[], said: string[]][] = [
  ['nothing ever changes', () => days(400), []],
  [
    'a year of an ordinary desk',
    () =>
      times(365, () => ({
        modifiedFiles: Math.round(between(20, 900)),
        deletedFiles: Math.round(between(0, 300)),
        durationSeconds: between(300, 4500),
      })),
    [],
  ],
  [
    'every Sunday everything is written anew, and takes hours',
    () =>
      times(365, (index) =>
        index % 7 === 0
          ? { modifiedFiles: Math.round(20_000 * noise(0.2)), durationSeconds: 14_400 * noise(0.1) }
          : { modifiedFiles: Math.round(200 * noise(0.5)), durationSeconds: 600 * noise(0.2) },
      ),
    [],
  ],
  [
    'every hour, with a peak each night and a larger one on Saturdays',
    () =>
      times(24 * 60, (index) => {
        const peak = index % 168 === 150 ? 50_000 : index % 24 === 3 ? 6000 : 100
        return { after: 1, modifiedFiles: Math.round(peak * noise(0.1)), durationSeconds: peak / 5 }
      }),
    [],
  ],
  [
    'month ends: only the first one is news',
    () =>
      times(365, (index) =>
        isMonthEnd(index)
          ? { modifiedFiles: Math.round(8000 * noise(0.2)), durationSeconds: 12_000 * noise(0.1) }
          : { modifiedFiles: 150, durationSeconds: 900 },
      ),
    ['27 MANY_FILES_CHANGED', '27 TOOK_LONG'],
  ],
  [
    'month ends of a job that runs every four hours',
    () =>
      times(6 * 365, (index) => ({
        after: 4,
        modifiedFiles: index % 6 === 0 && isMonthEnd(index / 6) ? Math.round(8000 * noise(0.2)) : 150,
      })),
    ['162 MANY_FILES_CHANGED'],
  ],
  [
    'quarter ends',
    () =>
      times(365, (index) => (index % 91 === 5 ? { durationSeconds: 20_000 * noise(0.1) } : { durationSeconds: 900 })),
    [],
  ],
  [
    'a new photo library, which takes as long as its size says',
    () => [
      ...days(60, { uploadedSize: gib, durationSeconds: 600 }),
      { addedFiles: 40_000, examinedFiles: 140_000, uploadedSize: 60 * gib, durationSeconds: 36_000 },
      ...days(60, { examinedFiles: 140_000, uploadedSize: gib, durationSeconds: 700 }),
    ],
    [],
  ],
  [
    'a job that doubles once and stays',
    () => [
      ...times(60, () => ({ modifiedFiles: Math.round(900 * noise(0.1)), durationSeconds: 3000 * noise(0.1) })),
      ...times(200, () => ({ modifiedFiles: Math.round(1800 * noise(0.1)), durationSeconds: 6000 * noise(0.1) })),
    ],
    [],
  ],
  [
    'a job that takes four times as long once and stays: it is said once',
    () => [
      ...times(60, () => ({ durationSeconds: 3000 * noise(0.1) })),
      ...times(200, () => ({ durationSeconds: 12_000 * noise(0.05) })),
    ],
    ['60 TOOK_LONG'],
  ],
  [
    'a mail server that grows steadily',
    () =>
      times(365, (index) => ({
        examinedFiles: 200_000 + index * 2000,
        addedFiles: Math.round(2000 * noise(0.2)),
        modifiedFiles: Math.round(800 * 1.01 ** index * noise(0.2)),
        deletedFiles: Math.round(150 * 1.01 ** index * noise(0.2)),
        storedSize: 50 * gib + index * gib,
        freeQuota: 2000 * gib - index * gib,
        durationSeconds: 1800 * 1.004 ** index * noise(0.1),
      })),
    [],
  ],
  ['an archive that is set in order once', () => [...days(30), { deletedFiles: 900 }, ...days(30)], []],
  [
    'after three weeks of holidays, all their changes at once',
    () => [
      ...times(60, () => ({ modifiedFiles: Math.round(300 * noise(0.3)), deletedFiles: 50 })),
      { after: 21 * 24, modifiedFiles: 5500, deletedFiles: 1000 },
      ...days(10, { modifiedFiles: 300 }),
    ],
    [],
  ],
  [
    'on Mondays, the changes of the weekend',
    () => times(200, (index) => ({ after: index % 5 === 0 ? 72 : 24, modifiedFiles: index % 5 === 0 ? 2100 : 700 })),
    [],
  ],
  [
    'encryption of half the files in their place',
    () => [...times(40, () => ({ modifiedFiles: Math.round(300 * noise(0.5)) })), { modifiedFiles: 50_000 }],
    ['40 MANY_FILES_CHANGED'],
  ],
  [
    'encryption of half the files under new names',
    () => [
      ...times(40, () => ({ modifiedFiles: Math.round(300 * noise(0.5)) })),
      { addedFiles: 50_000, deletedFiles: 50_000, uploadedSize: 50 * gib, durationSeconds: 9000 },
    ],
    ['40 MANY_FILES_CHANGED'],
  ],
  [
    'encryption of half the files of a job with weekly peaks of a third',
    () => [...times(90, (index) => ({ modifiedFiles: index % 7 === 0 ? 33_000 : 300 })), { modifiedFiles: 50_000 }],
    ['90 MANY_FILES_CHANGED'],
  ],
  [
    'encryption that goes on for days: it is said on the first',
    () => [...days(40, { modifiedFiles: 200 }), ...days(3, { modifiedFiles: 15_000 })],
    ['40 MANY_FILES_CHANGED'],
  ],
  [
    'a run that hangs',
    () => [...times(40, () => ({ durationSeconds: 600 * noise(0.3) })), { durationSeconds: 40_000 }, ...days(5)],
    ['40 TOOK_LONG'],
  ],
  [
    'the first upload takes days, and does not excuse a run that hangs',
    () => [
      { addedFiles: 100_000, durationSeconds: 400_000, uploadedSize: 900 * gib },
      ...days(40, { durationSeconds: 600, uploadedSize: gib }),
      { durationSeconds: 20_000, uploadedSize: gib },
    ],
    ['41 TOOK_LONG'],
  ],
]

describe('of a job of 100,000 files that runs daily', () => {
  it.each(histories)('%s', (_, runs, expected) => expect(said(runs())).toEqual(expected))
})

describe('each threshold, on both sides', () => {
  const unusual = ['MANY_FILES_CHANGED']
  const usual: string[] = []
  it.each<[string, Told[], Told, string[]]>([
    ['1,000 files are below the floor', days(20), { modifiedFiles: 1000 }, usual],
    ['1,001 are not', days(20), { modifiedFiles: 1001 }, unusual],
    ['those that vanished count with those that changed', days(20), { modifiedFiles: 501, deletedFiles: 500 }, unusual],
    ['nine runs say nothing', days(9), { modifiedFiles: 50_000 }, usual],
    ['ten do', days(10), { modifiedFiles: 50_000 }, unusual],
    ['ten runs of less than a week do not', days(60, { after: 2 }), { after: 2, modifiedFiles: 50_000 }, usual],
    ['of a week they do', days(85, { after: 2 }), { after: 2, modifiedFiles: 50_000 }, unusual],
    ['twice as many as usual is usual', days(20, { modifiedFiles: 4000 }), { modifiedFiles: 8000 }, usual],
    ['more than twice is not', days(20, { modifiedFiles: 4000 }), { modifiedFiles: 8001 }, unusual],
    ['twice as many as ever is usual', [{}, { modifiedFiles: 5000 }, ...days(20)], { modifiedFiles: 10_000 }, usual],
    ['more than twice as many is not', [{}, { modifiedFiles: 5000 }, ...days(20)], { modifiedFiles: 10_001 }, unusual],
    [
      'a quarter more than ever, of more than a quarter of all files, is usual',
      [{}, { modifiedFiles: 24_000 }, ...days(20)],
      { modifiedFiles: 30_000 },
      usual,
    ],
    ['more is not', [{}, { modifiedFiles: 24_000 }, ...days(20)], { modifiedFiles: 30_001 }, unusual],
    [
      'six times the usual deviation from the median is usual',
      times(20, (index) => ({ modifiedFiles: index % 2 === 0 ? 1000 : 3000 })),
      { modifiedFiles: 8000 },
      usual,
    ],
    [
      'more is not',
      times(20, (index) => ({ modifiedFiles: index % 2 === 0 ? 1000 : 3000 })),
      { modifiedFiles: 8001 },
      unusual,
    ],
    [
      'after a pause of three days three times as many are usual',
      days(20, { modifiedFiles: 1000 }),
      { after: 72, modifiedFiles: 6000 },
      usual,
    ],
    ['more are not', days(20, { modifiedFiles: 1000 }), { after: 72, modifiedFiles: 6001 }, unusual],
    [
      'a pause of a year excuses as much as thirty days',
      days(20, { modifiedFiles: 1000 }),
      { after: 24 * 365, modifiedFiles: 60_001 },
      unusual,
    ],
    ['new files alone are no trouble', days(20), { addedFiles: 90_000 }, usual],
    ['an hour is below the floor', days(20), { durationSeconds: 3600 }, usual],
    ['more than an hour is not', days(20), { durationSeconds: 3601 }, ['TOOK_LONG']],
    ['twice as long as usual is usual', days(20, { durationSeconds: 3000 }), { durationSeconds: 6000 }, usual],
    ['longer is not', days(20, { durationSeconds: 3000 }), { durationSeconds: 6001 }, ['TOOK_LONG']],
    [
      'twice as long as ever in the last 100 days is usual',
      [{}, { durationSeconds: 5000 }, ...days(98)],
      { durationSeconds: 10_000 },
      usual,
    ],
    [
      'than before them is not',
      [{}, { durationSeconds: 5000 }, ...days(100)],
      { durationSeconds: 10_000 },
      ['TOOK_LONG'],
    ],
    [
      'long because it uploads much, at the usual speed',
      days(20, { durationSeconds: 600, uploadedSize: gib }),
      { durationSeconds: 6000, uploadedSize: 10 * gib },
      usual,
    ],
    [
      'long because it uploads slowly',
      days(20, { durationSeconds: 600, uploadedSize: gib }),
      { durationSeconds: 6000, uploadedSize: 9 * gib },
      ['TOOK_LONG'],
    ],
  ])('%s', (_, before, last, kinds) => {
    expect(said([...before, last])).toEqual(kinds.map((kind) => `${before.length} ${kind}`))
  })

  it.each<[string, Told]>([
    ['a dry run', { dryRun: true }],
    ['a prevented run', { prevented: true }],
    ['a stopped run', { interrupted: true }],
    ['a partial run', { partial: true }],
    ['a run that failed', { status: 'FATAL', exception: 'x' }],
  ])('nothing is said of %s, and nothing is compared with it', (_, told) => {
    const runs = days(20)
    expect(said([...runs, { modifiedFiles: 50_000, ...told }, { modifiedFiles: 50_000 }])).toEqual([
      '21 MANY_FILES_CHANGED',
    ])
    expect(said([...days(9), ...days(30, told), { modifiedFiles: 50_000 }])).toEqual([])
  })
})

describe('versions', () => {
  const kept = (versions: number, after?: number): Told => ({ versions, ...(after ? { after } : {}) })
  const everyMonth = times(62, (index) => kept(20 + (index % 31)))
  it.each<[string, Told[], Told, boolean]>([
    ['a quarter fewer than before is usual', days(20, kept(12)), kept(9), false],
    ['fewer than that is not', days(20, kept(12)), kept(8), true],
    ['two fewer never are', days(20, kept(3)), kept(1), false],
    ['three fewer are', days(20, kept(4)), kept(1), true],
    ['none is a remark of its own', days(20, kept(12)), kept(0), false],
    ['those that got too old meanwhile', days(20, kept(30)), kept(11, 19 * 24), false],
    ['retention that thins out as much every month, the second time', everyMonth, kept(20), false],
    ['a run that does not tell', days(20, kept(12)), { versions: null }, false],
    ['after a run that did not tell', [...days(20, kept(12)), { versions: null, storedSize: null }], kept(8), true],
  ])('%s', (_, before, last, isUnusual) => {
    expect(said([...before, last]).filter((kind) => kind !== '31 FEWER_VERSIONS')).toEqual(
      isUnusual ? [`${before.length} FEWER_VERSIONS`] : [],
    )
  })
})

describe('the destination', () => {
  /** It grows by 1 GiB a day, and holds so many. */
  const growing = (count: number, total: number, more: Told = {}) =>
    times(count, (index) => ({ ...more, storedSize: (100 + index) * gib, freeQuota: (total - 100 - index) * gib }))

  it('fills up within a month: that is said once a week', () => {
    expect(said(growing(60, 180))).toEqual([51, 58].map((run) => `${run} DESTINATION_FILLS_UP`))
  })
  it('is not judged before two weeks', () => {
    expect(said(growing(14, 120))).toEqual([])
    expect(said(growing(15, 120))).toEqual(['14 DESTINATION_FILLS_UP'])
  })
  it('fills up also where a job runs every hour', () => {
    const hourly = times(24 * 20, (index) => ({
      after: 1,
      storedSize: 100 * gib + (index * gib) / 24,
      freeQuota: 25 * gib - (index * gib) / 24,
    }))
    expect(said(hourly)).toEqual(['336 DESTINATION_FILLS_UP'])
  })
  it('fills up by what others put there', () => {
    expect(said(times(40, (index) => ({ storedSize: gib, freeQuota: (60 - index) * gib })))).toEqual([
      '31 DESTINATION_FILLS_UP',
      '38 DESTINATION_FILLS_UP',
    ])
  })
  it('fills up to what the job may use', () => {
    const assigned = times(20, (index) => ({ storedSize: (100 + index) * gib, assignedQuota: 130 * gib }))
    expect(said(assigned)).toEqual(['14 DESTINATION_FILLS_UP'])
  })
  it('does not fill up where nothing grows, or nobody tells', () => {
    expect(
      said(times(100, (index) => ({ storedSize: (100 + (index % 7)) * gib, freeQuota: (10 - (index % 7)) * gib }))),
    ).toEqual([])
    expect(said(times(100, (index) => ({ storedSize: (100 + index) * gib })))).toEqual([])
    expect(said(times(100, () => ({ storedSize: null, freeQuota: gib })))).toEqual([])
  })
})

it('says what it found with the figures', () => {
  const usual: Told = { modifiedFiles: 300, durationSeconds: 600, versions: 30, storedSize: 0, freeQuota: gib }
  const before = times(40, (index) => ({
    ...usual,
    storedSize: 2 ** 29 + index * 2 ** 20,
    freeQuota: (200 - index) * 2 ** 20,
  }))
  const last = { modifiedFiles: 25_000, deletedFiles: 25_000, durationSeconds: 20_000, versions: 2 }
  expect(
    said([...before.slice(0, 39), { ...before[39], ...last, freeQuota: 10 * 2 ** 20 }], 'message').map((message) =>
      message.replace(/^\d+ /, ''),
    ),
  ).toMatchInlineSnapshot(`
    [
      "25000 files were changed and 25000 have vanished from the source: usually it is about 300 together, and it was never more than 300.",
      "The run took 05:33:20 hours: usually it takes about 00:10:00, and in the last 100 days it never took more than 00:10:00.",
      "2 versions are left at the destination: there were 30 after the run before.",
      "The destination will be full in about 10 days, on 2026-02-22: 10 MB are free, and about 1 MB more are used every day.",
    ]
  `)
})
