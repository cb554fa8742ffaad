// What is certain of the types of columns: which of Prisma's operators they have, and which values are theirs. Whatever else is
// asked or found is left to Prisma, which may take it otherwise, or refuse it.
//
// Numbers come as JavaScript's, whose integers are exact below 2^53: a larger one is left to Prisma. They do not tell whether a
// value was stored as a whole number or as a floating one; the affinity of SQLite's columns does, which stores a whole number
// as such in a column for them: https://www.sqlite.org/datatype3.html#type_affinity

import * as enums from '../../generated/prisma/enums.ts'
import { fromStored, type Stored, toStored } from '../rows/values.ts'
import { LeftToPrisma } from './leftToPrisma.ts'

export interface CertainType {
  /** Those that a condition on such a column may have. */
  operators: Set<string>
  /** @throws LeftToPrisma */
  toStored(value: unknown): Stored
  /** Null is not for it. @throws LeftToPrisma */
  fromStored(value: unknown): unknown
}

interface Rules {
  operators: Set<string>
  /** Whether it may be asked for. */
  isValue(value: unknown): boolean
  /** Whether it may be stored, if that is not the same. */
  isStored?(value: unknown): boolean
}

const same = new Set(['equals', 'not'])
const listed = new Set([...same, 'in', 'notIn'])
const ordered = new Set([...listed, 'lt', 'lte', 'gt', 'gte'])
const text = new Set([...ordered, 'contains'])

const isInt = (value: unknown) => Number.isInteger(value) && isWithin(value as number, -(2 ** 31), 2 ** 31 - 1)

const rules: Record<string, Rules> = {
  Int: { operators: ordered, isValue: isInt },
  BigInt: {
    operators: ordered,
    isValue: (value) => typeof value === 'bigint' && isWithin(value, -(2n ** 63n), 2n ** 63n - 1n),
    isStored: Number.isSafeInteger,
  },
  Float: { operators: ordered, isValue: Number.isFinite },
  String: { operators: text, isValue: (value) => typeof value === 'string' },
  Boolean: {
    operators: same,
    isValue: (value) => typeof value === 'boolean',
    isStored: (value) => value === 0 || value === 1,
  },
  DateTime: {
    operators: ordered,
    isValue: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    isStored: (value) => Number.isInteger(value) && isWithin(value as number, -8.64e15, 8.64e15),
  },
}

const types = new Map<string, CertainType>()

/** @param name of a type or of an enum in schema.prisma; of any other nothing is certain */
export function certainType(name: string): CertainType {
  const type = types.get(name) ?? certain(name, rules[name] ?? enumRules(name))
  types.set(name, type)
  return type
}

function enumRules(name: string): Rules {
  const members = new Set<unknown>(Object.values((enums as Record<string, Record<string, string>>)[name] ?? {}))
  return { operators: members.size > 0 ? listed : new Set(), isValue: (value) => members.has(value) }
}

function certain(name: string, { operators, isValue, isStored = isValue }: Rules): CertainType {
  const read = fromStored(name)
  return {
    operators,
    toStored: (value) => {
      if (!isValue(value)) throw new LeftToPrisma('A value is not one of its type.')
      return toStored(value)
    },
    fromStored: (value) => {
      if (!isStored(value)) throw new LeftToPrisma('A value is not stored as those of its type are.')
      return read(value as Stored)
    },
  }
}

function isWithin(value: number | bigint, least: number | bigint, most: number | bigint): boolean {
  return value >= least && value <= most
}
