// What the evidence of a run says beside the result that it states: one table of rules, each with its threshold, the status
// that it demands at least, and its reason. Decided once, when the report is received.

import type { JobMemory } from './jobMemory.ts'
import { formatElapsed, formatSize } from './messages/humanFormats.ts'
import type { Int64, Run } from './report.ts'
import { type RunStatus, worse } from './runStatus.ts'
import { isComparable } from './unusual/pastRun.ts'

type RemarkKind =
  | 'PREVENTED'
  | 'STOPPED'
  | 'PARTIAL'
  | 'FILES_FAILED'
  | 'NOTHING_EXAMINED'
  | 'SOURCE_SHRANK'
  | 'VERSIONS_LOST'
  | 'VERIFICATION_FAILED'
  | 'CLOCK_WRONG'
  | 'SENT_AS_TEXT'
  // What is unusual about a run, judged in unusual/unusual.ts: information, which changes no status.
  | 'MANY_FILES_CHANGED'
  | 'TOOK_LONG'
  | 'FEWER_VERSIONS'
  | 'DESTINATION_FILLS_UP'

export interface Remark {
  kind: RemarkKind
  /** A sentence with the figures. */
  message: string
}

/** What a run is compared with: the last good run of its job, and the latest number of versions that is known. */
export type Baseline = Pick<
  JobMemory,
  'baselineAt' | 'baselineFiles' | 'baselineSize' | 'baselineVersions' | 'versions'
>

interface Rule {
  kind: RemarkKind
  /** Null: the remark leaves the status as it is. */
  atLeast: RunStatus | null
  /** The sentence, or null if there is nothing to remark. */
  remark: (run: Run, baseline: Baseline, receivedAt: Date) => string | null
}

/** How much later than its receipt a run may say that it began: clocks that differ by no more are the same. */
const clockToleranceMs = 10 * 60 * 1000
/** A source of fewer files shrinks by nine tenths every day. */
const shrinkingFrom = 100
/** How many names a sentence holds. */
const namesAtMost = 3

const rules: Rule[] = [
  {
    // A required script that fails is a failure; this one only asked Duplicati not to run.
    kind: 'PREVENTED',
    atLeast: null,
    remark: ({ prevented, preventedReason }) =>
      prevented
        ? `The script before the backup stopped it: nothing was saved.${preventedReason ? ` ${preventedReason}` : ''}`
        : null,
  },
  {
    kind: 'STOPPED',
    atLeast: 'WARNING',
    remark: ({ interrupted, prevented, examinedFiles }) =>
      interrupted && !prevented
        ? `The backup was stopped after it had examined ${counted(examinedFiles, 'file')}: the rest is not saved.`
        : null,
  },
  {
    kind: 'PARTIAL',
    atLeast: 'WARNING',
    remark: ({ partial, examinedFiles }) =>
      partial
        ? `The backup is partial: it ended after ${counted(examinedFiles, 'file')}, before everything was saved.`
        : null,
  },
  {
    // Duplicati counts such a run as an error, also where none was logged.
    kind: 'FILES_FAILED',
    atLeast: 'ERROR',
    remark: ({ filesWithError, failedFiles }) =>
      filesWithError > 0
        ? `${counted(filesWithError, 'file')} could not be saved${named(failedFiles, filesWithError)}.`
        : null,
  },
  {
    // A mount that is gone, or a filter that excludes everything, is a success to Duplicati.
    kind: 'NOTHING_EXAMINED',
    atLeast: 'WARNING',
    remark: (run, { baselineFiles }) => {
      // A report that does not tell of its source says nothing.
      if (!isComparable(run) || run.examinedFiles > 0 || run.sourceSize === null) return null
      if (baselineFiles === 0 || baselineFiles === 0n) return null
      const before = baselineFiles === null ? '' : ` The last good run examined ${baselineFiles}.`
      return `No files were examined: the source may be empty or not mounted.${before}`
    },
  },
  {
    // Nine tenths in one step is no tidying up.
    kind: 'SOURCE_SHRANK',
    atLeast: 'WARNING',
    remark: (run, { baselineFiles, baselineSize }) => {
      if (!isComparable(run) || run.examinedFiles <= 0 || baselineFiles === null || baselineFiles < shrinkingFrom)
        return null
      if (fellByNineTenths(baselineFiles, run.examinedFiles)) {
        return `The source shrank from ${baselineFiles} files to ${run.examinedFiles} since the last good run.`
      }
      if (baselineSize === null || run.sourceSize === null || !fellByNineTenths(baselineSize, run.sourceSize))
        return null
      return `The source shrank from ${formatSize(baselineSize)} to ${formatSize(run.sourceSize)} since the last good run.`
    },
  },
  {
    // Nothing could be restored.
    kind: 'VERSIONS_LOST',
    atLeast: 'WARNING',
    remark: (run, { baselineVersions, versions }) => {
      const before = baselineVersions ?? versions ?? 0
      if (run.dryRun || run.prevented || run.versions !== 0 || before === 0) return null
      return `No version is left at the destination; there were ${before}.`
    },
  },
  {
    // Entries that are only Extra are noise: files that a run that was cut short left behind.
    kind: 'VERIFICATION_FAILED',
    atLeast: 'WARNING',
    remark: ({ subResults }) => {
      const { problems = [], moreProblems = 0 } = subResults?.verification ?? {}
      const found = problems.filter(isGrave)
      const count = found.length + moreProblems
      if (count === 0) return null
      const names = found.map(({ file, text, status }) => `${text || file || 'unnamed'} (${status.toLowerCase()})`)
      return `The check of the destination found ${counted(count, 'entry', 'entries')} that ${
        count === 1 ? 'is' : 'are'
      } missing or damaged${named(names, count)}.`
    },
  },
  {
    // However slow an upload is, its report cannot come before the run began.
    kind: 'CLOCK_WRONG',
    atLeast: null,
    remark: ({ beganAt }, _, receivedAt) =>
      beganAt && beganAt.getTime() - receivedAt.getTime() > clockToleranceMs
        ? `The clock of the machine is ahead: the run says that it began ${formatElapsed(beganAt, receivedAt).replace(/^in /, '')} after its report was received.`
        : null,
  },
  {
    kind: 'SENT_AS_TEXT',
    atLeast: null,
    remark: ({ asText }) =>
      asText
        ? 'The report came as text, which says nothing of the destination: set --send-http-json-urls in place of --send-http-url.'
        : null,
  },
]

/** Whether one of them says that nothing was saved. */
export function savedNothing(remarks: readonly Remark[]): boolean {
  return remarks.some(({ kind }) => kind === 'NOTHING_EXAMINED')
}

/**
 * The remarks on a run, and its status with what they demand.
 *
 * @param baseline what the job remembers of the runs before it
 */
export function judgeEvidence(
  run: Run,
  baseline: Baseline,
  receivedAt: Date,
): { status: RunStatus; remarks: Remark[] } {
  let { status } = run
  const remarks: Remark[] = []
  for (const { kind, atLeast, remark } of rules) {
    const message = remark(run, baseline, receivedAt)
    if (message === null) continue
    remarks.push({ kind, message })
    if (atLeast) status = worse(status, atLeast)
  }
  return { status, remarks }
}

/** Whether a problem that a check of the destination found is more than an extra file. */
export function isGrave({ status }: { status: string }): boolean {
  return status.toLowerCase() !== 'extra'
}

function fellByNineTenths(from: Int64, to: Int64): boolean {
  return BigInt(to) * 10n < BigInt(from)
}

/** `1 file`, `3 files`. */
function counted(count: Int64, one: string, many = `${one}s`): string {
  return `${count} ${Number(count) === 1 ? one : many}`
}

/** `: a, b and 5 more`. */
function named(names: string[], count: Int64): string {
  const shown = names.slice(0, namesAtMost)
  if (shown.length === 0) return ''
  const more = Number(count) - shown.length
  return `: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
