// Sizes and counts in words.

import { expect, it } from 'vitest'
import { bytes, count, counted } from '../../src/page/words/sizes.ts'

const plain = (text: string) => text.replaceAll(/\s/g, ' ')

it.each([
  [0, '0 B', '0 B'],
  [1, '1 B', '1 B'],
  [999, '999 B', '999 B'],
  [1000, '1 kB', '1 kB'],
  [1049, '1 kB', '1 kB'],
  [1050, '1.1 kB', '1,1 kB'],
  [99_940, '99.9 kB', '99,9 kB'],
  [123_456, '123 kB', '123 kB'],
  [999_499, '999 kB', '999 kB'],
  [999_500, '1 MB', '1 MB'],
  [999_999, '1 MB', '1 MB'],
  [1_000_000, '1 MB', '1 MB'],
  [12_900_000_000_000, '12.9 TB', '12,9 TB'],
  [Number.MAX_SAFE_INTEGER, '9 PB', '9 PB'],
  // As the API gives what is beyond.
  ['9007199254740993', '9 PB', '9 PB'],
  ['9223372036854775807', '9,223 PB', '9.223 PB'],
  [-1500, '-1.5 kB', '-1,5 kB'],
])('says a size of %s', (size, english, german) => {
  expect([plain(bytes(size, 'en-GB')), plain(bytes(size, 'de'))]).toEqual([english, german])
})

it('counts without losing a digit', () => {
  expect(count('9007199254740993', 'en-GB')).toBe('9,007,199,254,740,993')
  expect(count(1_284_411, 'de')).toBe('1.284.411')
  expect(count(0, 'en-GB')).toBe('0')
})

it('counts with a noun', () => {
  expect([counted(0, 'run'), counted(1, 'run'), counted(2, 'run'), counted(2, 'alias')]).toEqual([
    '0 runs',
    '1 run',
    '2 runs',
    '2 aliases',
  ])
})
