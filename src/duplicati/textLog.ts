// The log in the text form of a report: lines of many rows, in the lists of the last few warnings and errors, and whole at the end.

/** How a line of the log begins. The time is in the language of the client. */
const lineStart =
  /^[^[\r\n]{0,60}\[(?:Error|Warning|Information|DryRun|Retry|Verbose|Profiling|ExplicitOnly)-[^\]\r\n]*\]: ?/
const more = /^\.\.\. and \d+ more\s*$/

/**
 * The lines in a list. Each is indented and, but for the last one, ends in a comma; the further rows of one are not indented.
 *
 * @param rows those between the brackets
 */
export function listEntries(rows: string[]): string[] {
  const entries: string[][] = []
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1]
    const isCut = row === '...'
    const isNext = row.startsWith('    ') && (before?.endsWith(',') || lineStart.test(row.slice(4)))
    const last = entries.at(-1)
    if (last && before !== undefined && (isCut || isNext))
      last[last.length - 1] = withoutIndent(before).replace(/,$/, '')
    if (isCut) break
    if (!last || isNext) entries.push([withoutIndent(row)])
    else last.push(row)
  }
  return entries.map((entry) => entry.join('\n').trimEnd()).filter((entry) => entry !== '')
}

/** The lines of the log, each with its further rows. */
export function logEntries(log: string): string[] {
  const starts: number[] = []
  for (let at = 0; at < log.length; ) {
    const newline = log.indexOf('\n', at)
    const end = newline === -1 ? log.length : newline + 1
    const row = log.slice(at, end)
    if (lineStart.test(row) || more.test(row) || (starts.length === 0 && row.trim() !== '')) starts.push(at)
    at = end
  }
  return starts.map((start, index) => log.slice(start, starts[index + 1]).trimEnd())
}

/** The log, after what only the lists have. They have the same lines, but shorter: the first row tells. */
export function withoutRepetitions(listed: string[], log: string[]): string[] {
  const logged = new Set(log.map(firstRow))
  return [...listed.filter((entry) => !logged.has(firstRow(entry))), ...log]
}

const firstRow = (entry: string) => entry.split('\n', 1)[0]?.trimEnd()

const withoutIndent = (row: string) => row.replace(/^ {4}/, '')
