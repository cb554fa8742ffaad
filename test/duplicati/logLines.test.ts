// Which lines of a log are kept, and of which level they are.

import { describe, expect, it } from 'vitest'
import { keptLogLines } from '../../src/duplicati/logLines.ts'

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`)

describe('of a log', () => {
  it.each<[count: number, max: number, kept: number[], dropped: number]>([
    [0, 0, [], 0],
    [0, 4, [], 0],
    [3, 4, [0, 1, 2], 0],
    [4, 4, [0, 1, 2, 3], 0],
    [5, 4, [0, 1, 3, 4], 1],
    [9, 4, [0, 1, 7, 8], 5],
    [9, 5, [0, 1, 2, 7, 8], 4],
    [9, 2, [0, 8], 7],
    [9, 1, [0], 8],
    [1, 1, [0], 0],
    [9, 0, [], 9],
  ])('with %i lines, of which %i may stay, the first and the last are kept: %j', (count, max, kept, dropped) => {
    expect(keptLogLines(lines(count), max)).toEqual({
      logLines: kept.map((sequence) => ({ level: 'INFORMATION', sequence, text: `line ${sequence}` })),
      dropped,
    })
  })
})

describe('the level of a line', () => {
  it.each([
    ['2026-02-04 15:55:25 -05 - [Error-Duplicati.Library.Main.Controller-FailedOperation]: failed', 'ERROR'],
    ['2026-02-04 15:55:25 -05 - [Warning-Tag-Id]: [Error-x]', 'WARNING'],
    ['2569-02-04 15.55.25 +05 - [Information-Tag-Id]: text', 'INFORMATION'],
    ['2026-02-04 15:55:25 -05 - [DryRun-Tag-Id]: text', 'DRY_RUN'],
    ['2026-02-04 15:55:25 -05 - [Retry-Tag-Id]: text', 'RETRY'],
    ['2026-02-04 15:55:25 -05 - [Verbose-Tag-Id]: text', 'VERBOSE'],
    ['2026-02-04 15:55:25 -05 - [Profiling-Tag-Id]: text\n  [Error-x]', 'PROFILING'],
    ['2026-02-04 15:55:25 -05 - [ExplicitOnly-Tag-Id]: text', 'INFORMATION'],
    ['2026-02-04 15:55:25 -05 - [error-Tag-Id]: text', 'INFORMATION'],
    ['2026-02-04 15:55:25 -05 - [Error]: text', 'INFORMATION'],
    ['... and 17 more', 'INFORMATION'],
    ['no prefix\n[Error-Tag-Id]: in the second row', 'INFORMATION'],
    [`${'far '.repeat(20)}[Error-Tag-Id]: behind`, 'INFORMATION'],
    ['[constructor-x]: a name that every object has', 'INFORMATION'],
    ['[__proto__-x]: another', 'INFORMATION'],
    ['', 'INFORMATION'],
  ])('%j is %s', (text, level) => {
    expect(keptLogLines([text], 1).logLines).toEqual([{ level, sequence: 0, text }])
  })
})
