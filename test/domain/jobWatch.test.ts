// What becomes of a job: every rule of the state machine, with both sides of its boundary. Long, because there are many rules.

import { describe, expect, it } from 'vitest'
import {
  acknowledges,
  changes,
  live,
  losesItsRuns,
  pauses,
  remembers,
  reports,
  resumes,
  snoozes,
  timePasses,
  upgrades,
} from '../support/jobLife.ts'

// A run on the first at 02:00, and the next one announced for the second at 02:00: overdue at 03:00.
const begun = ['1 02:00', reports('SUCCESS', { next: '2 02:00' })] as const
const failed = ['1 02:00', reports('ERROR', { next: '2 02:00' })] as const
const warned = ['1 02:00', reports('WARNING', { next: '2 02:00' })] as const
const overdue = ['2 12:00', timePasses] as const
const asOverdue = ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)', '2 12:00 tells OVERDUE']
const asBegun = ['1 02:00 NEW → OK (REPORT of run 1)', '1 02:00 tells SUCCESS of run 1']
const asFailed = ['1 02:00 NEW → FAILED (REPORT of run 1)', '1 02:00 tells FAILED of run 1']
const asWarned = ['1 02:00 NEW → WARNING (REPORT of run 1)', '1 02:00 tells WARNING of run 1']

const daily = { interval: { count: 1, unit: 'DAY' }, weekdays: null, timeOfDay: null, timeZone: 'UTC' } as const

describe('time that passes', () => {
  it.each([
    ['leaves a job that is due in this moment', '2 02:00', [], 'OK'],
    ['makes it late a second after that', '2 02:00:01', ['2 02:00 OK → LATE (TIME)'], 'LATE'],
    ['leaves it late when the tolerance ends', '2 03:00', ['2 02:00 OK → LATE (TIME)'], 'LATE'],
    [
      'makes it overdue a second after that, and tells so',
      '2 03:00:01',
      ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)', '2 03:00:01 tells OVERDUE'],
      'OVERDUE',
    ],
    [
      'is caught up with after a long sleep: the changes are dated to their moments, and one message tells of all',
      '30 12:00',
      ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)', '30 12:00 tells OVERDUE'],
      'OVERDUE',
    ],
  ])('%s', (_, moment, lines, state) => {
    expect(live([begun, [moment, timePasses]])).toEqual([...asBegun, ...lines, state])
  })

  it('makes a job overdue at once that has no tolerance', () => {
    const none = { toleranceSeconds: 0 }
    expect(live([begun, ['2 02:00', timePasses]], none)).toEqual([...asBegun, 'OK'])
    expect(live([begun, ['2 02:00:01', timePasses]], none)).toEqual([
      ...asBegun,
      '2 02:00 OK → OVERDUE (TIME)',
      '2 02:00:01 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('does the same in one look and in many', () => {
    const looks = Array.from(
      { length: 60 },
      (_, minute) => [`2 02:${String(minute).padStart(2, '0')}`, timePasses] as const,
    )
    const changed = ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)']
    expect(live([begun, ...looks, ...looks, ['2 03:01', timePasses], ['2 03:01', timePasses]])).toEqual([
      ...asBegun,
      ...changed,
      '2 03:01 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('hides a failure behind a delay, and leaves it there', () => {
    expect(live([failed, ['2 02:30', timePasses]])).toEqual([...asFailed, '2 02:00 FAILED → LATE (TIME)', 'LATE'])
  })

  it('changes nothing of a job that nothing is expected of', () => {
    expect(
      live([
        ['1 02:00', reports('SUCCESS')],
        ['31 12:00', timePasses],
      ]),
    ).toEqual([...asBegun, 'OK'])
    expect(live([begun, ['31 12:00', timePasses]], { latenessWatched: false })).toEqual([...asBegun, 'OK'])
  })
})

describe('a clock that was set back', () => {
  it('does not move a job back', () => {
    expect(live([begun, overdue, ['1 12:00', timePasses]])).toEqual([...asBegun, ...asOverdue, 'OVERDUE'])
    expect(live([begun, ['2 02:30', timePasses], ['1 12:00', timePasses]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      'LATE',
    ])
  })

  it('tells nothing twice when the moments come again', () => {
    expect(live([begun, overdue, ['1 12:00', timePasses], ['2 12:00', timePasses]])).toEqual([
      ...asBegun,
      ...asOverdue,
      'OVERDUE',
    ])
  })

  it.each([
    ['acknowledges that it is overdue', acknowledges('OVERDUE')],
    ['silences it', snoozes('9 12:00')],
    ['changes nothing of what is expected', changes({})],
  ])('leaves a job overdue when somebody %s', (_, happening) => {
    expect(live([begun, overdue, ['1 12:00', happening]])).toEqual([...asBegun, ...asOverdue, 'OVERDUE'])
  })

  it('leaves a late job late when somebody looks after it', () => {
    expect(live([begun, ['2 02:30', timePasses], ['1 12:00', changes({})]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      'LATE',
    ])
  })

  it('lets a report put an end to it, by the clock that is right', () => {
    expect(live([begun, overdue, ['1 13:00', reports('SUCCESS', { next: '2 01:00' })]])).toEqual([
      ...asBegun,
      ...asOverdue,
      '1 13:00 OVERDUE → OK (REPORT of run 2)',
      '1 13:00 tells RECOVERED, or else SUCCESS of run 2',
      'OK',
    ])
  })

  it('lets a person put an end to it', () => {
    expect(live([begun, overdue, ['1 13:00', changes({ toleranceSeconds: 60 })]])).toEqual([
      ...asBegun,
      ...asOverdue,
      '1 13:00 OVERDUE → OK (SCHEDULE)',
      'OK',
    ])
  })
})

describe('a report', () => {
  it.each([
    ['SUCCESS', 'OK', 'SUCCESS'],
    ['WARNING', 'WARNING', 'WARNING'],
    ['UNKNOWN', 'WARNING', 'WARNING'],
    ['ERROR', 'FAILED', 'FAILED'],
    ['FATAL', 'FAILED', 'FAILED'],
  ] as const)('of the result %s makes a new job %s', (status, state, event) => {
    expect(live([['1 02:00', reports(status)]])).toEqual([
      `1 02:00 NEW → ${state} (REPORT of run 1)`,
      `1 02:00 tells ${event} of run 1`,
      state,
    ])
  })

  it.each([
    ['in the moment at which it was due', '2 02:00', []],
    ['a second later', '2 02:00:01', ['2 02:00 OK → LATE (TIME)', '2 02:00:01 LATE → OK (REPORT of run 2)']],
    [
      'in the moment at which the tolerance ends',
      '2 03:00',
      ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OK (REPORT of run 2)'],
    ],
    [
      'a second later: it was overdue, and nobody is told of what is over',
      '2 03:00:01',
      ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)', '2 03:00:01 OVERDUE → OK (REPORT of run 2)'],
    ],
  ])('that comes %s is told as what it is', (_, moment, lines) => {
    expect(live([begun, [moment, reports('SUCCESS', { next: '4 02:00' })]])).toEqual([
      ...asBegun,
      ...lines,
      `${moment} tells SUCCESS of run 2`,
      'OK',
    ])
  })

  it.each([
    [
      'that it is overdue, success',
      begun,
      [...asBegun, ...asOverdue],
      'SUCCESS',
      'OVERDUE → OK',
      'RECOVERED, or else SUCCESS',
    ],
    [
      'that it is overdue, a warning',
      begun,
      [...asBegun, ...asOverdue],
      'WARNING',
      'OVERDUE → WARNING',
      'RECOVERED, or else WARNING',
    ],
    ['that it is overdue, a failure', begun, [...asBegun, ...asOverdue], 'ERROR', 'OVERDUE → FAILED', 'FAILED'],
  ] as const)('tells after %s', (_, first, lines, status, change, told) => {
    expect(live([first, overdue, ['2 13:00', reports(status, { next: '3 02:00' })]])).toEqual([
      ...lines,
      `2 13:00 ${change} (REPORT of run 2)`,
      `2 13:00 tells ${told} of run 2`,
      change.split(' → ')[1],
    ])
  })

  it.each([
    ['success after a failure', 'ERROR', 'SUCCESS', 'RECOVERED, or else SUCCESS', 'OK'],
    ['a warning after a fatal run', 'FATAL', 'WARNING', 'RECOVERED, or else WARNING', 'WARNING'],
    ['success after a warning', 'WARNING', 'SUCCESS', 'SUCCESS', 'OK'],
    ['a failure after a failure', 'ERROR', 'FATAL', 'FAILED', 'FAILED', ', again: 1 02:59:59.999 to 2 02:59:59.999'],
    ['a warning after a warning', 'WARNING', 'UNKNOWN', 'WARNING', 'WARNING'],
  ] as const)('tells of %s', (_, first, second, told, state, again: string = '') => {
    const lines = live([
      ['1 02:00', reports(first)],
      ['2 02:00', reports(second)],
    ])
    expect(lines.slice(-2)).toEqual([`2 02:00 tells ${told} of run 2${again}`, state])
  })

  it('tells that a failure is over although the job was late meanwhile', () => {
    expect(live([failed, ['2 02:30', reports('SUCCESS', { next: '3 02:00' })]])).toEqual([
      ...asFailed,
      '2 02:00 FAILED → LATE (TIME)',
      '2 02:30 LATE → OK (REPORT of run 2)',
      '2 02:30 tells RECOVERED, or else SUCCESS of run 2',
      'OK',
    ])
  })

  it('of a run by hand before the announced one leaves a job overdue, and is told as well as that', () => {
    expect(live([begun, ['2 12:00', reports('SUCCESS', { beganAt: '1 20:00' })]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      '2 03:00 LATE → OVERDUE (TIME)',
      '2 12:00 tells OVERDUE',
      '2 12:00 tells SUCCESS of run 2',
      'OVERDUE',
    ])
  })

  it('that itself leaves the job overdue tells that, and of its run to those who do not want to know', () => {
    expect(live([['5 02:00', reports('ERROR', { beganAt: '1 02:00' })]], { schedule: daily })).toEqual([
      '5 02:00 NEW → OVERDUE (REPORT of run 1)',
      '5 02:00 tells OVERDUE, or else FAILED of run 1',
      'OVERDUE',
    ])
  })

  it('does not tell of a reminder less because it came in the same moment', () => {
    expect(live([begun, overdue, ['3 12:00', reports('SUCCESS', { beganAt: '1 20:00' })]])).toEqual([
      ...asBegun,
      ...asOverdue,
      '3 12:00 tells OVERDUE, again: 2 03:00 to 3 03:00',
      '3 12:00 tells SUCCESS of run 2',
      'OVERDUE',
    ])
  })

  it.each([
    ['an earlier run', { beganAt: '1 01:00' }],
    ['a dry run', { dryRun: true }],
  ])('of %s changes and tells nothing', (_, run) => {
    expect(live([begun, ['1 03:00', reports('ERROR', run)]])).toEqual([...asBegun, 'OK'])
  })

  it('of an earlier run still lets time be told of', () => {
    expect(live([begun, ['2 12:00', reports('ERROR', { beganAt: '1 01:00' })]])).toEqual([
      ...asBegun,
      ...asOverdue,
      'OVERDUE',
    ])
  })
})

describe('reminders', () => {
  const asReminded = (moment: string, after: string, until: string) =>
    `${moment} tells OVERDUE, again: ${after} to ${until}`

  it.each([
    ['not before a day has passed', '3 03:00', []],
    ['a second after a day', '3 03:00:01', [asReminded('3 03:00:01', '2 03:00', '3 03:00')]],
    ['once after many days of sleep', '9 12:00', [asReminded('9 12:00', '2 03:00', '9 03:00')]],
  ])('come %s', (_, moment, lines) => {
    expect(live([begun, overdue, [moment, timePasses]])).toEqual([...asBegun, ...asOverdue, ...lines, 'OVERDUE'])
  })

  it('count from the moment it became overdue, however late that was told', () => {
    expect(live([begun, ['4 12:00', timePasses], ['5 02:59:59', timePasses], ['5 03:00:01', timePasses]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      '2 03:00 LATE → OVERDUE (TIME)',
      '4 12:00 tells OVERDUE',
      asReminded('5 03:00:01', '4 03:00', '5 03:00'),
      'OVERDUE',
    ])
  })

  it('come once although the clock was set back over them', () => {
    expect(
      live([
        begun,
        overdue,
        ['3 04:00', timePasses],
        ['2 04:00', timePasses],
        ['3 05:00', timePasses],
        ['4 04:00', timePasses],
      ]),
    ).toEqual([
      ...asBegun,
      ...asOverdue,
      asReminded('3 04:00', '2 03:00', '3 03:00'),
      asReminded('4 04:00', '3 03:00', '4 03:00'),
      'OVERDUE',
    ])
  })

  it('end when somebody knows, and begin anew with the next delay', () => {
    expect(
      live([
        begun,
        overdue,
        ['2 13:00', acknowledges('OVERDUE')],
        ['6 04:00', timePasses],
        ['6 05:00', reports('SUCCESS', { next: '7 05:00' })],
        ['7 06:00:01', timePasses],
        ['8 06:00:01', timePasses],
      ]),
    ).toEqual([
      ...asBegun,
      ...asOverdue,
      '6 05:00 OVERDUE → OK (REPORT of run 2)',
      '6 05:00 tells RECOVERED, or else SUCCESS of run 2',
      '7 05:00 OK → LATE (TIME)',
      '7 06:00 LATE → OVERDUE (TIME)',
      '7 06:00:01 tells OVERDUE',
      asReminded('8 06:00:01', '7 06:00', '8 06:00'),
      'OVERDUE',
    ])
  })
})

describe('a trouble that somebody knows of', () => {
  it.each([
    ['a failure', failed, asFailed, 'FAILED', 'FATAL', 'FAILED'],
    ['a warning', warned, asWarned, 'WARNING', 'UNKNOWN', 'WARNING'],
  ] as const)('is not told again while it lasts: %s', (_, first, lines, trouble, again, state) => {
    expect(live([first, ['1 03:00', acknowledges(trouble)], ['1 04:00', reports(again, { next: '2 02:00' })]])).toEqual(
      [...lines, state],
    )
  })

  it('is told again once it was over', () => {
    expect(
      live([
        failed,
        ['1 03:00', acknowledges('FAILED')],
        ['1 04:00', reports('SUCCESS')],
        ['1 05:00', reports('ERROR')],
      ]),
    ).toEqual([
      ...asFailed,
      '1 04:00 FAILED → OK (REPORT of run 2)',
      '1 04:00 tells RECOVERED, or else SUCCESS of run 2',
      '1 05:00 OK → FAILED (REPORT of run 3)',
      '1 05:00 tells FAILED of run 3',
      'FAILED',
    ])
  })

  it('is known no more once it became worse', () => {
    const worse = live([
      warned,
      ['1 03:00', acknowledges('WARNING')],
      ['1 04:00', reports('ERROR')],
      ['1 05:00', reports('WARNING')],
    ])
    expect(worse).toEqual([
      ...asWarned,
      '1 04:00 WARNING → FAILED (REPORT of run 2)',
      '1 04:00 tells FAILED of run 2',
      '1 05:00 FAILED → WARNING (REPORT of run 3)',
      '1 05:00 tells RECOVERED, or else WARNING of run 3',
      'WARNING',
    ])
  })

  it('is known still although the job was late meanwhile', () => {
    expect(
      live([failed, ['1 03:00', acknowledges('FAILED')], ['2 02:30', reports('ERROR', { next: '3 02:00' })]]),
    ).toEqual([...asFailed, '2 02:00 FAILED → LATE (TIME)', '2 02:30 LATE → FAILED (REPORT of run 2)', 'FAILED'])
  })

  it('does not hide that a delay is over that was told', () => {
    expect(
      live([
        warned,
        ['1 03:00', acknowledges('WARNING')],
        overdue,
        ['2 13:00', reports('WARNING', { next: '3 02:00' })],
      ]),
    ).toEqual([
      ...asWarned,
      '2 02:00 WARNING → LATE (TIME)',
      '2 03:00 LATE → OVERDUE (TIME)',
      '2 12:00 tells OVERDUE',
      '2 13:00 OVERDUE → WARNING (REPORT of run 2)',
      '2 13:00 tells RECOVERED of run 2',
      'WARNING',
    ])
  })

  it('does not hide a failure behind a known delay', () => {
    expect(
      live([begun, overdue, ['2 13:00', acknowledges('OVERDUE')], ['2 14:00', reports('ERROR', { next: '3 02:00' })]]),
    ).toEqual([
      ...asBegun,
      ...asOverdue,
      '2 14:00 OVERDUE → FAILED (REPORT of run 2)',
      '2 14:00 tells FAILED of run 2',
      'FAILED',
    ])
  })
})

describe('a silence', () => {
  const changed = ['2 02:00 OK → LATE (TIME)', '2 03:00 LATE → OVERDUE (TIME)']

  it('lets nothing be told, and lets the state change all the same', () => {
    expect(live([begun, ['1 12:00', snoozes('9 12:00')], ['8 12:00', timePasses]])).toEqual([
      ...asBegun,
      ...changed,
      'OVERDUE',
    ])
    expect(live([begun, ['1 12:00', snoozes('9 12:00')], ['1 13:00', reports('ERROR')]])).toEqual([
      ...asBegun,
      '1 13:00 OK → FAILED (REPORT of run 2)',
      'FAILED',
    ])
  })

  it.each([
    ['in the moment of its end', '5 12:00', []],
    ['a second later', '5 12:00:01', ['5 12:00:01 tells OVERDUE']],
  ])('lets nothing be told until its end: %s', (_, moment, lines) => {
    expect(live([begun, ['1 12:00', snoozes('5 12:00')], [moment, timePasses]])).toEqual([
      ...asBegun,
      ...changed,
      ...lines,
      'OVERDUE',
    ])
  })

  it.each([
    ['a second before the delay', '2 02:59:59'],
    ['in the moment of the delay', '2 03:00'],
    ['a second after it', '2 03:00:01'],
  ])('that ends %s lets it be told once', (_, until) => {
    expect(live([begun, ['1 12:00', snoozes(until)], ['2 03:00:02', timePasses]])).toEqual([
      ...asBegun,
      ...changed,
      '2 03:00:02 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('lets reminders count from its end', () => {
    expect(
      live([
        begun,
        overdue,
        ['2 13:00', snoozes('5 18:00')],
        ['5 18:00:01', timePasses],
        ['6 17:59:59', timePasses],
        ['6 18:00:01', timePasses],
      ]),
    ).toEqual([
      ...asBegun,
      ...asOverdue,
      '5 18:00:01 tells OVERDUE',
      '6 18:00:01 tells OVERDUE, again: 5 18:00 to 6 18:00',
      'OVERDUE',
    ])
  })

  it.each([
    ['a failure', failed, [], ['3 00:00 tells FAILED of run 1'], 'FAILED'],
    ['a warning', warned, [], [], 'WARNING'],
    ['a failure that somebody knows of', failed, [['1 04:00', acknowledges('FAILED')]], [], 'FAILED'],
  ] as const)('that ends over %s', (_, [moment, first], then, lines, state) => {
    const story = [
      [moment, first],
      ['1 03:00', snoozes('2 00:00')],
      ...then,
      ['1 05:00', changes({ latenessWatched: false })],
      ['3 00:00', timePasses],
    ] as const
    expect(live(story).slice(2)).toEqual([...lines, state])
  })

  it('that ends in the moment of a failure lets it be told once', () => {
    expect(
      live([begun, ['1 03:00', snoozes('1 04:00')], ['1 04:00', reports('ERROR')], ['1 04:00:01', timePasses]]),
    ).toEqual([...asBegun, '1 04:00 OK → FAILED (REPORT of run 2)', '1 04:00:01 tells FAILED of run 2', 'FAILED'])
  })

  it('whose end and the next failure are noticed in one moment lets that be told once', () => {
    expect(live([failed, ['1 03:00', snoozes('1 04:00')], ['1 05:00', reports('ERROR')]])).toEqual([
      ...asFailed,
      '1 05:00 tells FAILED of run 2',
      'FAILED',
    ])
  })

  it('that somebody ends lets be told what began in it', () => {
    expect(
      live([begun, ['1 12:00', snoozes('9 12:00')], ['2 12:00', snoozes(null)], ['3 12:00:01', timePasses]]),
    ).toEqual([
      ...asBegun,
      ...changed,
      '2 12:00 tells OVERDUE',
      '3 12:00:01 tells OVERDUE, again: 2 12:00 to 3 12:00',
      'OVERDUE',
    ])
    expect(live([begun, ['1 12:00', snoozes('9 12:00')], ['1 13:00', snoozes(null)]])).toEqual([...asBegun, 'OK'])
  })
})

describe('a pause', () => {
  it('lets nothing be expected or told', () => {
    expect(
      live([
        begun,
        ['1 12:00', pauses],
        ['9 12:00', timePasses],
        ['9 13:00', reports('ERROR', { next: '10 02:00' })],
        ['12 12:00', timePasses],
      ]),
    ).toEqual([...asBegun, '1 12:00 OK → PAUSED (PAUSE)', 'PAUSED'])
  })

  it('that ends lets nothing be missed that was due in it', () => {
    expect(live([begun, ['1 12:00', pauses], ['9 12:00', resumes], ['20 12:00', timePasses]])).toEqual([
      ...asBegun,
      '1 12:00 OK → PAUSED (PAUSE)',
      '9 12:00 PAUSED → OK (PAUSE)',
      '10 02:00 OK → LATE (TIME)',
      '10 03:00 LATE → OVERDUE (TIME)',
      '20 12:00 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('that ends before a run is due leaves that expected', () => {
    expect(live([begun, ['1 12:00', pauses], ['1 13:00', resumes], overdue])).toEqual([
      ...asBegun,
      '1 12:00 OK → PAUSED (PAUSE)',
      '1 13:00 PAUSED → OK (PAUSE)',
      ...asOverdue,
      'OVERDUE',
    ])
  })

  it('lets a schedule count from its end', () => {
    const story = [
      begun,
      ['1 12:00', pauses],
      ['9 12:00', resumes],
      ['10 12:00', timePasses],
      ['10 13:00:01', timePasses],
    ] as const
    expect(live(story, { schedule: daily }).slice(3)).toEqual([
      '9 12:00 PAUSED → OK (PAUSE)',
      '10 12:00 OK → LATE (TIME)',
      '10 13:00 LATE → OVERDUE (TIME)',
      '10 13:00:01 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('of a job that became overdue unnoticed records that, and tells nothing', () => {
    expect(live([begun, ['2 12:00', pauses]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      '2 03:00 LATE → OVERDUE (TIME)',
      '2 12:00 OVERDUE → PAUSED (PAUSE)',
      'PAUSED',
    ])
  })
})

describe('a change of what is expected', () => {
  it('that makes a job overdue is told', () => {
    expect(live([begun, ['2 02:30', changes({ toleranceSeconds: 60 })]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      '2 02:30 LATE → OVERDUE (SCHEDULE)',
      '2 02:30 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it('that takes a delay away is not told as a recovery', () => {
    expect(live([begun, overdue, ['2 13:00', changes({ toleranceSeconds: 86_400 })]])).toEqual([
      ...asBegun,
      ...asOverdue,
      '2 13:00 OVERDUE → LATE (SCHEDULE)',
      'LATE',
    ])
  })

  it('by runs that were deleted dates what time did before to its own moment', () => {
    expect(live([begun, ['2 12:00', losesItsRuns]])).toEqual([
      ...asBegun,
      '2 02:00 OK → LATE (TIME)',
      '2 03:00 LATE → OVERDUE (TIME)',
      '2 12:00 OVERDUE → NEW (RUNS)',
      'NEW',
    ])
  })
})

describe('the first start after an upgrade', () => {
  const legacy = { legacySchedule: daily }
  const unknown = ['1 02:00', remembers('SUCCESS')] as const

  it.each([
    ['a job that is not due', '2 02:00', null, [], 'OK'],
    [
      'a late one, which becomes overdue in time',
      '2 02:30',
      null,
      ['2 03:00 LATE → OVERDUE (TIME)', '2 03:30 tells OVERDUE'],
      'OVERDUE',
    ],
    [
      'an overdue one that the old server had not told of, and tells of it',
      '2 03:00:01',
      null,
      ['2 03:00 LATE → OVERDUE (TIME)', '2 03:30 tells OVERDUE'],
      'OVERDUE',
    ],
    [
      'an overdue one that it told of before the latest run',
      '2 03:00:01',
      '1 01:59:59',
      ['2 03:00 LATE → OVERDUE (TIME)', '2 03:30 tells OVERDUE'],
      'OVERDUE',
    ],
    ['an overdue one that it told of, and does not tell of it again', '2 03:00:01', '2 03:00', [], 'OVERDUE'],
  ])('judges %s', (_, moment, lastToldAt, lines, state) => {
    const later = moment === '2 02:00' ? '2 02:00' : '2 03:30'
    expect(live([unknown, [moment, upgrades(lastToldAt)], [later, timePasses]], legacy)).toEqual([...lines, state])
  })

  it('tells nothing of a job that the old server did not watch, but reminds of it', () => {
    const announced = ['1 02:00', remembers('SUCCESS', { next: '2 02:00' })] as const
    expect(
      live([announced, ['5 12:00', upgrades('1 01:00')], ['6 02:59', timePasses], ['6 03:01', timePasses]]),
    ).toEqual(['6 03:01 tells OVERDUE, again: 5 12:00 to 6 03:00', 'OVERDUE'])
  })

  it('lets reminders go on from when the old server told', () => {
    expect(
      live([unknown, ['5 12:00', upgrades('2 04:00')], ['6 04:00', timePasses], ['6 04:00:01', timePasses]], legacy),
    ).toEqual(['6 04:00:01 tells OVERDUE, again: 5 12:00 to 6 04:00', 'OVERDUE'])
  })
})

describe('a run that shows nothing', () => {
  it.each([
    ['a stopped one', 'WARNING', { stopped: true }, 'FAILED'],
    ['an unknown one', 'UNKNOWN', {}, 'WARNING'],
  ] as const)('does not end a failure: %s', (_, status, run, state) => {
    const change = state === 'FAILED' ? [] : ['1 04:00 FAILED → WARNING (REPORT of run 2)']
    expect(
      live([failed, ['1 04:00', reports(status, run)], ['1 05:00', reports('SUCCESS', { next: '2 02:00' })]]),
    ).toEqual([
      ...asFailed,
      ...change,
      '1 04:00 tells WARNING of run 2',
      `1 05:00 ${state} → OK (REPORT of run 3)`,
      '1 05:00 tells RECOVERED, or else SUCCESS of run 3',
      'OK',
    ])
  })

  it('meets the due time, and does not end the delay for those who heard of it', () => {
    expect(
      live([
        begun,
        overdue,
        ['2 13:00', reports('WARNING', { stopped: true, next: '3 02:00' })],
        ['3 02:00', reports('WARNING', { next: '4 02:00' })],
      ]),
    ).toEqual([
      ...asBegun,
      ...asOverdue,
      '2 13:00 OVERDUE → WARNING (REPORT of run 2)',
      '2 13:00 tells WARNING of run 2',
      '3 02:00 tells RECOVERED, or else WARNING of run 3',
      'WARNING',
    ])
  })

  it('because it was prevented tells and moves nothing: duplicati #4344', () => {
    const prevented = reports('UNKNOWN', { dryRun: true, next: '9 02:00' })
    expect(live([failed, ['1 04:00', prevented], ['2 02:30', prevented]])).toEqual([
      ...asFailed,
      '2 02:00 FAILED → LATE (TIME)',
      'LATE',
    ])
    expect(live([begun, overdue, ['2 13:00', prevented]])).toEqual([...asBegun, ...asOverdue, 'OVERDUE'])
  })
})

describe('a failure that goes on', () => {
  const fails = (reason?: string) => reports('ERROR', reason ? { reason } : {})
  const quarters = Array.from({ length: 24 }, (_, index) => {
    const minutes = 60 + (index + 1) * 15
    return [`1 ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`] as const
  })

  it('is told once in six hours: healthchecks #1171', () => {
    const lines = live(quarters.map(([moment]) => [moment, fails(`Found ${moment} files`)] as const))
    expect(lines).toEqual(['1 01:15 NEW → FAILED (REPORT of run 1)', '1 01:15 tells FAILED of run 1', 'FAILED'])
  })

  it('is told at once for each new reason, once', () => {
    const turns = ['The disk is full', 'Access denied', 'The disk is full', 'Access denied']
    const lines = live(turns.map((reason, hour) => [`1 0${hour}:00`, fails(reason)] as const))
    expect(lines.slice(1)).toEqual(['1 00:00 tells FAILED of run 1', '1 01:00 tells FAILED of run 2', 'FAILED'])
  })

  it('is new after a success, and not after a stopped or an unknown run', () => {
    const lines = live([
      ['1 01:00', fails()],
      ['1 02:00', reports('WARNING', { stopped: true })],
      ['1 03:00', fails()],
      ['1 04:00', reports('UNKNOWN')],
      ['1 05:00', fails()],
      ['1 06:00', reports('SUCCESS')],
      ['1 07:00', fails()],
    ])
    expect(lines.filter((line) => line.includes('tells'))).toEqual([
      '1 01:00 tells FAILED of run 1',
      '1 02:00 tells WARNING of run 2',
      '1 04:00 tells WARNING of run 4',
      '1 06:00 tells RECOVERED, or else SUCCESS of run 6',
      '1 07:00 tells FAILED of run 7',
    ])
  })
})

describe('the end of a trouble that somebody heard of', () => {
  // uptime-kuma #4004 and #7148: who was told of a beginning never heard of the end.
  const good = reports('SUCCESS', { next: '9 02:00' })

  it.each([
    ['when the snooze is over', snoozes('4 00:00'), '4 00:00:01', timePasses, []],
    ['when somebody ends the snooze', snoozes('4 00:00'), '3 12:00', snoozes(null), []],
    [
      'when the job is resumed',
      pauses,
      '3 12:00',
      resumes,
      ['2 13:00 OVERDUE → PAUSED (PAUSE)', '3 12:00 PAUSED → OK (PAUSE)'],
    ],
  ] as const)('is told %s', (_, silence, moment, speech, changed) => {
    const transitions = changed.length > 0 ? changed : ['2 14:00 OVERDUE → OK (REPORT of run 2)']
    expect(live([begun, overdue, ['2 13:00', silence], ['2 14:00', good], [moment, speech]])).toEqual([
      ...asBegun,
      ...asOverdue,
      ...transitions,
      `${moment} tells RECOVERED of run 2`,
      'OK',
    ])
  })

  it('is told once, not again by the next run', () => {
    const lines = live([
      begun,
      overdue,
      ['2 13:00', snoozes('4 00:00')],
      ['2 14:00', good],
      ['4 00:00:01', timePasses],
      ['4 01:00', good],
    ])
    expect(lines.slice(-3)).toEqual(['4 00:00:01 tells RECOVERED of run 2', '4 01:00 tells SUCCESS of run 3', 'OK'])
  })

  it('is not told when the snooze is over, if only a stopped run took place', () => {
    const stopped = reports('WARNING', { stopped: true, next: '9 02:00' })
    const lines = live([begun, overdue, ['2 13:00', snoozes('4 00:00')], ['2 14:00', stopped], ['5 00:00', timePasses]])
    expect(lines.slice(-2)).toEqual(['2 14:00 OVERDUE → WARNING (REPORT of run 2)', 'WARNING'])
  })

  it('is not told of what nobody heard the beginning of', () => {
    const lines = live([begun, ['1 12:00', snoozes('4 00:00')], ['2 14:00', good], ['5 00:00', timePasses]])
    expect(lines.slice(-2)).toEqual(['2 14:00 OVERDUE → OK (REPORT of run 2)', 'OK'])
  })

  it.each([
    ['snooze', snoozes('4 00:00'), ['4 00:00:01', timePasses]],
    ['pause', pauses, ['4 00:00:01', resumes]],
  ] as const)('gives way to a failure in the %s', (_, silence, speech) => {
    const bad = reports('ERROR', { next: '9 02:00' })
    const lines = live([begun, overdue, ['2 13:00', silence], ['2 14:00', good], ['2 15:00', bad], speech])
    expect(lines.slice(-2)).toEqual(['4 00:00:01 tells FAILED of run 3', 'FAILED'])
  })
})

describe('what was overdue when it was paused', () => {
  const paused = ['2 13:00', pauses] as const

  it('is due at once when it is resumed', () => {
    const lines = live([begun, overdue, paused, ['9 12:00', resumes], ['9 13:00:01', timePasses]])
    expect(lines.slice(-5)).toEqual([
      '9 12:00 PAUSED → OK (PAUSE)',
      '9 12:00 OK → LATE (TIME)',
      '9 13:00 LATE → OVERDUE (TIME)',
      '9 13:00:01 tells OVERDUE',
      'OVERDUE',
    ])
  })

  it.each([
    ['ran meanwhile', [paused, ['3 12:00', reports('SUCCESS', { next: '20 02:00' })], ['9 12:00', resumes]]],
    ['was only late', [['9 12:00', resumes]]],
  ] as const)('is not, if it %s', (_, then) => {
    const first = then.length === 1 ? [begun, ['2 02:30', pauses] as const] : [begun, overdue]
    expect(live([...first, ...then, ['9 14:00', timePasses]]).at(-1)).toBe('OK')
  })

  it('is still, if it is paused again before it ran', () => {
    const again = [
      ['9 12:10', pauses],
      ['11 12:00', resumes],
    ] as const
    const lines = live([begun, overdue, paused, ['9 12:00', resumes], ...again, ['11 13:00:01', timePasses]])
    expect(lines.slice(-2)).toEqual(['11 13:00:01 tells OVERDUE', 'OVERDUE'])
  })

  it('is met by a run, after which it is due as ever', () => {
    const lines = live([
      begun,
      overdue,
      paused,
      ['9 12:00', resumes],
      ['9 12:30', reports('SUCCESS', { next: '10 02:00' })],
      ['10 02:00', timePasses],
    ])
    expect(lines.slice(-3)).toEqual([
      '9 12:30 LATE → OK (REPORT of run 2)',
      '9 12:30 tells RECOVERED, or else SUCCESS of run 2',
      'OK',
    ])
  })
})

it('takes a long first run for what met the times within it: duplicati #1628', () => {
  const lines = live([['2 18:00', reports('SUCCESS', { beganAt: '1 02:00', hours: 40, next: '2 02:00' })]])
  expect(lines).toEqual(['2 18:00 NEW → OK (REPORT of run 1)', '2 18:00 tells SUCCESS of run 1', 'OK'])
})

it('raises no alarm in the first nights of a job that runs for two hours: healthchecks #547', () => {
  const nights = [1, 2, 3, 4].map(
    (day) =>
      [`${day} 04:00`, reports('SUCCESS', { beganAt: `${day} 02:00`, hours: 2, next: `${day + 1} 02:00` })] as const,
  )
  expect(live(nights).filter((line) => line.includes('OVERDUE'))).toEqual([])
})
