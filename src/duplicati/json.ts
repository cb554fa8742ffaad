// The text of a report as JSON values, without losing a digit.

import { type ParseOptions, parse as parseLossless } from 'lossless-json'
import { badInput } from '../domain/errors.ts'

/** The report of a run has some hundreds, and the lines of its log. Each takes much more memory than it takes in the text. */
const mostValues = 1_000_000

/**
 * Parses a report's text. Whole numbers beyond 2^53 come as bigint, all others as number.
 *
 * JSON.parse rounds beyond 2^53, so a text with 16 digits in a row goes through a slower, lossless parser. Of a key that
 * is there twice, both take the last value.
 *
 * @throws DomainError BAD_USER_INPUT if the text is not JSON, or holds more values than any report
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') {
    throw notJson('is empty; a redirect may have turned the POST into a GET, give Duplicati the final address')
  }
  if (text.length > mostValues && hasTooManyValues(text)) throw notJson(`holds more than ${mostValues} values`)
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

/** Counts what begins a list or an object, or parts what is in it, outside of texts. */
function hasTooManyValues(text: string): boolean {
  let values = 0
  for (let at = 0; at < text.length && values <= mostValues; at += 1) {
    const sign = text[at]
    if (sign === '"') at = endOfText(text, at)
    else if (sign === ',' || sign === '[' || sign === '{') values += 1
  }
  return values > mostValues
}

function endOfText(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}
