// What 2.0.7 and older send as `Data` of a failed run: the exception itself, without any figure. Exceptions that .NET can
// serialize have a ClassName; the others are written with their public properties, and do not name their type.

import { wellFormed } from './fields.ts'

/** How many exceptions of a chain are told: the reason is hardly ever deeper. */
const longestChain = 20

/** The properties that are read of an exception. */
interface Thrown {
  type: string
  message: string
  stack: string
}

/** Whether `Data` is an exception instead of a result. */
export function isExceptionData(data: Record<string, unknown>): boolean {
  const of = properties(data)
  if (isGiven(of('ParsedResult'))) return false
  if (typeof of('ClassName') === 'string') return true
  const isMarked = isGiven(of('HResult')) || isGiven(of('StackTrace')) || isGiven(of('StackTraceString'))
  return typeof of('Message') === 'string' && isMarked && !isGiven(of('MainOperation'))
}

/**
 * The exception much as newer releases write it: type and message, those of the inner exceptions after arrows, so that the
 * reason is at the top, and then the stacks, the innermost first.
 */
export function exceptionText(data: Record<string, unknown>): string {
  const chain = chainOf(data)
  const head = chain.map(({ type, message }) => [type, message].filter(Boolean).join(': ')).filter(Boolean)
  const stacks = chain.map(({ stack }) => stack).filter(Boolean)
  return [head.join(' ---> '), stacks.reverse().join(endOfInner)].filter(Boolean).join('\n') || 'Exception'
}

const endOfInner = '\n   --- End of inner exception stack trace ---\n'

/** The exception, and what caused it: the one inner exception, or all those of an AggregateException, one after the other. */
function chainOf(data: Record<string, unknown>): Thrown[] {
  const chain: Thrown[] = []
  const waiting: unknown[] = [data]
  while (waiting.length > 0 && chain.length < longestChain) {
    const next = waiting.shift()
    if (typeof next !== 'object' || next === null) continue
    const of = properties(next)
    chain.push({
      type: text(of('ClassName')),
      message: text(of('Message')),
      stack: indented(text(of('StackTraceString')) || text(of('StackTrace'))),
    })
    const several = of('InnerExceptions')
    waiting.unshift(
      ...(Array.isArray(several) && several.length > 0 ? several.slice(0, longestChain) : [of('InnerException')]),
    )
  }
  return chain
}

/** Reads properties of an object without regard to case. */
function properties(object: object): (name: string) => unknown {
  const byName = new Map(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]))
  return (name) => byName.get(name.toLowerCase())
}

const isGiven = (value: unknown) => value !== undefined && value !== null

/** By its indentation a stack is told from a message of several lines. */
const indented = (stack: string) => (/^\S/.test(stack) ? `   ${stack}` : stack)

const text = (value: unknown) => (typeof value === 'string' ? wellFormed(value) : '')
