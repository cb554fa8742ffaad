// Remembers what came of documents, by their text. A parsed document takes fifty times the memory of its text and more, and
// scripts write their values into theirs, so that no two are alike: it is their sum that is bounded.

import { LRUCache } from 'lru-cache'

/** A cache for Yoga: the most recent documents of 100,000 characters together. Of more than 20,000 none is kept. */
export function createDocumentCache<Value extends NonNullable<unknown>>() {
  return new LRUCache<string, Value>({
    maxSize: 100_000,
    maxEntrySize: 20_000,
    // An empty text is a document, too, and a size must not be 0.
    sizeCalculation: (_, text) => text.length || 1,
  })
}
