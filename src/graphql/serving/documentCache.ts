// Remembers what came of documents, by their text. A parsed document takes fifty times the memory of its text and more, and
// scripts write their values into theirs, so that no two are alike: it is their sum that is bounded.

const maxLength = 20_000
const maxSum = 100_000

/** A cache for Yoga: the most recent documents of 100,000 characters together. Of more than 20,000 none is kept. */
export function createDocumentCache<Value>() {
  const values = new Map<string, Value>()
  let sum = 0
  return {
    get: (text: string): Value | undefined => {
      const value = values.get(text)
      if (value !== undefined) {
        values.delete(text)
        values.set(text, value)
      }
      return value
    },
    set: (text: string, value: Value) => {
      if (text.length > maxLength || values.has(text)) return
      values.set(text, value)
      sum += text.length
      for (const oldest of values.keys()) {
        if (sum <= maxSum) break
        values.delete(oldest)
        sum -= oldest.length
      }
    },
  }
}
