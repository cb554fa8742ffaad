// The text of a report as JSON values, without losing a digit.

import { type ParseOptions, parse as parseLossless } from 'lossless-json'
import { badInput } from '../domain/errors.ts'

/**
 * Parses a report's text. Whole numbers beyond 2^53 come as bigint, all others as number.
 *
 * JSON.parse rounds beyond 2^53, so a text with 16 digits in a row goes through a slower, lossless parser. Of a key that
 * is there twice, both take the last value.
 *
 * @throws DomainError BAD_USER_INPUT if the text is not JSON
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') {
    throw notJson('is empty; a redirect may have turned the POST into a GET, give Duplicati the final address')
  }
  try {
    return /\d{16}/.test(text) ? parseLossless(text, undefined, lossless) : JSON.parse(text)
  } catch (error) {
    if (error instanceof RangeError) throw notJson('is nested too deeply')
    throw notJson(`is not JSON (${error instanceof Error ? error.message : error})`)
  }
}

const lossless: ParseOptions = { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue }

function exactNumber(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) ? value : BigInt(digits)
}

function notJson(message: string) {
  return badInput('This is not a report of Duplicati', [{ path: '', message }])
}
