// The text form of a report, which Duplicati sends unless it is told to send JSON: a line that says whose it is, then a line for
// each figure, lists of messages in brackets, and the log. It becomes the document that the JSON form would be, without what it
// does not tell: the destination, and the parts of the run.

import { badInput, type Issue } from '../domain/errors.ts'
import { resultData } from './data.ts'
import { subResultFields } from './subResults.ts'
import { readTextHeader } from './textHeader.ts'
import { listEntries, logEntries, withoutRepetitions } from './textLog.ts'
import { duration, momentOf, wholeNumber } from './textValues.ts'

const template = 'Duplicati %OPERATIONNAME% report for %backup-name% (%machine-id%, %backup-id%, %machine-name%)'
const advice = 'set --send-http-json-urls, or leave --send-http-message as it is'

const noHeader: Issue = {
  path: '',
  message: `is a text that does not say whose report it is; ${advice}: its first line must be "${template}"`,
}
const noResult: Issue = {
  path: '',
  message: `is the text of a report without a result; ${advice}: it must contain %RESULT%`,
}

/** Whether a body is the text form, or what became of it by a --send-http-message of the user's own. */
export function isTextForm(text: string): boolean {
  if (/^\s*["[{]/.test(text)) return false
  return /^\s*Duplicati\s/.test(text) || /^(?:MainOperation|ParsedResult|BeginTime|Failed): /m.test(text)
}

/**
 * The document that the text stands for. A report of another operation than a backup is only named.
 *
 * @throws DomainError BAD_USER_INPUT if it does not say whose it is, or how the run ended
 */
export function readTextForm(text: string): Record<string, unknown> {
  const { header: before, failure, figures, lists, log } = partsOf(text)
  const header = readTextHeader(before, figures.get('Version'))
  const operation = figures.get('MainOperation') || header?.operation || (failure === null ? '' : 'Backup')
  if (operation && operation.toLowerCase() !== 'backup') return { Data: { MainOperation: operation } }

  const hasResult = figures.has('ParsedResult') || figures.has('BeginTime') || failure !== null
  const issues = [...(header ? [] : [noHeader]), ...(hasResult ? [] : [noResult])]
  if (!header || issues.length > 0) throw badInput('This is not a report of Duplicati', issues)

  const data = Object.fromEntries([...figures].map(([name, value]) => [name, plainValue(name, value)]))
  const { machineId, machineName, backupId, name } = header
  return {
    // Before 2.0.7.101, nothing but the failure was sent of a failed run.
    Data: { ...(failure === null ? {} : { ParsedResult: 'Fatal' }), ...data, MainOperation: operation },
    Extra: { 'machine-id': machineId, 'machine-name': machineName, 'backup-id': backupId, 'backup-name': name },
    LogLines: withoutRepetitions(lists.flatMap(listEntries), logEntries(log)),
    Exception: failure,
  }
}

interface Parts {
  /** What is before the figures. */
  header: string
  /** What was thrown, in its longest form; null if nothing was. */
  failure: string | null
  figures: Map<string, string>
  /** The rows of the lists of warnings and errors. */
  lists: string[][]
  log: string
}

/** What is one line each; the parts of a run are not. */
const figureNames = new Set(
  ['MainOperation', ...Object.keys(resultData.shape)].filter(
    (name) => name !== 'BackendStatistics' && !Object.hasOwn(subResultFields, name),
  ),
)

/** Of the names of figures, those that a message may well have too. */
const everydayWords = new Set(['Version', 'Duration'])

/** Releases before 2.0.8 call them Warnings and Errors. */
const listNames = new Set(['LimitedWarnings', 'LimitedErrors', 'Warnings', 'Errors'])

/** Parts the text in one pass. What is indented belongs to the part of a run, or to a list, above it. */
function partsOf(text: string): Parts {
  const parts: Parts = { header: text, failure: null, figures: new Map(), lists: [], log: '' }
  let headerEnd: number | null = null
  let failureAt: number | null = null
  let list: string[] | null = null
  let isAfterBlank = false
  const endFailure = (at: number) => {
    if (failureAt !== null) parts.failure ??= failureOf(text.slice(failureAt, at))
    failureAt = null
  }
  for (const { at, end, row } of rowsOf(text)) {
    if (row === 'Log data:') {
      headerEnd ??= at
      endFailure(at)
      parts.log = text.slice(end)
      break
    }
    const { name = '', value = '' } = /^(?<name>[A-Za-z]\w*):(?: (?<value>.*))?$/.exec(row)?.groups ?? {}
    const isFigure = figureNames.has(name)
    if (name === 'Failed' && failureAt === null) {
      headerEnd ??= at
      failureAt = at
      list = null
    } else if (
      failureAt !== null &&
      !(isFigure && (name === 'DeletedFiles' || (isAfterBlank && !everydayWords.has(name))))
    ) {
      // A message of an exception may have any rows.
    } else if (isFigure) {
      headerEnd ??= at
      endFailure(at)
      list = null
      if (!parts.figures.has(name)) parts.figures.set(name, value.trim())
    } else if (list) {
      if (row === ']') list = null
      else list.push(row)
    } else if (value === '[' && headerEnd !== null) {
      list = []
      if (listNames.has(name)) parts.lists.push(list)
    }
    isAfterBlank = row.trim() === ''
  }
  endFailure(text.length)
  return { ...parts, header: text.slice(0, headerEnd ?? text.length) }
}

/** `Failed: <message>`, and after it `Details: <the whole exception>`. */
function failureOf(text: string): string {
  const details = /^Details: /m.exec(text)
  return text.slice(details ? details.index + 'Details: '.length : 'Failed: '.length).trim()
}

function* rowsOf(text: string): Generator<{ at: number; end: number; row: string }> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline + 1
    const last = newline === -1 ? end : newline
    yield { at, end, row: text.slice(at, text[last - 1] === '\r' && last > at ? last - 1 : last) }
    at = end
  }
}

const texts = new Set(['MainOperation', 'ParsedResult', 'Version', 'PartialBackup', 'Dryrun', 'Interrupted'])

/** The value as JSON has it. */
function plainValue(name: string, value: string): string | null {
  if (value === '' || value === 'null') return null
  if (name === 'BeginTime' || name === 'EndTime') return momentOf(value)
  if (name === 'Duration') return duration(value)
  return texts.has(name) ? value : wholeNumber(value)
}
