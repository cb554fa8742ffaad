// What the charts show, and what its figures are called.

import type { ChartBucketFragment } from '../generated/graphql.ts'
import { bytes, count } from '../words/sizes.ts'
import { duration } from '../words/times.ts'

interface Line {
  name: string
  value: (bucket: ChartBucketFragment) => number | null
}

export interface ChartKind {
  title: string
  words: (value: number) => string
  /** The same for an axis, where there is little room. */
  short: (value: number) => string
  lines: Line[]
}

export const charts: ChartKind[] = [
  {
    title: 'Size',
    words: (size) => bytes(size),
    short: (size) => bytes(size),
    lines: [
      { name: 'source', value: ({ sourceSize }) => numberOf(sourceSize) },
      { name: 'stored', value: ({ storedSize }) => numberOf(storedSize) },
    ],
  },
  {
    title: 'Changed files',
    words: (files) => count(files),
    short: (files) => count(Math.round(files)),
    lines: [
      {
        name: 'added, modified or deleted',
        value: ({ runs, changedFiles }) => (runs > 0 ? Number(changedFiles) : null),
      },
    ],
  },
  {
    title: 'Uploaded',
    words: (size) => bytes(size),
    short: (size) => bytes(size),
    lines: [{ name: 'uploaded', value: ({ runs, uploadedSize }) => (runs > 0 ? Number(uploadedSize) : null) }],
  },
  {
    title: 'Duration of a run',
    words: (seconds) => duration(seconds),
    short: (seconds) => duration(seconds, 1),
    lines: [{ name: 'duration', value: ({ runs, durationSeconds }) => (runs > 0 ? durationSeconds / runs : null) }],
  },
]

function numberOf(value: number | string | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
