// Keeps answers until something is written. An answer is kept under the version of what it was read from, and
// with everything that it depends on beside: who asked, and what. Only what was asked before, in whatever version, is worth it:
// of a question that is new, no more than itself is kept. What is in memory is bounded, and there is no timer.

import { LRUCache } from 'lru-cache'

/** An answer as it is sent. */
export interface KeptAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

/** What is known when a question comes. */
interface Question {
  /** The answer to it, if there is one that still holds. */
  known: KeptAnswer | null
  /**
   * Keeps the answer that is made then; null if the question is new. If something is written meanwhile, nobody knows whether the
   * answer was read before or after, and nobody is given it: the version is another then.
   */
  keep: ((answer: KeptAnswer) => void) | null
}

export interface AnswerCache {
  /**
   * @param version of the database and of what is shown beside it, looked for since the question came and before the first read for an
   * answer to it: it changes with every write, from its commit on; null if it could not be told
   */
  ask(question: string, version: string | number | null): Question
}

/** What the engine takes for each beside its content, in bytes. */
const overhead = 1024

interface Kept {
  /** Null as long as it is worth nothing. */
  answer: KeptAnswer | null
  version: string | number | null
}

export function createAnswerCache(): AnswerCache {
  const all = new LRUCache<string, Kept>({
    maxSize: 16 * 2 ** 20,
    maxEntrySize: 2 * 2 ** 20,
    sizeCalculation: ({ answer }, question) => question.length + (answer?.body.length ?? 0) + overhead,
  })
  return {
    ask: (question, version) => {
      const kept = all.get(question)
      if (!kept) all.set(question, { answer: null, version: null })
      if (!kept || version === null) return { known: null, keep: null }
      const known = kept.version === version ? kept.answer : null
      return { known, keep: (answer) => all.set(question, { answer, version }) }
    },
  }
}
