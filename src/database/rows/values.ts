// How values of the types of schema.prisma are stored, and what is made of what was stored. Times are milliseconds since 1970.

/** A value as a statement takes and brings it. */
export type Stored = string | number | bigint | null

/** What is stored for a value, of any type. */
export function toStored(value: unknown): Stored {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'boolean') return Number(value)
  return (value ?? null) as Stored
}

type FromStored = (value: Stored) => unknown

const ofType: Record<string, FromStored> = {
  Int: Number,
  BigInt: (value) => BigInt(value ?? 0),
  Float: Number,
  Boolean: (value) => Number(value) === 1,
  DateTime: (value) => new Date(Number(value)),
}

/** Makes values of what was stored of a type or an enum of schema.prisma; a text and a member of an enum are what was stored. */
export function fromStored(type: string): FromStored {
  const read = ofType[type]
  return read ? (value) => (value === null ? null : read(value)) : (value) => value
}
