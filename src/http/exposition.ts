// The text format 0.0.4 in which Prometheus reads metrics.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** One value of a metric; `suffix` comes behind its name, like `_bucket`. */
export interface Sample {
  suffix?: string
  labels?: Record<string, string | number>
  value: number
}

export interface Metric {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  samples: Sample[]
}

export function expose(metrics: Metric[]): string {
  return metrics
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${samples.map((sample) => line(name, sample)).join('')}`,
    )
    .join('')
}

function line(name: string, { suffix = '', labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escapeLabel(String(of))}"`)
  return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
