// Reads what stands in a row of `configurations`, where anything may stand, and says in a log what was wrong with it.

export type Fields = Record<string, unknown>

/** Hears, in a sentence, what could not be taken over. */
export type Note = (problem: string) => void

const shownLength = 60

/** The text of a row, without the blanks around it; null without one, and with a note where it holds something else. */
export function rowText(rows: ReadonlyMap<string, string | null>, key: string, note: Note): string | null {
  // SQLite keeps a BLOB in a column of texts, if one was put there.
  return textOf(rows.get(key), key, note)
}

/** The object that a row holds as JSON; null without a row, and with a note where it holds something else. */
export function rowFields(rows: ReadonlyMap<string, string | null>, key: string, note: Note): Fields | null {
  const text = rowText(rows, key, note)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return fieldsOf(value, key, note)
  } catch {
    note(`${key} is not JSON`)
    return null
  }
}

/** The object that a field holds; null without one, and with a note where it holds something else. */
export function fieldsOf(value: unknown, name: string, note: Note): Fields | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields
  note(`${name} is ${kind(value)}, not an object`)
  return null
}

/** The text that a field holds, without the blanks around it; null without one, and with a note where it is something else. */
export function textOf(value: unknown, name: string, note: Note): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value.trim() || null
  note(`${name} is ${kind(value)}, not text`)
  return null
}

/** A value as a log may hold it, where it is no secret: short, and in one line. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kind(value)
  if (typeof value !== 'string') return String(value)
  const text = JSON.stringify(value.length > shownLength ? `${value.slice(0, shownLength)}…` : value)
  // JSON leaves the control characters from U+007F on as they are.
  return text.replace(/\p{Cc}/gu, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

/** What a value is, without what it says. */
function kind(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}
