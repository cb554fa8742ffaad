// The line with which the text form of a report begins: `Duplicati Backup report for Photos (<machine-id>, <backup-id>, <machine-name>)`.
// 2.0.7 and older write the name alone, 2.0.8 the name and the two ids. A name may hold whatever a line may, and line breaks too.

/** Who a report is of, as far as the line tells. */
export interface TextHeader {
  operation: string
  name: string
  machineId: string
  backupId: string
  machineName: string
}

/** In characters: more than any line that is taken, so that none is read for long. */
const longest = 4096
const mostRows = 20
const mostParentheses = 20

const beginning = /^Duplicati(?: +(?<operation>[^\s(]+))? +report for\b(?: (?<rest>.*))?$/s

/** Releases before ids were sent. */
const withoutIds = /^2\.0\.[0-7]\.\d{1,2}\b/

/**
 * Reads what stands before the figures.
 *
 * @param text may be followed by words of the user's own
 * @param version of Duplicati, if it is known
 * @returns null if it does not begin as Duplicati begins
 */
export function readTextHeader(text: string, version: string | undefined): TextHeader | null {
  const found = beginning.exec(text.trimStart().slice(0, longest))
  if (!found) return null
  const { operation = '', rest = '' } = found.groups ?? {}
  const [paragraph = ''] = rest.split(/\r?\n[ \t]*\r?\n/, 1)
  const mayBeOdd = version !== undefined && !withoutIds.test(version)
  const sender = findIds(rest, hasUsualIds) ?? (mayBeOdd ? findIds(rest, () => true) : null)
  const nobody = { name: paragraph, machineId: '', backupId: '', machineName: '' }
  return { operation, ...(sender ?? nobody) }
}

type Sender = Omit<TextHeader, 'operation'>

/** The first line that ends with ids in parentheses, with all that is before it as the name. */
function findIds(rest: string, isGood: (sender: Sender) => boolean): Sender | null {
  const rows = rest.split('\n', mostRows)
  for (const index of rows.keys()) {
    const sender = splitIds(
      rows
        .slice(0, index + 1)
        .join('\n')
        .trimEnd(),
    )
    if (sender && isGood(sender)) return sender
  }
  return null
}

/** The last parentheses that hold two ids, and a machine's name that may have parentheses and commas too. */
function splitIds(text: string): Sender | null {
  if (!text.endsWith(')')) return null
  let open = text.length
  for (let tries = 0; tries < mostParentheses && open > 0; tries += 1) {
    open = text.lastIndexOf('(', open - 1)
    if (open === -1) return null
    const ids = /^(?<machineId>[^,()]*), ?(?<backupId>[^,()]*)(?:, ?(?<machineName>.*))?$/s.exec(
      text.slice(open + 1, -1),
    )
    const { machineId = '', backupId = '', machineName = '' } = ids?.groups ?? {}
    if (ids && isBalanced(machineName)) return { name: text.slice(0, open), machineId, backupId, machineName }
  }
  return null
}

/** The ids as Duplicati makes them. */
function hasUsualIds({ machineId, backupId }: Sender): boolean {
  return /^(DB-\d+|[0-9A-F]{16,})$/i.test(backupId) || /^[0-9a-f]{32}$/i.test(machineId)
}

function isBalanced(text: string): boolean {
  let depth = 0
  for (const sign of text) {
    if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}
