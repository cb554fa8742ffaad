// Evaluates the part of PromQL that our alert rules use, over the samples of one moment: selectors, numbers, time(), arithmetic,
// comparisons, and `and`, `or`, `unless` with `on`. What else there is throws.

import { parser } from '@prometheus-io/lezer-promql'
import type { ReadMetric } from './exposition.ts'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

interface Sample {
  labels: Record<string, string>
  value: number
}

type Value = number | Sample[]

const arithmetic: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
}
const comparisons: Record<string, (a: number, b: number) => boolean> = {
  Gtr: (a, b) => a > b,
  Lss: (a, b) => a < b,
  Eql: (a, b) => a === b,
}

/** The samples for which an alert with this expression fires. */
export function firing(expr: string, metrics: Map<string, ReadMetric>, now: Date): Sample[] {
  const text = ({ from, to }: SyntaxNode) => expr.slice(from, to)

  function evaluate(node: SyntaxNode): Value {
    const first = node.firstChild
    switch (node.name) {
      case 'PromQL':
      case 'ParenExpr':
        return evaluate(first as SyntaxNode)
      case 'NumberDurationLiteral':
        return Number(text(node))
      case 'FunctionCall':
        if (text(node) !== 'time()') throw new Error(`Not known: ${text(node)}`)
        return now.getTime() / 1000
      case 'VectorSelector':
        return select(text(node))
      case 'BinaryExpr':
        return binary(node)
      default:
        throw new Error(`Not known: ${node.name} ${text(node)}`)
    }
  }

  function select(selector: string): Sample[] {
    const [, name = '', list = ''] = /^(\w+)(?:\{(.*)\})?$/s.exec(selector) ?? []
    const matchers = [...list.matchAll(/(\w+)="([^"]*)"/g)]
    const samples = metrics.get(name)?.samples ?? []
    return samples.filter(({ labels }) => matchers.every(([, label = '', value]) => labels[label] === value))
  }

  function binary(node: SyntaxNode): Value {
    const [left, right] = [evaluate(node.firstChild as SyntaxNode), evaluate(node.lastChild as SyntaxNode)]
    const operator = node.firstChild?.nextSibling?.name ?? ''
    const on = node.getChild('MatchingModifierClause')
    const names = on?.getChild('GroupingLabels')?.getChildren('LabelName').map(text)
    const keyOf = ({ labels }: Sample) =>
      JSON.stringify(names ? names.map((name) => labels[name] ?? '') : Object.entries(labels).sort())

    const calculate = arithmetic[operator]
    const compare = comparisons[operator]
    if (typeof left === 'number' && typeof right === 'number') {
      if (!calculate) throw new Error(`Not known between numbers: ${operator}`)
      return calculate(left, right)
    }
    /** What stays of a sample beside another value. */
    const each = (sample: Sample, a: number, b: number): Sample[] => {
      if (calculate) return [{ ...sample, value: calculate(a, b) }]
      if (compare) return compare(a, b) ? [sample] : []
      throw new Error(`Not known: ${operator}`)
    }
    if (typeof left === 'number') return (right as Sample[]).flatMap((sample) => each(sample, left, sample.value))
    if (typeof right === 'number') return left.flatMap((sample) => each(sample, sample.value, right))

    const [keys, others] = [left.map(keyOf), right.map(keyOf)]
    if (operator === 'And') return left.filter((sample) => others.includes(keyOf(sample)))
    if (operator === 'Unless') return left.filter((sample) => !others.includes(keyOf(sample)))
    if (operator === 'Or') return [...left, ...right.filter((sample) => !keys.includes(keyOf(sample)))]
    for (const side of [keys, others]) {
      if (new Set(side).size < side.length) throw new Error(`Many samples match one another: ${text(node)}`)
    }
    return left.flatMap((sample) => {
      const other = right[others.indexOf(keyOf(sample))]
      return other ? each(sample, sample.value, other.value) : []
    })
  }

  const value = evaluate(parser.parse(expr).topNode)
  if (typeof value === 'number') throw new Error('An alert needs samples.')
  return value
}
