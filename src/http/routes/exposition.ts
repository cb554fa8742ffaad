// The text format 0.0.4 in which Prometheus reads metrics, for gauges of many series, which prom-client would hold all in memory.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

import { pieceLength } from './pieces.ts'

export interface GaugeText {
  name: string
  help: string
  samples: Iterable<Sample>
}

/** One value of a gauge, with its labels as they stand in the text. */
export interface Sample {
  labels?: string
  value: number
}

/** The text, in pieces of about 32 KiB, each made when it is asked for. */
export function* expose(gauges: GaugeText[]): Generator<string> {
  let piece = ''
  for (const { name, help, samples } of gauges) {
    piece += `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`
    for (const { labels = '', value } of samples) {
      piece += `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`
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

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}
