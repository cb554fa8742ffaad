// Prints what was measured.

import type { Measured, Spread } from './measure.ts'
import type { bystanders, hugeReports } from './single.ts'
import type { timeTakeOver } from './takeOver.ts'

const widths = [42, 9, 9, 18, 18, 6, 12, 10]

/** A line for each operation, with the heads of the columns above if `withHead`. */
export function table(measured: Measured[], withHead: boolean): string {
  const head = ['operation', 'ours/s', 'floor/s', 'ratio', 'by processor', 'bar', 'p99 ms', 'memory']
  const lines = measured.map((one) => [
    one.operation,
    one.ours.toFixed(0),
    one.floor.toFixed(0),
    spread(one.ratio),
    one.processorRatio ? spread(one.processorRatio) : '',
    one.bar ? one.bar.toFixed(2) : '',
    `${one.p99.ours.toFixed(0)} / ${one.p99.floor.toFixed(0)}`,
    one.memory === null ? '' : `${one.memory} MiB`,
  ])
  return [...(withHead ? [head] : []), ...lines]
    .map((cells) =>
      cells
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join(' ')
        .trimEnd(),
    )
    .join('\n')
}

interface Singles {
  /** Against hello. */
  summary?: number
  ourEvents?: number
  floorEvents?: number
  huge?: Awaited<ReturnType<typeof hugeReports>>
  waits?: Awaited<ReturnType<typeof bystanders>>
  memory?: number | null
  started?: number
  startedLarge?: number
  grown?: Record<string, number>
  takeOver?: ReturnType<typeof timeTakeOver>
}

/** A line for each of those that are there. */
export function singles(found: Singles): string {
  const { huge, waits, takeOver } = found
  const lines = [
    ...(found.summary ? [`summary: ${found.summary.toFixed(2)} times slower than hello (bar 1.5)`] : []),
    ...(found.ourEvents && found.floorEvents
      ? [
          `events to 200 subscribers: ${found.ourEvents.toFixed(0)}/s, floor ${found.floorEvents.toFixed(0)}/s, ratio ${(found.ourEvents / found.floorEvents).toFixed(2)}`,
        ]
      : []),
    ...(huge
      ? [
          `a report of 32 MiB: ${huge.seconds.toFixed(2)} s, ${huge.memoryRatio?.toFixed(1)} times its size in memory (bar 3), the longest wait of somebody else ${huge.longestWait.toFixed(0)} ms (bar 50)`,
        ]
      : []),
    ...Object.entries(waits?.busy ?? {}).map(([name, { median, longest }]) => {
      const times = (median / (waits?.idle.median ?? Number.NaN)).toFixed(1)
      return `beside ${name}, somebody else waits ${longest.toFixed(0)} ms at most, and mostly ${times} times as long as on an idle server (${waits?.idle.longest.toFixed(0)} ms at most)`
    }),
    ...(found.memory ? [`memory after all this: ${found.memory} MiB (bar 200 at 100,000 runs)`] : []),
    ...(found.started ? [`start to healthy: ${found.started.toFixed(0)} ms (bar 1000)`] : []),
    ...Object.entries(found.grown ?? {}).map(
      ([name, factor]) => `${name}: ${factor.toFixed(2)} times slower at 1,000,000 runs than at 10,000 (bar 1.2)`,
    ),
    ...(found.startedLarge ? [`start to healthy at 1,000,000 runs: ${found.startedLarge.toFixed(0)} ms`] : []),
    ...(takeOver
      ? [
          `take-over of ${takeOver.runs} runs of release 0.6, ${takeOver.before} MiB: ${takeOver.seconds.toFixed(1)} s, ${takeOver.timesCopying.toFixed(0)} times as long as copying the file, ${takeOver.peakMemory} MiB of memory at most, ${takeOver.after} MiB afterwards`,
        ]
      : []),
  ]
  return lines.join('\n')
}

function spread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`
}
