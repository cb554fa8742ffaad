// Why a run failed, and whether a job fails for another reason than before. What differs from run to run does not count: numbers, ids, paths, addresses.

import type { Remark } from '../remarks.ts'
import type { LogLine, Run } from '../report.ts'

/** The longest reason, in characters. */
const longest = 500

/**
 * Why a run failed, in one line: its exception with those inside it, or else the first error of its log, or else what files failed.
 * Null if nothing tells.
 */
export function reasonOf(
  { exception }: Pick<Run, 'exception'>,
  logLines: Pick<LogLine, 'level' | 'text'>[],
  remarks: Remark[],
): string | null {
  if (exception) return headline(exception)
  const line = logLines.find(({ level }) => level === 'ERROR')?.text.replace(/^[^[\n]{0,60}\[[^\]\n]*\]: /, '')
  return line ? headline(line) : (remarks.find(({ kind }) => kind === 'FILES_FAILED')?.message ?? null)
}

/** The text of an exception without its stack: type and message, and those inside it after ` ---> `. */
export function headline(exception: string): string {
  const lines = exception.slice(0, 20_000).split(/\r?\n/)
  const end = lines.findIndex((line) => isFrame(line) || /^\s*--- /.test(line))
  const head = end < 0 ? lines : lines.slice(0, end)
  const inner = end < 0 ? [] : lines.slice(end).filter((line) => /^\s*---> /.test(line))
  const text = [...head, ...inner]
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Whether a line belongs to a stack. 2.0 on Windows writes the word before a method in the language of the machine. */
function isFrame(line: string): boolean {
  return /^\s+at /.test(line) || /^ {2,}\p{L}{1,20} [^\s(]{1,500}\(/u.test(line)
}

/** How many reasons of one streak of failures are remembered: a job can fail for several in turn. */
const remembered = 10

/** The reasons that are known and this one, a line each; null stays for "some reason". */
export function withReason(known: string | null, reason: string | null): string | null {
  if (reason === null || (known !== null && isKnownReason(known, reason))) return known
  return [...(known?.split('\n') ?? []), essence(reason)].slice(-remembered).join('\n')
}

/** True also where one of the two is not known. */
export function isKnownReason(known: string | null, reason: string | null): boolean {
  return known === null || reason === null || known.split('\n').includes(essence(reason))
}

/** What a reason says apart from the words that differ from run to run. */
function essence(reason: string): string {
  return reason
    .slice(0, longest)
    .toLowerCase()
    .replace(/"[^"]*"/g, ' ')
    .replace(/\S*[\d\\/]\S*/g, ' ')
    .replace(/\S+\.\S+/g, ' ')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
    .slice(0, 200)
}
