// Reads, in SQL, the cells that an old release left as it wrote them: nearly all. What a cell of each kind looks like then, and what
// becomes of it, is said once; everything else is left to cells.ts, which reads by hand and far more slowly.

/** What a column holds, and what cells.ts makes of it. */
export type Kind = 'text' | 'label' | 'time' | 'integer' | 'count' | 'real' | 'flag' | 'lines' | 'times'

/** The table, made by whoever uses these expressions, of the names that stay as they are. */
export const labelTable = 'labels'

interface Plain {
  /** Whether the cell is as it should be. Never null. */
  holds: (cell: string) => string
  /** What becomes of it. */
  value: (cell: string) => string
}

const kinds: Record<Kind, Plain> = {
  text: {
    holds: (cell) => `typeof(${cell}) IN ('text', 'null', 'integer')`,
    value: (cell) => `CAST(${cell} AS TEXT)`,
  },
  label: {
    holds: (cell) => `(${cell} IS NULL OR typeof(${cell}) = 'text' AND ${cell} IN (SELECT name FROM ${labelTable}))`,
    value: (cell) => cell,
  },
  time: {
    // A day that is not in the calendar comes back as another one.
    holds: (
      cell,
    ) => `CASE WHEN ${cell} IS NULL THEN true WHEN typeof(${cell}) <> 'text' THEN false ELSE CASE length(${cell})
      ${forms.map((form) => `WHEN ${lengthOf(form)} THEN ${cell} IS ${strftime(form, cell)}`).join(' ')} ELSE false END END`,
    // What lies before 1970 is Duplicati's "not set", in the year 1.
    value: (cell) => `nullif(max(0, CAST(round(unixepoch(${cell}, 'subsec') * 1000) AS INTEGER)), 0)`,
  },
  integer: {
    holds: (cell) => `typeof(${cell}) IN ('integer', 'null')`,
    value: (cell) => `ifnull(${cell}, 0)`,
  },
  count: {
    holds: (cell) => `(${cell} IS NULL OR typeof(${cell}) = 'integer' AND ${cell} BETWEEN 0 AND 2147483647)`,
    value: (cell) => `ifnull(${cell}, 0)`,
  },
  real: {
    holds: (cell) =>
      `(${cell} IS NULL OR typeof(${cell}) IN ('integer', 'real') AND ${cell} BETWEEN -1.7e308 AND 1.7e308)`,
    value: (cell) => `CAST(ifnull(${cell}, 0) AS REAL)`,
  },
  flag: {
    holds: (cell) => `typeof(${cell}) IN ('integer', 'null')`,
    value: (cell) => `ifnull(${cell}, 0) <> 0`,
  },
  lines: {
    // SQLite and JavaScript read half a surrogate pair differently: escapes by number are left to cells.ts.
    holds: (cell) =>
      unlessEmpty(
        cell,
        `instr(${cell}, '\\u') = 0 AND NOT EXISTS (SELECT 1 FROM json_each(${cell}) WHERE type <> 'text')`,
      ),
    value: (cell) => cell,
  },
  times: {
    holds: (cell) =>
      unlessEmpty(
        cell,
        `NOT EXISTS (SELECT 1 FROM json_each(${cell}) WHERE type <> 'text' OR NOT (${isIsoTime('value')}))`,
      ),
    value: (cell) => `json(${cell})`,
  },
}

/** An expression that is true where the cell, an expression itself, is as an old release writes that kind. */
export const isPlain = (kind: Kind, cell: string): string => kinds[kind].holds(cell)

/** An expression for what becomes of such a cell. Times are milliseconds since 1970; lists stay JSON. */
export const plainValue = (kind: Kind, cell: string): string => kinds[kind].value(cell)

/** An expression that is true where the cell is a time in ISO 8601 as JavaScript writes it, of which each has one form only. */
export function isIsoTime(cell: string): string {
  return `${cell} IS ${strftime(isoForm, cell)}`
}

/** An expression for that form of a time in milliseconds since 1970. */
export function isoTime(milliseconds: string): string {
  return `strftime('${isoForm}', ${milliseconds} / 1000.0, 'unixepoch')`
}

const isoForm = '%Y-%m-%dT%H:%M:%fZ'

/** That form, SQLite's own, and the first without milliseconds: no two are of one length. */
const forms = [isoForm, '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%SZ']

function lengthOf(form: string): number {
  return form.replace('%Y', '2025').replace('%f', '00.000').replaceAll(/%\w/g, '00').length
}

function strftime(form: string, cell: string): string {
  return `strftime('${form}', ${cell})`
}

/** SQLite evaluates both sides of AND and OR, and fails where JSON functions are given something else: the order matters. */
function unlessEmpty(cell: string, holds: string): string {
  return `CASE WHEN ${cell} IS NULL OR ${cell} = '[]' THEN true WHEN typeof(${cell}) <> 'text' OR NOT json_valid(${cell}) THEN false
    WHEN json_type(${cell}) <> 'array' THEN false ELSE ${holds} END`
}
