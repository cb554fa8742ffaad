// Finds out of every answer whether it stays right until the next write. A field that reads anything else than the database
// says so where it is declared (fieldExtensions.ts).

import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLSchema,
  getOperationAST,
  isObjectType,
  OperationTypeNode,
} from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { RequestContext } from '../builder.ts'

/** The plugin for Yoga. Only queries hold, those without an error, and none in which an uncacheable field was resolved. */
export function noteAnswers(): Plugin<RequestContext> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const { answer } = contextValue
      answer.holds = getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY
      return {
        onExecuteDone: ({ result }) => {
          if (isAsyncIterable(result) || result.errors) answer.holds = false
        },
      }
    },
  }
}

/** Afterwards each field of the schema that is marked says so when it is resolved. */
export function heedMarks(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (!field.extensions.uncacheable) continue
      const resolve = field.resolve ?? defaultFieldResolver
      field.resolve = (source, args, context: RequestContext, info) => {
        heedMark(field, args, context)
        return resolve(source, args, context, info)
      }
    }
  }
  return schema
}

/** To be called when a field is resolved in another way than through its resolver in the schema. */
export function heedMark(
  { extensions: { uncacheable } }: GraphQLField<unknown, unknown>,
  args: object,
  context: RequestContext,
): void {
  if (!uncacheable) return
  if (typeof uncacheable !== 'function' || uncacheable(args, context)) context.answer.holds = false
}
