// The `Extra` part of a report: who sent it. Only the keys named here are ever read, so that a RemoteUrl with its
// credentials, a token, or whatever else a user adds there is never stored.

import { z } from 'zod'
import { compactTimestamp, text } from './fields.ts'

/** The longest name or id that is taken. */
const maxLength = 1000

/** A name or an id; blank is the same as absent. */
export const label = text.transform((value, context) => {
  const trimmed = value?.trim() ?? ''
  if (trimmed.length > maxLength)
    context.addIssue({ code: 'custom', message: `must not exceed ${maxLength} characters` })
  return trimmed || null
})

/** What an unset placeholder leaves, `""` or the placeholder itself, is the same as absent. */
const nextRun = z.preprocess(
  (value) => (value === '' || value === '%next-scheduled-run%' ? null : value),
  compactTimestamp,
)

const known = z.object({
  operationname: label,
  'machine-id': label,
  'machine-name': label,
  'backup-id': label,
  'backup-name': label,
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
