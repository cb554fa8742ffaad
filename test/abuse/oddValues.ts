// Values that programs stumble over: texts, numbers, times and structures.

import type { Dice } from '../support/random.ts'

export const oddTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\u202eevil\u202c',
  '\u200b\ufeff',
  '\u001b[31mred\u001b[0m',
  '\u0007\b\f\v',
  'line\r\nSet-Cookie: a=b',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE backups; --",
  '%s%n%x',
  '%00',
  '%_',
  '../../etc/passwd',
  '{server_name}{nothing}{{',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  'Infinity',
  '-0',
  '0x10',
  '1e400',
  '9223372036854775808',
  'Ünïcödé 日本語 🙂👨‍👩‍👧',
  '\u0301'.repeat(300),
  'é',
  'e\u0301',
  'ﷺ',
  'İıſK',
] as const

const oddNumbers = [0, -0, -1, 0.1, 1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 63), 2 ** 64, 1e21, 1e308]

export const oddTimes = [
  '0001-01-01T00:00:00',
  '0000-00-00T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-06-30T23:59:60Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01',
  '20260101T000000Z',
  '2026-01-01T00:00:00+99:99',
  '9999-12-31T23:59:59.9999999Z',
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-20T00:00:00.000Z',
  '99999-01-01T00:00:00Z',
  '2026-01-01T00:00:00.123456789012345Z',
  'yesterday',
  '1/2/2026 3:04:05 AM',
  '-1.00:00:00',
  '10675199.02:48:05.4775807',
] as const

/** Anything that JSON can hold, and rarely a giant. */
export function oddValue(dice: Dice): unknown {
  const kind = dice.below(10)
  if (kind < 3) return dice.pick(oddTexts)
  if (kind < 5) return dice.pick(oddNumbers)
  if (kind < 6) return dice.pick(oddTimes)
  if (kind < 8)
    return dice.pick([null, true, false, [], {}, [null], [[]], { '': '' }, JSON.parse('{"__proto__":{"a":1}}')])
  if (dice.chance(0.02)) return giant(dice)
  return nested(dice.pick(['text', 1, null]), 1 + dice.below(20))
}

function nested(value: unknown, levels: number): unknown {
  let outer = value
  for (let level = 0; level < levels; level += 1) outer = level % 2 === 0 ? [outer] : { inner: outer }
  return outer
}

/** A text of up to 800,000 characters: some are long enough to be read by a thread of their own. */
export function giant(dice: Dice): string {
  const text = dice.pick(oddTexts) || 'x'
  return text.repeat(Math.ceil(dice.below(800_000) / text.length))
}
