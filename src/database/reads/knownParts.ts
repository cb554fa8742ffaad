// Takes apart what Prisma's methods are given: an object of which every key must be known.

import { LeftToPrisma } from './leftToPrisma.ts'

/**
 * What a plain object holds. It may be undefined, which means absent; Prisma refuses a key that it does not know all the same.
 *
 * @throws LeftToPrisma if it is no plain object
 */
export function partsOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw new LeftToPrisma('It is no object.')
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new LeftToPrisma('It is no plain object.')
  return Object.entries(value)
}

/**
 * The same, by name.
 *
 * @throws LeftToPrisma if it is no plain object, or has another key than these
 */
export function knownParts<Name extends string>(
  value: unknown,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  const parts = partsOf(value)
  for (const [name] of parts)
    if (!(names as readonly string[]).includes(name)) throw new LeftToPrisma(`What is ${name}?`)
  return Object.fromEntries(parts) as Partial<Record<Name, unknown>>
}
