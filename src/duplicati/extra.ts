// The `Extra` part of a report: who sent it. Only the keys named here are ever read, so that a RemoteUrl with its
// credentials, a token, or whatever else a user adds there is never stored.

import { z } from 'zod'
import { compactTimestamp, text } from './fields.ts'

/** The longest name or id that is taken, in characters. A longer one is refused: two that were shortened could become the same one. */
const maxLength = 1000

/**
 * Nothing but a placeholder, as in `%machine-name%`. In an address, `%ba` and `%de` are taken for encoded bytes: of them only a sign
 * of damage is left.
 */
const placeholder = /^[%\ufffd][\w-]+%$/

const bounded = text.transform((value, context) => {
  const trimmed = value?.trim() ?? ''
  if (trimmed.length > maxLength)
    context.addIssue({ code: 'custom', message: `must not exceed ${maxLength} characters` })
  return trimmed
})

/** A text about the sender; blank, or a placeholder that was not replaced, is the same as absent. */
const label = bounded.transform((value) => (placeholder.test(value) ? null : value || null))

/** A name or an id; blank is the same as absent. A placeholder would make one machine, or one job, of many. */
export const identity = bounded.transform((value, context) => {
  if (placeholder.test(value)) context.addIssue({ code: 'custom', message: notReplaced(value) })
  return value || null
})

const notReplaced = (value: string) =>
  `is ${value}, a placeholder that was not replaced: Duplicati fills them in only in its messages; write the name itself`

/** What an unset placeholder leaves, `""` or the placeholder itself, is the same as absent. */
const nextRun = z.preprocess(
  (value) => (value === '' || value === '%next-scheduled-run%' ? null : value),
  compactTimestamp,
)

const known = z.object({
  operationname: label,
  'machine-id': identity,
  'machine-name': identity,
  'backup-id': identity,
  'backup-name': identity,
  'operating-system': label,
  'operating-system-detailed': label,
  'installation-type': label,
  'update-channel': label,
  'destination-type': label,
  'destination-host-suffix': label,
  'next-scheduled-run': nextRun,
})

/** Reads `Extra`; its keys are matched without regard to case, and `_` is taken for `-`. Absent is empty. */
export const extra = z.preprocess(normalizeKeys, known)

function normalizeKeys(value: unknown): unknown {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key.toLowerCase().replaceAll('_', '-'), entry]),
  )
}
