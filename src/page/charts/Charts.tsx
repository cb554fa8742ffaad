// The sizes, the uploads and the duration of a job, or of all jobs of a server, over time, in charts with one cursor. What draws them is loaded only here.

import { useEffect, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import { useAnswer } from '../client/useAnswer.ts'
import { type ChartBucketFragment, ChartDocument, type HistoryBucketSize } from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { useNow } from '../parts/When.tsx'
import { date, startOfDay, timeZone } from '../words/times.ts'
import { type ChartKind, charts } from './chartKinds.ts'

const spans: { word: string; days: number; bucket: HistoryBucketSize }[] = [
  { word: '30 days', days: 30, bucket: 'DAY' },
  { word: '90 days', days: 90, bucket: 'DAY' },
  { word: 'a year', days: 365, bucket: 'DAY' },
  { word: '3 years', days: 3 * 365, bucket: 'WEEK' },
]

/** @param id of a job or a server */
export function Charts({ id }: { id: string }) {
  const [chosen, setChosen] = useState(1)
  const [at, setAt] = useState<number | null>(null)
  const span = spans[chosen] ?? (spans[0] as (typeof spans)[number])
  const from = startOfDay(useNow(), span.days - 1).toISOString()
  const { data, error } = useAnswer(
    ChartDocument,
    { id, from, bucket: span.bucket, timeZone },
    ({ job, server }) => job?.id === id || server?.id === id,
  )
  const buckets = data?.node && 'history' in data.node ? data.node.history : []
  const pointed = at === null ? undefined : buckets[at]
  return (
    <section aria-labelledby="charts">
      <h2 id="charts">Over time</h2>
      <label>
        Show{' '}
        <select value={chosen} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
          {spans.map(({ word }, index) => (
            <option key={word} value={index}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <Problem error={error} />
      {charts.map((chart) => (
        <figure key={chart.title} class="chart">
          <figcaption>
            <b>{chart.title}</b>{' '}
            {pointed
              ? `${date(new Date(pointed.from), new Date())}: ${inWords(chart, pointed)}`
              : summary(chart, buckets)}
          </figcaption>
          <Chart chart={chart} buckets={buckets} point={setAt} />
        </figure>
      ))}
      <Numbers buckets={buckets} />
    </section>
  )
}

function Chart({
  chart,
  buckets,
  point,
}: {
  chart: ChartKind
  buckets: ChartBucketFragment[]
  point: (at: number | null) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const isDark = useIsDark()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let plot: uPlot | undefined
    let gone = false
    const element = box.current
    if (!element || buckets.length === 0) return
    const resize = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: 140 }))
    const draw = ({ default: UPlot }: { default: typeof uPlot }) => {
      if (gone) return
      const values = chart.lines.map(({ value }) => buckets.map(value))
      const times = buckets.map(({ from }) => Date.parse(from) / 1000)
      plot = new UPlot(optionsOf(chart, element, point), [times, ...values], element)
      resize.observe(element)
    }
    import('uplot').then(draw, () => setFailed(true))
    return () => {
      gone = true
      resize.disconnect()
      plot?.destroy()
    }
  }, [chart, buckets, isDark])
  // After an upgrade of the server, the files of the old page are gone.
  if (failed) return <p class="problem">The chart could not be loaded. Load the page again.</p>
  // The same numbers stand in a table below.
  return <div ref={box} class="plot" aria-hidden="true" />
}

/** A canvas keeps the colours that it was drawn with: it is drawn anew when the theme changes. */
function useIsDark(): boolean {
  const [isDark, setIsDark] = useState(dark.matches)
  useEffect(() => {
    const change = () => setIsDark(dark.matches)
    dark.addEventListener('change', change)
    return () => dark.removeEventListener('change', change)
  }, [])
  return isDark
}

const dark = matchMedia('(prefers-color-scheme: dark)')

function optionsOf(chart: ChartKind, element: HTMLElement, point: (at: number | null) => void): uPlot.Options {
  // The value of `light-dark()` that holds is known only of a property that is a colour.
  const color = (name: string) => {
    element.style.color = `var(--${name})`
    return getComputedStyle(element).color
  }
  const grid = { stroke: color('chart-grid'), width: 1 }
  const axis = { stroke: color('chart-text'), grid, ticks: { show: false }, font: '12px system-ui' }
  return {
    width: element.clientWidth,
    height: 140,
    legend: { show: false },
    cursor: { sync: { key: 'job' }, y: false, drag: { x: false, y: false } },
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] } },
    axes: [
      {
        ...axis,
        size: 24,
        values: (_, ticks) => ticks.map((tick) => date(new Date(tick * 1000), new Date())),
        space: 80,
      },
      { ...axis, size: 72, values: (_, ticks) => ticks.map(chart.short), space: 40 },
    ],
    series: [
      {},
      ...chart.lines.map((line, index) => ({
        label: line.name,
        stroke: color(`chart-${index + 1}`),
        width: 2,
        spanGaps: true,
        points: { show: false },
        ...(index > 0 ? { dash: [6, 4] } : {}),
      })),
    ],
  }
}

function inWords({ lines, words }: ChartKind, bucket: ChartBucketFragment): string {
  return lines
    .map(({ name, value }) => {
      const known = value(bucket)
      return `${name} ${known === null ? 'unknown' : words(known)}`
    })
    .join(', ')
}

function summary(chart: ChartKind, buckets: ChartBucketFragment[]): string {
  const last = buckets.findLast((bucket) => chart.lines.some(({ value }) => value(bucket) !== null))
  return last ? `lately ${inWords(chart, last)}` : 'nothing is known'
}

function Numbers({ buckets }: { buckets: ChartBucketFragment[] }) {
  const lines = charts.flatMap(({ lines, words }) => lines.map((line) => ({ ...line, words })))
  const known = buckets.filter(({ runs }) => runs > 0).reverse()
  return (
    <details>
      <summary>The same as a table</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {lines.map(({ name }) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {known.map((bucket) => (
              <tr key={bucket.from}>
                <th scope="row">{date(new Date(bucket.from), new Date())}</th>
                {lines.map(({ name, value, words }) => {
                  const figure = value(bucket)
                  return (
                    <td key={name} class="number">
                      {figure === null ? '' : words(figure)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
