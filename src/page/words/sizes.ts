// Sizes and counts in words, in the language of the browser. The API gives numbers beyond 2^53 as text, and they are rounded here.

import { numberFormat } from './formats.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte']

/** A size such as `12.9 TB`, in steps of 1,000. */
export function bytes(size: number | string, language?: string): string {
  const value = Number(size)
  // What would be rounded to 1,000 of a unit is one of the next: 999,999 bytes are 1 MB.
  const reached = Math.log10(Math.max(1, Math.abs(value)) / 0.9995) / 3
  const step = Math.abs(value) < 1000 ? 0 : Math.min(units.length - 1, Math.floor(reached))
  const shown = value / 1000 ** step
  if (step === 0) return `${count(Math.round(value), language)} B`
  return numberFormat(language, {
    style: 'unit',
    unit: units[step],
    maximumFractionDigits: Math.abs(shown) < 100 ? 1 : 0,
  }).format(shown)
}

/** A count such as `1,284,411`. */
export function count(value: number | string, language?: string): string {
  return numberFormat(language, {}).format(BigInt(value))
}

/** A count with its noun: `1 run`, `2 runs`. */
export function counted(value: number, noun: string, language?: string): string {
  return `${count(value, language)} ${value === 1 ? noun : plural(noun)}`
}

function plural(noun: string): string {
  return noun.endsWith('s') ? `${noun}es` : `${noun}s`
}
