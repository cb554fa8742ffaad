// Tags: words that people put on servers and jobs. A server's tag counts for its jobs.

import type { JobState } from './jobState.ts'

/** A tag that something carries. */
export interface TagUse {
  name: string
  /** How many jobs it counts for: those that carry it, and all of the servers that do. */
  jobs: number
  /** How many servers carry it. */
  servers: number
  /** The states that these jobs are in. */
  states: JobState[]
}

/** How long a tag is at most, in characters, and how many a person can put on one server or job. */
export const maxTagLength = 50
export const maxTags = 50

/** The one form of a tag: in lower case, without space around it, and with single spaces inside. */
export function tagOf(text: string): string {
  return text.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' ')
}

/** Each tag once, in the order of the alphabet. */
export function tagsOf(texts: readonly string[]): string[] {
  return [...new Set(texts.map(tagOf))].sort()
}
