// The types of columns: how values of them are stored, and which of Prisma's operators they have. Times are milliseconds since
// 1970.
//
// Numbers come as JavaScript's, whose integers are exact below 2^53: a larger one is left to Prisma. They do not tell whether a
// value was stored as a whole number or as a floating one; the affinity of SQLite's columns does, which stores a whole number
// as such in a column for them: https://www.sqlite.org/datatype3.html#type_affinity

import * as enums from '../../generated/prisma/enums.ts'
import { LeftToPrisma } from './leftToPrisma.ts'

export interface ColumnType {
  /** Those that a condition on such a column may have. */
  operators: Set<string>
  /** @throws LeftToPrisma if Prisma may take it otherwise, or refuse it */
  toStored(value: unknown): string | number | bigint
  /** @throws LeftToPrisma if it is not stored as values of the type are */
  fromStored(value: unknown): unknown
}

const same = new Set(['equals', 'not'])
const listed = new Set([...same, 'in', 'notIn'])
const ordered = new Set([...listed, 'lt', 'lte', 'gt', 'gte'])
const text = new Set([...ordered, 'contains'])

const int = { least: -(2 ** 31), most: 2 ** 31 - 1 }
const bigInt = { least: -(2n ** 63n), most: 2n ** 63n - 1n }
/** Of Date. */
const time = { least: -8.64e15, most: 8.64e15 }

const types: Record<string, ColumnType> = {
  Int: {
    operators: ordered,
    toStored: (value) => certain(value, Number.isInteger(value) && isWithin(value as number, int)),
    fromStored: (value) => certain(value, Number.isInteger(value) && isWithin(value as number, int)),
  },
  BigInt: {
    operators: ordered,
    toStored: (value) => certain(value, typeof value === 'bigint' && isWithin(value, bigInt)),
    fromStored: (value) => BigInt(certain(value, Number.isSafeInteger(value))),
  },
  Float: {
    operators: ordered,
    toStored: (value) => certain(value, Number.isFinite(value)),
    fromStored: (value) => certain(value, Number.isFinite(value)),
  },
  String: {
    operators: text,
    toStored: (value) => certain(value, typeof value === 'string'),
    fromStored: (value) => certain(value, typeof value === 'string'),
  },
  Boolean: {
    operators: same,
    toStored: (value) => Number(certain(value, typeof value === 'boolean')),
    fromStored: (value) => certain(value, value === 0 || value === 1) === 1,
  },
  DateTime: {
    operators: ordered,
    toStored: (value) => {
      const at = value instanceof Date ? value.getTime() : Number.NaN
      return certain(at, !Number.isNaN(at))
    },
    fromStored: (value) =>
      new Date(certain(value, Number.isInteger(value) && isWithin(value as number, time)) as number),
  },
}

/** @param name of a type or of an enum in schema.prisma */
export function columnType(name: string): ColumnType {
  const members = (enums as Record<string, Record<string, string>>)[name]
  return members ? enumType(new Set(Object.values(members))) : (types[name] ?? unknownType)
}

function enumType(members: Set<unknown>): ColumnType {
  return {
    operators: listed,
    toStored: (value) => certain(value, members.has(value)),
    fromStored: (value) => certain(value, members.has(value)),
  }
}

const unknownType: ColumnType = {
  operators: new Set(),
  toStored: (value) => certain(value, false),
  fromStored: (value) => certain(value, false),
}

function isWithin(value: number | bigint, range: { least: number | bigint; most: number | bigint }): boolean {
  return value >= range.least && value <= range.most
}

function certain<Value>(value: Value, isKnown: boolean): Value & (string | number | bigint) {
  if (!isKnown) throw new LeftToPrisma('A value is not one of its type.')
  return value as Value & (string | number | bigint)
}
