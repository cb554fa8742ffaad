// Takes the log out of the bytes of a long report, so that the rest can be parsed alone and the lines be read one by one: parsed
// as a whole, a report takes several times its size of memory, nearly all of it for lines that nobody keeps.

import { Buffer } from 'node:buffer'

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Where something stands in the bytes: from `begin` until before `end`. */
interface Place {
  begin: number
  end: number
}

/**
 * The text with no line in its log, and the lines. Only what a report looks like is taken apart; whether the rest is JSON is left to
 * whoever parses it.
 *
 * @returns null if there is no log, or its place is not plain; the lines throw SyntaxError if they are not a list of texts
 */
export function setLogApart(bytes: Uint8Array<ArrayBuffer>): { rest: string; lines: Iterable<string> } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = buffer.toString('utf8', 0, 3) === '\ufeff' ? 3 : 0
  const log = findLog(buffer, start)
  if (!log) return null
  return {
    rest: `${buffer.toString('utf8', start, log.begin)}[]${buffer.toString('utf8', log.end)}`,
    lines: { [Symbol.iterator]: () => linesIn(buffer, log) },
  }
}

/** Where the value of the key LogLines of the outermost object is: an array, and the only one of that key. */
function findLog(buffer: Buffer, start: number): Place | null {
  let log: Place | null = null
  let at = afterSpace(buffer, start)
  if (buffer[at] !== openBrace) return null
  do {
    const keyAt = afterSpace(buffer, at + 1)
    if (buffer[keyAt] !== quote) return null
    const keyEnd = afterText(buffer, keyAt)
    const key = buffer.toString('latin1', keyAt + 1, keyEnd - 1)
    const colonAt = afterSpace(buffer, keyEnd)
    // What is escaped may be this key too.
    if (buffer[colonAt] !== colon || key.includes('\\')) return null
    const begin = afterSpace(buffer, colonAt + 1)
    at = afterValue(buffer, begin)
    if (key !== 'LogLines') continue
    if (log || buffer[begin] !== openBracket) return null
    log = { begin, end: at }
  } while (buffer[at] === comma)
  return log
}

/** The first place that is behind the value at `at`, and the spaces that follow it: a comma's, or the end's of the object. */
function afterValue(buffer: Buffer, at: number): number {
  let depth = 0
  let place = at
  while (place < buffer.length) {
    const byte = buffer[place]
    if (depth === 0 && (byte === comma || byte === closeBrace)) return place
    if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) depth -= 1
    place = byte === quote ? afterText(buffer, place) : place + 1
  }
  return place
}

/** The first place behind the text that begins with the quote at `at`. */
function afterText(buffer: Buffer, at: number): number {
  for (let end = buffer.indexOf(quote, at + 1); end !== -1; end = buffer.indexOf(quote, end + 1)) {
    let slashes = 0
    while (buffer[end - 1 - slashes] === backslash) slashes += 1
    if (slashes % 2 === 0) return end + 1
  }
  return buffer.length
}

function afterSpace(buffer: Buffer, at: number): number {
  let place = at
  while (buffer[place] === 0x20 || buffer[place] === 0x0a || buffer[place] === 0x0d || buffer[place] === 0x09)
    place += 1
  return place
}

/** @throws SyntaxError */
function* linesIn(buffer: Buffer, { begin, end }: Place): Generator<string> {
  let at = afterSpace(buffer, begin + 1)
  let more = buffer[at] !== closeBracket
  while (more) {
    if (buffer[at] !== quote) throw new SyntaxError('A line of the log is no text.')
    const textEnd = afterText(buffer, at)
    yield JSON.parse(buffer.toString('utf8', at, textEnd))
    at = afterSpace(buffer, textEnd)
    more = buffer[at] === comma
    if (more) at = afterSpace(buffer, at + 1)
  }
  if (buffer[at] !== closeBracket || afterSpace(buffer, at + 1) !== end) throw new SyntaxError('The log is no list.')
}
