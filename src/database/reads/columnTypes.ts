// The types of columns: how values of them are stored, and which of Prisma's operators they have. Times are milliseconds since
// 1970. SQLite is asked for whole numbers as bigint, which tells them from floating ones and loses no digit.

import * as enums from '../../generated/prisma/enums.ts'
import { literalContains } from '../literalContains.ts'
import { LeftToPrisma } from './leftToPrisma.ts'

export interface ColumnType {
  /** Operators that take one value of the type: what follows the column in SQL. */
  comparisons: Map<string, string>
  /** Whether there are `in` and `notIn`. */
  lists: boolean
  /** @throws LeftToPrisma if Prisma may take it otherwise, or refuse it */
  toStored(value: unknown): string | number | bigint
  /** @throws LeftToPrisma if it is not stored as values of the type are */
  fromStored(value: unknown): unknown
}

const same = new Map([
  ['equals', '= ?'],
  ['not', '<> ?'],
])
const ordered = new Map([...same, ['lt', '< ?'], ['lte', '<= ?'], ['gt', '> ?'], ['gte', '>= ?']])
const text = new Map([...ordered, ['contains', literalContains]])

const int = { least: -(2 ** 31), most: 2 ** 31 - 1 }
const bigInt = { least: -(2n ** 63n), most: 2n ** 63n - 1n }
const lastTime = 8.64e15

const types: Record<string, ColumnType> = {
  Int: {
    comparisons: ordered,
    lists: true,
    toStored: (value) => certain(value, Number.isInteger(value) && isWithin(value as number, int)),
    fromStored: (value) => Number(certain(value, typeof value === 'bigint' && isWithin(value, int))),
  },
  BigInt: {
    comparisons: ordered,
    lists: true,
    toStored: (value) => certain(value, typeof value === 'bigint' && isWithin(value, bigInt)),
    fromStored: (value) => certain(value, typeof value === 'bigint'),
  },
  Float: {
    comparisons: ordered,
    lists: true,
    toStored: (value) => certain(value, Number.isFinite(value)),
    fromStored: (value) => certain(value, Number.isFinite(value)),
  },
  String: {
    comparisons: text,
    lists: true,
    toStored: (value) => certain(value, typeof value === 'string'),
    fromStored: (value) => certain(value, typeof value === 'string'),
  },
  Boolean: {
    comparisons: same,
    lists: false,
    toStored: (value) => Number(certain(value, typeof value === 'boolean')),
    fromStored: (value) => certain(value, value === 0n || value === 1n) === 1n,
  },
  DateTime: {
    comparisons: ordered,
    lists: true,
    toStored: (value) => {
      const time = value instanceof Date ? value.getTime() : Number.NaN
      return certain(time, !Number.isNaN(time))
    },
    fromStored: (value) =>
      new Date(
        Number(certain(value, typeof value === 'bigint' && isWithin(value, { least: -lastTime, most: lastTime }))),
      ),
  },
}

/** @param name of a type or of an enum in schema.prisma */
export function columnType(name: string): ColumnType {
  const members: Record<string, string> | undefined = (enums as Record<string, Record<string, string>>)[name]
  return members ? enumType(new Set(Object.values(members))) : (types[name] ?? unknownType)
}

function enumType(members: Set<unknown>): ColumnType {
  return {
    comparisons: same,
    lists: true,
    toStored: (value) => certain(value, members.has(value)),
    fromStored: (value) => certain(value, members.has(value)),
  }
}

const unknownType: ColumnType = {
  comparisons: new Map(),
  lists: false,
  toStored: (value) => certain(value, false),
  fromStored: (value) => certain(value, false),
}

function isWithin<Value extends number | bigint>(
  value: Value,
  { least, most }: { least: number | bigint; most: number | bigint },
): boolean {
  return value >= least && value <= most
}

function certain<Value>(value: Value, isKnown: boolean): Value & (string | number | bigint) {
  if (!isKnown) throw new LeftToPrisma('A value is not one of its type.')
  return value as Value & (string | number | bigint)
}
