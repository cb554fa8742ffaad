// Reads the text format 0.0.4 of Prometheus, strictly: what its grammar does not know is an error.

export interface ReadMetric {
  type: string
  help: string
  samples: { name: string; labels: Record<string, string>; value: number }[]
}

/** The metrics by name. */
export function readExposition(text: string): Map<string, ReadMetric> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.')
  const metrics = new Map<string, ReadMetric>()
  const seen = new Set<string>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    // The format allows empty ones.
    if (line === '') continue
    const [, name = '', help] = /^# HELP ([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? []
    if (help !== undefined) {
      if (metrics.has(name)) throw new Error(`${name} comes twice.`)
      metrics.set(name, { type: '', help, samples: [] })
      current = name
      continue
    }
    const metric = metrics.get(current)
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? []
    if (metric && type && typed === current) {
      metric.type = type
      continue
    }
    const sample = readSample(line)
    const suffixes = metric?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    if (!metric?.type || !suffixes.some((suffix) => sample.name === current + suffix)) throw new Error(`Stray: ${line}`)
    const series = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
    if (seen.has(series)) throw new Error(`This series comes twice: ${line}`)
    seen.add(series)
    metric.samples.push(sample)
  }
  return metrics
}

function readSample(line: string) {
  const [, name = '', , list = '', value = ''] =
    /^([a-zA-Z_:][\w:]*)(\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*",?)*)\})? (\S+)$/.exec(line) ?? []
  if (name === '' || !/^[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf|NaN)$/i.test(value))
    throw new Error(`No sample: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, label = '', text = ''] of list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) throw new Error(`A label comes twice: ${line}`)
    labels[label] = text.replaceAll(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign))
  }
  return { name, labels, value: Number(value) }
}
