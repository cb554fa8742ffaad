// The scalars of the schema. All but BigInt are the field's common ones, described in our words.

import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTime, GraphQLJSON, GraphQLTimeZone, GraphQLURL } from 'graphql-scalars'
import { isoTime } from './lists/isoTime.ts'

/**
 * Whole numbers of 64 bits: a JSON number while it is exact there, a string of digits above. Our own, because no library
 * prints a plain number for every size there is and still loses no digit above.
 */
export const BigIntScalar = new GraphQLScalarType<bigint, number | string>({
  name: 'BigInt',
  description:
    'A whole number of up to 64 bits. In JSON it is a number up to 2^53 - 1 (9007199254740991), and a string of decimal digits beyond.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc7493#section-2.2',
  serialize: (value) => {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : BigInt(value as bigint | number | string).toString()
  },
  parseValue: (value) => wholeNumber(value),
  parseLiteral: (node) => wholeNumber(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : null),
})

export const DateTimeScalar = describe(GraphQLDateTime, {
  description: 'A date and time in the format of RFC 3339, such as `2026-01-14T02:00:03.441Z`. Answers are in UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  // The library leaves it to JSON.stringify, which then calls back for each.
  serialize: (value) => isoTime(value instanceof Date ? value : (GraphQLDateTime.serialize(value) as Date)),
})

export const JsonScalar = describe(GraphQLJSON, {
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
})

export const TimeZoneScalar = describe(GraphQLTimeZone, {
  description: 'A time zone by its name in the IANA database, such as `Europe/Berlin`.',
  specifiedByURL: 'https://www.iana.org/time-zones',
})

export const UrlScalar = describe(GraphQLURL, {
  description: 'An absolute URL, such as `http://nas:8200/`.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
})

function wholeNumber(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value === 'bigint' || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))) return BigInt(value)
  throw new GraphQLError('BigInt must be a whole number; beyond 2^53 - 1 write it as a string of digits.')
}

type Own = { description: string; specifiedByURL: string; serialize?: (value: unknown) => unknown }

function describe(scalar: GraphQLScalarType, own: Own): GraphQLScalarType {
  const config = scalar.toConfig()
  return new GraphQLScalarType({
    ...config,
    ...own,
    parseValue: (value) => refused(config.name, () => config.parseValue(value)),
    parseLiteral: (node, variables) => refused(config.name, () => config.parseLiteral(node, variables)),
  })
}

/** Whatever a library throws for what it cannot parse: an error of another kind would pass for a fault of ours. */
function refused<Value>(name: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    if (error instanceof GraphQLError) throw error
    throw new GraphQLError(`${name} cannot be parsed: ${(error as Error).message}`)
  }
}
