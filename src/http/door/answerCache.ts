// Keeps answers until something is written. An answer is kept under the version of the database that it was read from, and
// with everything that it depends on beside: who asked, and what. Only what was asked before, in whatever version, is worth it:
// of a question that is new, no more than itself is kept. What is in memory is bounded, and there is no timer.

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
   * @param version of the database, looked for since the question came and before the first read for an answer to it: it changes
   * with every write, from its commit on; null if it could not be told
   */
  ask(question: string, version: number | null): Question
}

/** Of questions and answers together, in bytes, with what the engine takes for each beside its content. */
const maxSum = 16 * 2 ** 20
const maxLength = 2 * 2 ** 20
const overhead = 1024

interface Kept {
  /** Null as long as it is worth nothing. */
  answer: KeptAnswer | null
  version: number | null
}

export function createAnswerCache(): AnswerCache {
  /** By question: what was asked for last is at the end. */
  const all = new Map<string, Kept>()
  let sum = 0

  function put(question: string, kept: Kept) {
    remove(question)
    const length = lengthOf(question, kept)
    if (length > maxLength) return
    all.set(question, kept)
    sum += length
    for (const oldest of all.keys()) {
      if (sum <= maxSum) break
      remove(oldest)
    }
  }

  function remove(question: string) {
    const kept = all.get(question)
    if (!kept) return
    all.delete(question)
    sum -= lengthOf(question, kept)
  }

  return {
    ask: (question, version) => {
      const kept = all.get(question)
      put(question, kept ?? { answer: null, version: null })
      if (!kept || version === null) return { known: null, keep: null }
      const known = kept.version === version ? kept.answer : null
      return { known, keep: (answer) => put(question, { answer, version }) }
    },
  }
}

function lengthOf(question: string, { answer }: Kept): number {
  return question.length + (answer?.body.length ?? 0) + overhead
}
