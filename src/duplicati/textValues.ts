// The values in the text form of a report. Duplicati writes them in the language of the client: digits, signs and dates differ.
// Each becomes what the JSON of the same report has; what cannot be read without guessing stays as it is, and is refused later.

/** The zeros of the scripts in which .NET or a relay may write numbers: those of Latin, Arabic, Persian, and of India and beyond. */
const zeros = [
  0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0,
]

const minuses = /[\u2012\u2013\u2212\ufe63\uff0d]/g
/** They only say in which direction text runs. */
const directions = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g

/** The text with Latin digits, and without marks of direction. */
export function plainDigits(text: string): string {
  return text.replace(directions, '').replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = zeros.find((first) => code >= first && code < first + 10)
    return zero === undefined ? digit : String(code - zero)
  })
}

/** A whole number, whatever separates its groups. */
export function wholeNumber(value: string): string {
  const text = plainDigits(value).replace(minuses, '-').trim()
  const sign = text.startsWith('-') ? '-' : ''
  const digits = text.slice(sign.length).trimStart()
  const separator = /[.,'’٬_\s]/.exec(digits)?.[0]
  const [first = '', ...groups] = separator === undefined ? [digits] : digits.split(separator)
  if (groups.length === 0) return /^\d+$/.test(first) ? sign + first : value
  const isGrouped = /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{2,3}$/.test(group))
  return isGrouped && groups.at(-1)?.length === 3 ? sign + first + groups.join('') : value
}

/** In seconds since 1970: what is before is .NET's "not set", in year 1. */
const yearTwo = -62_104_060_800

/**
 * A time such as `11/30/2026 03:34:05 (1796009645)`: the date is in the language and the calendar of the client, so that only the
 * seconds since 1970 count.
 *
 * @returns as ISO 8601, or null if it is not set
 */
export function momentOf(value: string): string | null {
  const seconds = Number(wholeNumber(/\(([^()]*)\)\s*$/.exec(plainDigits(value))?.[1] ?? 'none'))
  if (seconds < yearTwo) return null
  return Math.abs(seconds) <= 8.64e12 ? new Date(seconds * 1000).toISOString() : value
}

/** A duration as JSON has it. */
export function duration(value: string): string {
  return plainDigits(value).replace(minuses, '-').trim()
}
