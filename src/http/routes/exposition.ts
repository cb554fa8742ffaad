// The text format 0.0.4 in which Prometheus reads metrics.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

import { pieceLength } from './pieces.ts'

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** One value of a metric; `suffix` comes behind its name, like `_bucket`. */
export interface Sample {
  suffix?: string
  labels?: Labels
  value: number
}

/** As text if many samples have the same. */
type Labels = string | Record<string, string | number>

export interface Metric {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  samples: Iterable<Sample>
}

/** The text, in pieces of about 32 KiB, each made when it is asked for. */
export function* expose(metrics: Metric[]): Generator<string> {
  let piece = ''
  for (const { name, type, help, samples } of metrics) {
    piece += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
    for (const { suffix = '', labels = '', value } of samples) {
      const pairs = typeof labels === 'string' ? labels : labelText(labels)
      piece += `${name}${suffix}${pairs === '' ? '' : `{${pairs}}`} ${value}\n`
      if (piece.length < pieceLength) continue
      yield piece
      piece = ''
    }
  }
  yield piece
}

/** The labels as they stand in the text. */
export function labelText(labels: Record<string, string | number>): string {
  const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escapeLabel(String(of))}"`)
  return pairs.join(',')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
