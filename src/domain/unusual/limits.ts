// From where on something is unusual, as people set it: of a job, of the jobs of a tag, or everywhere.

import type { Remark } from '../remarks.ts'

export const unusualKinds = [
  'MANY_FILES_CHANGED',
  'TOOK_LONG',
  'FEWER_VERSIONS',
  'DESTINATION_FILLS_UP',
  'NO_SUCCESS',
] as const
export type UnusualKind = (typeof unusualKinds)[number]

/** Whether one of the remarks says that something is unusual. */
export function isUnusual(remarks: readonly Remark[]): boolean {
  return remarks.some(({ kind }) => (unusualKinds as readonly string[]).includes(kind))
}

/**
 * From where on: files, seconds, versions lost at once, days until the destination is full, days without a success. Null: never.
 * Of files and seconds it is the least; what is usual for the job counts as well.
 */
export type UnusualLimits = Record<UnusualKind, number | null>

/** An ordinary job stays below these, however still it was. Retention takes two versions or three when a week or a month is over. */
export const usualLimits: UnusualLimits = {
  MANY_FILES_CHANGED: 1000,
  TOOK_LONG: 3600,
  FEWER_VERSIONS: 3,
  DESTINATION_FILLS_UP: 30,
  NO_SUCCESS: null,
}

/** By what a rule is about a job, the closest first: the job, a tag that it carries, a tag of its server, or as all are. */
const ways = ['JOB', 'JOB_TAG', 'SERVER_TAG', 'ALL'] as const

export interface FittingLimit {
  kind: UnusualKind
  way: (typeof ways)[number]
  threshold: number | null
}

/** What holds for a job. Of several tags that are equally close, the rule that remarks most counts. */
export function limitsOf(rules: readonly FittingLimit[]): UnusualLimits {
  const limits = { ...usualLimits }
  for (const kind of unusualKinds) {
    const ofKind = rules.filter((rule) => rule.kind === kind)
    const closest = ways.find((way) => ofKind.some((rule) => rule.way === way))
    if (!closest) continue
    const set = ofKind.flatMap(({ way, threshold }) => (way === closest && threshold !== null ? [threshold] : []))
    // Many days ahead are remarked more often than few.
    const strictest = kind === 'DESTINATION_FILLS_UP' ? Math.max(...set) : Math.min(...set)
    limits[kind] = set.length === 0 ? null : strictest
  }
  return limits
}
