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
      cut: 0,
    })
  })
})

describe('of a long log', () => {
  const bytesOf = (logLines: { text: string }[]) => logLines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)

  it('8 KiB of a line are kept, cut between two characters, with how much is missing', () => {
    const whole = `${'x'.repeat(8159)}äöü`.padEnd(20_000, 'y')
    const { logLines, dropped, cut } = keptLogLines(['a'.repeat(8192), whole, `${'a'.repeat(8191)}ä`], 10)

    expect({ dropped, cut }).toEqual({ dropped: 0, cut: 2 })
    expect(logLines[0]?.text).toBe('a'.repeat(8192))
    expect(logLines[1]?.text).toBe(`${'x'.repeat(8159)}… (11844 more bytes)`)
    expect(logLines[2]?.text).toBe(`${'a'.repeat(8160)}… (33 more bytes)`)
  })

  it('no half of a pair and no half of a character is left by the cut', () => {
    const text = keptLogLines([`ä${'😀'.repeat(5000)}`], 1).logLines[0]?.text ?? ''
    expect(text).toMatch(/^ä(😀)+… \(\d+ more bytes\)$/u)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
    expect(keptLogLines([`\ud83d${'x'.repeat(9000)}`], 1).logLines[0]?.text.slice(0, 2)).toBe('\ufffdx')
  })

  it('1 MiB is kept, from its begin and from its end', () => {
    const line = (index: number) => `${index} `.padEnd(8192, '.')
    const { logLines, dropped, cut } = keptLogLines(
      Array.from({ length: 1000 }, (_, index) => line(index)),
      1000,
    )

    expect(bytesOf(logLines)).toBe(2 ** 20)
    expect({ dropped, cut }).toEqual({ dropped: 872, cut: 0 })
    expect(logLines.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 128 }, (_, place) => (place < 64 ? place : place + 872)),
    )
    expect(logLines.every(({ sequence, text }) => text === line(sequence))).toBe(true)
  })

  it.each([
    ['short lines come first', (index: number) => (index < 500 ? 10 : 5000)],
    ['short lines come last', (index: number) => (index < 100 ? 5000 : 10)],
  ])('of up to 1 MiB, every line is kept, also where %s', (_, length) => {
    const whole = Array.from({ length: 600 }, (_, index) => 'x'.repeat(length(index)))
    const { logLines, dropped } = keptLogLines(whole, 1000)
    expect(dropped).toBe(0)
    expect(logLines.map(({ text }) => text)).toEqual(whole)
  })

  it('the lines of any length are held to both bounds', () => {
    let next = 1
    const random = (below: number) => {
      next = (next * 48271) % 0x7fffffff
      return next % below
    }
    for (let round = 0; round < 50; round += 1) {
      const whole = Array.from({ length: random(400) }, (_, index) => `${index} `.padEnd(random(20_000), 'ä'))
      const max = random(300)
      const { logLines, dropped, cut } = keptLogLines(whole, max)
      expect(logLines.length + dropped).toBe(whole.length)
      expect(logLines.length).toBeLessThanOrEqual(max)
      expect(bytesOf(logLines)).toBeLessThanOrEqual(2 ** 20)
      expect(cut).toBe(logLines.filter(({ text }) => text.endsWith('more bytes)')).length)
      for (const { sequence, text } of logLines) expect(text.split(' ')[0]).toBe(String(sequence))
      const places = logLines.map(({ sequence }) => sequence)
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }
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
