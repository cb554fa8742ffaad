// Refuses what costs more to answer than anybody has a use for: documents that are too long, too deep or too repetitive
// before they are validated, operations with too large answers before they are executed.

import { type DocumentNode, type ExecutionArgs, GraphQLError, getOperationAST, type ParseOptions, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Context } from '../../services/context.ts'
import { queryCost } from './queryCost.ts'
import { queryShape } from './queryShape.ts'

type QueryLimits = Context['config']['queryLimits']

/** The plugin for Yoga, which keeps with a document what was found of it. The cost is counted for every request. */
export function limitQueries(limits: QueryLimits): Plugin {
  return {
    onParse: ({ setParseFn }) => setParseFn((source, options) => parseWithin(limits, source, options)),
    onValidate: ({ validateFn, setValidationFn }) =>
      setValidationFn((schema, document, ...rest) =>
        validateWithin(limits, document, () => validateFn(schema, document, ...rest)),
      ),
    onExecute: ({ args }) => refuseCostly(limits, args),
    onSubscribe: ({ args }) => refuseCostly(limits, args),
  }
}

/** @throws GraphQLError QUERY_TOO_COMPLEX, or a syntax error */
function parseWithin({ tokens }: QueryLimits, source: string, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: tokens })
  } catch (error) {
    if (error instanceof RangeError) throw tooComplex(tooNested)
    if (error instanceof GraphQLError && /\d tokens\. Parsing aborted/.test(error.message)) {
      throw tooComplex(
        `The query has more than the ${figure(tokens)} tokens that are allowed: pass values as variables, send it in parts, or raise MAX_QUERY_TOKENS.`,
      )
    }
    throw error
  }
}

/** What is wrong with the shape of the document, all at once; with nothing wrong there, what `validate` finds. */
function validateWithin(limits: QueryLimits, document: DocumentNode, validate: () => GraphQLError[]): GraphQLError[] {
  try {
    const refusals = shapeRefusals(limits, document)
    return refusals.length > 0 ? refusals.map(tooComplex) : validate()
  } catch (error) {
    if (error instanceof RangeError) return [tooComplex(tooNested)]
    throw error
  }
}

function shapeRefusals(limits: QueryLimits, document: DocumentNode): string[] {
  const { depth, nesting, aliases, directives } = queryShape(document)
  const refusals: string[] = []
  if (depth > limits.depth) {
    refusals.push(
      `The query is ${figure(depth)} levels deep, and at most ${figure(limits.depth)} are allowed: ask for less in one query, or raise MAX_QUERY_DEPTH.`,
    )
  } else if (nesting > limits.depth + fragmentsWithin) refusals.push(tooNested)
  if (aliases > limits.aliases) {
    refusals.push(
      `The query has ${figure(aliases)} aliases, and at most ${figure(limits.aliases)} are allowed: send it in parts, or raise MAX_QUERY_ALIASES.`,
    )
  }
  if (directives > limits.directives) {
    refusals.push(
      `The query has ${figure(directives)} directives, and at most ${figure(limits.directives)} are allowed: send it in parts, or raise MAX_QUERY_DIRECTIVES.`,
    )
  }
  return refusals
}

/** @throws GraphQLError QUERY_TOO_COMPLEX */
function refuseCostly(limits: QueryLimits, { schema, document, operationName, variableValues }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName)
  // Without one, the execution says so.
  if (!operation) return
  const cost = queryCost(schema, document, operation, variableValues ?? {})
  if (cost > limits.cost) {
    throw tooComplex(
      `The query asks for up to ${figure(cost)} objects, and at most ${figure(limits.cost)} are allowed: ask for smaller pages with first or last, or raise MAX_QUERY_COST.`,
    )
  }
}

/** Fragments within fragments, beside the fields. All that is made of a query descends once for each, and the stack ends. */
const fragmentsWithin = 100

/** That of the parser ends first: it descends several times for every bracket, also those of values. */
const tooNested = 'The query is nested too deeply to be read: ask for less in one query.'

function tooComplex(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX', http: { spec: true, status: 400 } } })
}

function figure(count: number): string {
  return count.toLocaleString('en')
}
