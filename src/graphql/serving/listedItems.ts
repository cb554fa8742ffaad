// Counts what the lists without pages bring, such as the jobs of a server: how long they are, nothing in a query tells.

import {
  defaultFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql'
import { DomainError } from '../../domain/errors.ts'
import type { RequestContext } from '../builder.ts'

/** How many values, such as times, are answered in the time that an object takes. */
const valuesPerObject = 10

/**
 * What a list of this type counts, item by item, or null if it is none, or a page, which is counted before anything is executed.
 *
 * @param parent the name of the type that the field is of
 */
export function weightOf(type: GraphQLOutputType, parent: string): number | null {
  if (!isListType(getNullableType(type)) || parent.endsWith('Connection')) return null
  return isLeafType(getNamedType(type)) ? 1 / valuesPerObject : 1
}

/** Afterwards each list of the schema that is not a page is counted when it is resolved. */
export function countListed(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const weight = weightOf(field.type, type.name)
      if (weight === null) continue
      const resolve = field.resolve ?? defaultFieldResolver
      field.resolve = (source, args, context: RequestContext, info) => {
        const value: unknown = resolve(source, args, context, info)
        if (value instanceof Promise) return value.then((list) => counted(list, weight, context))
        return counted(value, weight, context)
      }
    }
  }
  return schema
}

/**
 * The value, counted if it is a list.
 *
 * @throws DomainError QUERY_TOO_COMPLEX if the lists of the answer hold too many objects
 */
export function counted<T>(value: T, weight: number, { listed, config }: RequestContext): T {
  if (!Array.isArray(value)) return value
  listed.objects += value.length * weight
  if (listed.objects > config.queryLimits.cost) throw tooMany(config.queryLimits.cost)
  return value
}

function tooMany(cost: number): DomainError {
  const message = `The lists in the answer hold more than ${cost.toLocaleString('en')} objects, the most that one query may ask for. Use smaller pages (first, last) or lists that have pages, or raise MAX_QUERY_COST.`
  return new DomainError('QUERY_TOO_COMPLEX', message)
}
