// Keeps answers until something is written. An answer is kept under the version of the database that it was read from, and
// with everything that it depends on beside: who asked, and what. What is in memory is bounded, and there is no timer: the
// first look after a write forgets them all.

interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

export interface AnswerCache {
  /** The answer to this question, if it still holds. */
  find(question: string): Answer | undefined
  /**
   * To be called before the first read for an answer. The function it returns keeps the answer, unless something was written
   * since: then nobody knows whether it was read before or after, or in part both.
   */
  begin(question: string): (answer: Answer) => void
}

/** Of questions and answers together, in bytes, with what the engine takes for each beside its content. */
const maxSum = 16 * 2 ** 20
const maxLength = 2 * 2 ** 20
const overhead = 1024

/** @param version changes with every write, from its commit on; null while it cannot be told */
export function createAnswerCache(version: () => string | null): AnswerCache {
  const answers = new Map<string, Answer>()
  let sum = 0
  let current: string | null = null

  /** Forgets what no longer holds. */
  function update(): string | null {
    const now = version()
    if (now === null || now !== current) {
      answers.clear()
      sum = 0
    }
    current = now
    return now
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
    find: (question) => {
      if (update() === null) return undefined
      const answer = answers.get(question)
      if (answer) {
        answers.delete(question)
        answers.set(question, answer)
      }
      return answer
    },
    begin: (question) => {
      const before = update()
      return (answer) => {
        if (before !== null && update() === before) keep(question, answer)
      }
    },
  }
}

function lengthOf(question: string, { body }: Answer): number {
  return question.length + body.length + overhead
}
