// Reads what old releases left in their cells. SQLite enforces no types, so that a number may be text, a time anything, and
// a JSON array broken: each kind of cell says what it makes of a value, and complains where that loses something.

/** A cell as SQLite holds it. */
export type Cell = string | number | bigint | Buffer | null

/** Hears what was lost. The text completes "the column …". */
export type Complain = (problem: string) => void

const int64 = 2n ** 63n

/** A whole number; 0 where there is none. */
export function integer(cell: Cell, complain: Complain): bigint {
  if (cell === null || cell === '') return 0n
  const number =
    typeof cell === 'string' && /^\s*[-+]?\d+(\.0*)?\s*$/.test(cell) ? BigInt(cell.trim().replace(/\..*/, '')) : cell
  if (typeof number === 'bigint' && number < int64 && number >= -int64) return number
  if (typeof number === 'number' && Number.isFinite(number) && Math.abs(number) < Number(int64)) {
    const whole = BigInt(Math.trunc(number))
    if (!Number.isInteger(number)) complain(`was ${number}, taken as ${whole}`)
    return whole
  }
  complain(`was ${shown(cell)}, taken as 0`)
  return 0n
}

/** A count of warnings, versions and the like: within 32 bits, and not negative. */
export function count(cell: Cell, complain: Complain): bigint {
  const number = integer(cell, complain)
  const kept = number < 0n ? 0n : number > 2147483647n ? 2147483647n : number
  if (kept !== number) complain(`was ${number}, taken as ${kept}`)
  return kept
}

/** A number with a fraction; 0 where there is none. */
export function real(cell: Cell, complain: Complain): number {
  if (cell === null || cell === '') return 0
  const number = typeof cell === 'string' || typeof cell === 'bigint' ? Number(cell) : cell
  if (typeof number === 'number' && Number.isFinite(number)) return number
  complain(`was ${shown(cell)}, taken as 0`)
  return 0
}

/** 0 or 1. */
export function flag(cell: Cell, complain: Complain): number {
  if (typeof cell === 'string' && /^(true|false)$/i.test(cell)) return Number(cell.toLowerCase() === 'true')
  return integer(cell, complain) === 0n ? 0 : 1
}

/** Text, or null. */
export function text(cell: Cell): string | null {
  if (cell === null) return null
  return Buffer.isBuffer(cell) ? cell.toString('utf8') : String(cell)
}

/** A name or an id: NUL characters, which no machine has in its name, are taken out; empty is null. */
export function label(cell: Cell, complain: Complain): string | null {
  const name = text(cell)
  if (name?.includes('\0')) complain('held NUL characters, which were taken out')
  return name?.replaceAll('\0', '').trim() || null
}

/** A time in milliseconds since 1970; null where there is none, and for Duplicati's "not set" in the year 1. */
export function time(cell: Cell, complain: Complain): number | null {
  if (cell === null || cell === '') return null
  const parsed = typeof cell === 'string' ? parseTime(cell.trim()) : epoch(cell)
  if (parsed === null || Number.isNaN(parsed)) {
    complain(`was ${shown(cell)}, which is no time`)
    return null
  }
  return parsed > 0 ? parsed : null
}

/** A JSON array of texts, as JSON. Something else than an array becomes its only element: no text is lost. */
export function lines(cell: Cell): string | null {
  const raw = text(cell)
  if (raw === null || raw === '') return null
  const value = parseJson(raw)
  const elements = Array.isArray(value) ? value : value === null ? [] : [value === undefined ? raw : value]
  return JSON.stringify(
    elements.map((element) => wellFormed(typeof element === 'string' ? element : JSON.stringify(element))),
  )
}

/** A JSON array of times, as JSON in ISO 8601; null where there is none. */
export function times(cell: Cell, complain: Complain): string | null {
  const raw = text(cell)
  if (raw === null || raw === '') return null
  const value = parseJson(raw)
  if (value === null) return null
  const parsed = Array.isArray(value)
    ? value.map((element) => (typeof element === 'string' ? parseTime(element) : null))
    : null
  if (!parsed?.every((moment) => moment !== null && !Number.isNaN(moment))) {
    complain(`was ${shown(raw)}, which is no list of times`)
    return null
  }
  return JSON.stringify(parsed.map((moment) => new Date(moment as number).toISOString()))
}

/** ISO 8601 with any number of fraction digits, or SQLite's own form; without an offset it is UTC. */
function parseTime(value: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d{1,3})?\d*\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    value,
  )
  if (!match) return null
  const [, date, clock = '00:00', fraction = '', zone = 'Z'] = match
  return Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${fraction}${zone.toUpperCase()}`)
}

/** Seconds or milliseconds since 1970: seconds would be beyond the year 5000 where milliseconds begin in 1973. */
function epoch(cell: number | bigint | Buffer): number | null {
  if (Buffer.isBuffer(cell)) return null
  const number = Number(cell)
  const ms = Math.abs(number) < 1e11 ? Math.round(number * 1000) : Math.round(number)
  return Math.abs(ms) < 8.64e15 ? ms : null
}

/** Half a surrogate pair is no character: as everywhere it becomes U+FFFD when it is written as UTF-8. */
function wellFormed(value: string): string {
  return Buffer.from(value).toString()
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

function shown(cell: Cell): string {
  const plain = Buffer.isBuffer(cell)
    ? `the blob ${cell.toString('hex')}`
    : typeof cell === 'string'
      ? JSON.stringify(cell)
      : String(cell)
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain
}
