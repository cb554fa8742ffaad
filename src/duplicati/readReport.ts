// From a document that Duplicati posted to our Report. This folder is the only place that knows Duplicati's field names;
// what becomes of a report is left to the services.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { badInput, type Issue } from '../domain/errors.ts'
import type { Report } from '../domain/report.ts'
import { maxExceptionBytes, maxLabelBytes, shortened } from '../domain/shortened.ts'
import { availableVersions } from './availableVersions.ts'
import { nothingKnown, resultData } from './data.ts'
import { exceptionText, isExceptionData } from './exceptionData.ts'
import { extra, identity } from './extra.ts'
import { failedFiles } from './failedFiles.ts'
import { text } from './fields.ts'
import { keptLogLines } from './logLines.ts'
import { preventionOf } from './prevention.ts'
import { runFigures } from './runFigures.ts'

/** A backup's report, or the name of the other operation that was reported. */
export type ReadReport = { report: Report } | { ignored: string }

export interface ReadOptions {
  /** The machine's name, for releases of Duplicati that do not send it. */
  machine: string | null
  /** How many log lines are kept. */
  maxLogLines: number
  /** The lines of the log, if they are not in the document. */
  logLines?: Iterable<string>
  /** Whether the document was made of the text form of a report. */
  asText?: boolean
  /** The document as text, asked for only if the report has no begin time: repetitions are then known by it. */
  text: () => string
}

/**
 * Reads a report of any release from 2.0.6 to 2.3. Operations other than Backup are only named.
 *
 * @param document the parsed JSON; integers beyond 2^53 as bigint where no digit may be lost
 * @throws DomainError BAD_USER_INPUT with everything that is missing or wrong
 */
export function readReport(document: unknown, options: ReadOptions): ReadReport {
  const issues: Issue[] = []
  const parts = read(envelope, document, '', issues)
  if (!parts) throw notAReport(issues)
  const result = read(object, parts.Data, 'Data', issues)
  const sender = read(extra, parts.Extra, 'Extra', issues)

  const operation = result && (nameOf(result.MainOperation) || sender?.operationname || operationOfException(result))
  if (operation && operation.toLowerCase() !== 'backup') return { ignored: shortened(operation, maxLabelBytes) }
  if (result && !operation) issues.push({ path: 'Data.MainOperation', message: 'is missing' })

  const thrown = result && isExceptionData(result) ? exceptionText(result) : null
  const data = thrown !== null ? nothingKnown : result && read(resultData, result, 'Data', issues)
  const lines = options.logLines ?? read(logLineTexts, parts.LogLines, 'LogLines', issues)
  const stated = read(text, parts.Exception, 'Exception', issues)
  const named = read(identity, options.machine, '?machine', issues)
  const machine = { id: sender?.['machine-id'] ?? null, name: sender?.['machine-name'] ?? named ?? null }
  const job = { id: sender?.['backup-id'] ?? null, name: sender?.['backup-name'] ?? null }
  if (sender && named !== undefined && !machine.id && !machine.name) issues.push(missingMachine)
  if (sender && !job.id && !job.name) issues.push(missingJob)
  if (issues.length > 0 || !sender || !data || !lines) {
    throw notAReport(options.asText ? issues.map(inText) : issues)
  }

  const { logLines, dropped, cut } = keptLogLines(lines, options.maxLogLines)
  const whole = thrown ?? (stated || null)
  const exception = whole === null ? null : shortened(whole, maxExceptionBytes)
  const parsedResult = thrown === null ? data.ParsedResult : 'Fatal'
  const figures = runFigures(data, { exception, parsedResult, prevention: preventionOf(data, exception, lines) })
  const run = {
    ...figures,
    asText: options.asText ?? false,
    bodyHash: data.BeginTime ? null : createHash('sha256').update(options.text()).digest('hex'),
    logLinesDropped: dropped,
    logLinesCut: cut,
    failedFiles: figures.filesWithError > 0 ? failedFiles(lines) : [],
    operatingSystem: sender['operating-system'],
    operatingSystemDetail: sender['operating-system-detailed'],
    installationType: sender['installation-type'],
    updateChannel: sender['update-channel'],
    destinationType: sender['destination-type'],
    destinationHostSuffix: sender['destination-host-suffix'],
    nextScheduledRun: sender['next-scheduled-run'],
    availableVersions: listedVersions(lines, data.BeginTime, figures.versions),
  }
  return { report: { machine, job, run, logLines } }
}

const object = z.record(z.string(), z.unknown(), {
  error: ({ input }) => (input === undefined ? 'is missing' : 'must be an object'),
})
const envelope = z.looseObject({}, 'must be a JSON object with Data and Extra')
/** How many things that are wrong with one report are named: nobody mends it by a longer list. */
const mostIssues = 100
/** Checked by hand: a long log has hundreds of thousands of lines, and zod makes several objects for each. */
const logLineTexts = z.unknown().transform((lines, { addIssue }): string[] => {
  if (lines === undefined || lines === null) return []
  if (!Array.isArray(lines)) {
    addIssue('must be an array of texts')
    return z.NEVER
  }
  let wrong = 0
  for (const [index, line] of lines.entries()) {
    if (typeof line === 'string') continue
    addIssue({ code: 'custom', message: 'must be text', path: [index], input: line })
    wrong += 1
    if (wrong === mostIssues) break
  }
  return lines
})

const missingMachine = {
  path: 'Extra.machine-id',
  message: 'is missing, and so is machine-name; add ?machine=NAME to the address for releases that send neither',
}
const missingJob = {
  path: 'Extra.backup-name',
  message: 'is missing, and so is backup-id; a --send-http-message must contain %backup-name% and %backup-id%',
}

/** How many versions are listed: what is behind a thousand, nobody picks from a list. */
const mostVersions = 1000

/** The count is reliable, the lines are not: after a run that changed nothing they name one version too many. */
function listedVersions(lines: Iterable<string>, beganAt: Date | null, count: number | null): Date[] | null {
  const versions = availableVersions(lines, beganAt)
  return count !== null && versions?.length === count ? versions.slice(0, mostVersions) : null
}

const nameOf = (operation: unknown) => (typeof operation === 'string' ? operation.trim() : '')

/** An exception that does not say what it interrupted comes from a backup: others are not reported unless asked for. */
function operationOfException(data: Record<string, unknown>): string | null {
  return isExceptionData(data) ? 'Backup' : null
}

/** What `schema` makes of `value`; otherwise undefined, and everything that is wrong is added to `issues`. */
function read<T extends z.ZodType>(schema: T, value: unknown, at: string, issues: Issue[]): z.output<T> | undefined {
  const result = schema.safeParse(value, { error: wrongType })
  if (result.success) return result.data
  for (const { path, message } of result.error.issues) {
    issues.push({ path: [at, ...path].filter((part) => part !== '').join('.'), message })
  }
  return undefined
}

/** What is said of objects and arrays; everything else has words of its own. */
const wrongType: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_type' ? `must be an ${issue.expected}` : undefined

/** The text form has neither Data nor Extra: its lines stand beside each other. */
function inText({ path, message }: Issue): Issue {
  return { path: path.replace(/^(Data|Extra)\./, ''), message }
}

function notAReport(issues: Issue[]) {
  return badInput('This is not a report of Duplicati', issues.slice(0, mostIssues))
}
