// Keeps answers until something is written. An answer is kept under the version of the database that it was read from, and
// with everything that it depends on beside: who asked, and what. What is in memory is bounded, and there is no timer: the
// first look after a write forgets them all.

interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

/** What is known when a question comes. */
interface Asked {
  /** The answer to it, if there is one that still holds. */
  known: Answer | undefined
  /**
   * Keeps the answer that was made since. If something was written meanwhile, nobody knows whether it was read before or after;
   * the next question finds out, and nothing is given before it.
   */
  keep(answer: Answer): void
}

export interface AnswerCache {
  /**
   * @param version of the database, looked for since the question came and before the first read for an answer to it: it changes
   * with every write, from its commit on; null if it could not be told
   */
  ask(question: string, version: string | null): Asked
}

/** Of questions and answers together, in bytes, with what the engine takes for each beside its content. */
const maxSum = 16 * 2 ** 20
const maxLength = 2 * 2 ** 20
const overhead = 1024

export function createAnswerCache(): AnswerCache {
  const answers = new Map<string, Answer>()
  let sum = 0
  let current: string | null = null

  /** Forgets what no longer holds. */
  function update(version: string | null) {
    if (version === null || version !== current) {
      answers.clear()
      sum = 0
    }
    current = version
  }

  function keep(question: string, answer: Answer) {
    const length = lengthOf(question, answer)
    if (length > maxLength || answers.has(question)) return
    answers.set(question, answer)
    sum += length
    for (const [oldest, its] of answers) {
      if (sum <= maxSum) break
      answers.delete(oldest)
      sum -= lengthOf(oldest, its)
    }
  }

  return {
    ask: (question, version) => {
      update(version)
      const known = answers.get(question)
      if (known) {
        answers.delete(question)
        answers.set(question, known)
      }
      return {
        known,
        keep: (answer) => {
          if (version !== null && version === current) keep(question, answer)
        },
      }
    },
  }
}

function lengthOf(question: string, { body }: Answer): number {
  return question.length + body.length + overhead
}
