// Pages over a list that changes while it is read. A cursor holds the order's values of its item, not the item: the page
// after it is what lies beyond those values, however many items have come or gone, the cursor's own among them.

import { badInput } from '../../domain/errors.ts'

/** One column of an order. The last column of an order must be unique. */
export interface OrderColumn {
  name: string
  direction: 'asc' | 'desc'
  type: 'number' | 'size' | 'real' | 'text' | 'time'
  /** SQLite sorts null before everything else. */
  nullable?: boolean
  /** Nulls come last in either direction. That can be said of the first column alone. */
  nullsLast?: boolean
}

/** A list's order, named as clients name it. */
export interface Order {
  name: string
  columns: OrderColumn[]
}

export interface PageArguments {
  first?: number | null | undefined
  last?: number | null | undefined
  after?: string | null | undefined
  before?: string | null | undefined
}

/** What a page needs from the database, in Prisma's terms. */
export interface PageQuery {
  where: object
  orderBy: Record<string, 'asc' | 'desc'>[]
  /** One more than the page holds: whether it comes tells if there is more. */
  take: number
}

export interface Page<Row> {
  edges: Edge<Row>[]
  pageInfo: PageInfo
}

// Few ask for all cursors, so each is made when it is asked for. These are classes because V8 keeps a shape of its own for every
// object that is written with a getter, and with the shape, until it collects all garbage, what the getter sees: all rows.

class Edge<Row> {
  readonly node: Row
  readonly #order: Order

  constructor(node: Row, order: Order) {
    this.node = node
    this.#order = order
  }

  get cursor(): string {
    return encodeCursor(this.#order, this.node)
  }
}

class PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #edges: Edge<unknown>[]

  constructor(
    edges: Edge<unknown>[],
    { hasNextPage, hasPreviousPage }: { hasNextPage: boolean; hasPreviousPage: boolean },
  ) {
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
    this.#edges = edges
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null
  }
}

/**
 * Both directions of an order, such as `NAME_ASC` and `NAME_DESC`; the id decides between equals. Without a column, the ids
 * alone are the order: that in which things were recorded.
 */
export function bothDirections<Name extends string>(name: Name, column?: Omit<OrderColumn, 'direction'>) {
  const order = (direction: 'asc' | 'desc'): Order => ({
    name: `${name}_${direction.toUpperCase()}`,
    columns: [...(column ? [{ ...column, direction }] : []), { name: 'id', direction, type: 'number' }],
  })
  return { [`${name}_ASC`]: order('asc'), [`${name}_DESC`]: order('desc') } as Record<
    `${Name}_${'ASC' | 'DESC'}`,
    Order
  >
}

export const defaultSize = 20
export const maxSize = 100

type Value = string | number | bigint | Date | null

/**
 * Reads one page.
 *
 * @param find reads the rows; they must hold the order's columns
 * @throws DomainError BAD_USER_INPUT for a size out of range, or a cursor that is not of this order
 */
export async function readPage<Row>(
  args: PageArguments,
  order: Order,
  find: (query: PageQuery) => Promise<Row[]>,
): Promise<Page<Row>> {
  const size = pageSize(args)
  const backward = args.last !== undefined && args.last !== null
  const after = args.after ? decodeCursor(order, args.after, 'after') : null
  const before = args.before ? decodeCursor(order, args.before, 'before') : null
  const stretches = stretchesOf(order, after, before)
  const rows: Row[] = []
  for (const { columns, where } of backward ? stretches.reverse() : stretches) {
    const orderBy = (backward ? reversed(columns) : columns).map(({ name, direction }) => ({ [name]: direction }))
    if (rows.length <= size) rows.push(...(await find({ where, orderBy, take: size + 1 - rows.length })))
  }
  const more = rows.length > size
  const kept = rows.slice(0, size)
  if (backward) kept.reverse()
  const edges = kept.map((node) => new Edge(node, order))
  return {
    edges,
    pageInfo: new PageInfo(edges, {
      hasNextPage: backward ? Boolean(args.before) : more,
      hasPreviousPage: backward ? more : Boolean(args.after),
    }),
  }
}

function pageSize({ first, last }: PageArguments): number {
  if (typeof first === 'number' && typeof last === 'number') {
    throw badInput('The page is not valid', [{ path: 'last', message: 'cannot be combined with first' }])
  }
  const size = first ?? last ?? defaultSize
  if (size < 0 || size > maxSize) {
    const path = typeof first === 'number' ? 'first' : 'last'
    throw badInput('The page size is not valid', [{ path, message: `must be from 0 to ${maxSize}, not ${size}` }])
  }
  return size
}

/** A part of a list that is read by one statement. */
interface Stretch {
  columns: OrderColumn[]
  where: object
}

/**
 * The list between two cursors, in its order: one stretch, or, where nulls come last, what has a value and what has none. Each is in
 * the order of an index, which has the nulls first.
 */
function stretchesOf({ columns }: Order, after: Value[] | null, before: Value[] | null): Stretch[] {
  const bounded = (own: OrderColumn[], from: Value[] | null, to: Value[] | null, which: object[] = []): Stretch => ({
    columns: own,
    where: {
      AND: [...which, ...(from ? [beyond(own, from)] : []), ...(to ? [beyond(reversed(own), to)] : [])],
    },
  })
  const [first, ...others] = columns
  if (!first?.nullsLast) return [bounded(columns, after, before)]
  const { name, direction, type } = first
  const isNull = (values: Value[] | null) => values?.[0] === null
  const stretches: Stretch[] = []
  if (!isNull(after)) {
    const own = [{ name, direction, type }, ...others]
    stretches.push(bounded(own, after, isNull(before) ? null : before, [{ [name]: { not: null } }]))
  }
  if (!before || isNull(before)) {
    const rest = (values: Value[] | null) => (values && isNull(values) ? values.slice(1) : null)
    stretches.push(bounded(others, rest(after), rest(before), [{ [name]: null }]))
  }
  return stretches
}

/**
 * What lies beyond `values` in the order. The first column is bounded on its own as well, so that an index on it is
 * entered at the cursor and not at its start.
 */
function beyond(columns: OrderColumn[], values: Value[]): object {
  const alternatives = columns.map((column, index) => ({
    AND: [
      ...columns.slice(0, index).map(({ name }, earlier) => ({ [name]: values[earlier] ?? null })),
      past(column, values[index] ?? null),
    ],
  }))
  const [first] = columns
  const bound =
    first && !first.nullable ? [{ [first.name]: { [first.direction === 'asc' ? 'gte' : 'lte']: values[0] } }] : []
  return { AND: [...bound, { OR: alternatives }] }
}

function past({ name, direction, nullable }: OrderColumn, value: Value): object {
  if (direction === 'asc') return { [name]: value === null ? { not: null } : { gt: value } }
  if (value === null) return { OR: [] }
  return nullable ? { OR: [{ [name]: { lt: value } }, { [name]: null }] } : { [name]: { lt: value } }
}

function reversed(columns: OrderColumn[]): OrderColumn[] {
  return columns.map((column) => ({ ...column, direction: column.direction === 'asc' ? 'desc' : 'asc' }))
}

function encodeCursor(order: Order, row: unknown): string {
  const values = order.columns.map(({ name }) => (row as Record<string, Value>)[name])
  const plain = values.map((value) => {
    if (typeof value === 'bigint') return String(value)
    return value instanceof Date ? value.getTime() : value
  })
  return Buffer.from(JSON.stringify([order.name, ...plain])).toString('base64url')
}

function decodeCursor(order: Order, cursor: string, path: string): Value[] {
  try {
    const [name, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (name === order.name && values.length === order.columns.length) {
      return order.columns.map((column, index) => decodeValue(column, values[index]))
    }
  } catch {
    // Not a cursor at all: the same message serves.
  }
  throw badInput('The cursor is not valid here', [
    { path, message: `is not a cursor of a list ordered by ${order.name}` },
  ])
}

/** What a Date can hold, in milliseconds from 1970, and what a column of whole numbers can. */
const lastMoment = 8.64e15
const lastNumber = 2 ** 31 - 1

function decodeValue({ type, nullable }: OrderColumn, value: unknown): Value {
  if (value === null && nullable) return null
  if (type === 'text' && typeof value === 'string') return value
  if (type === 'size' && isInt64(value)) return BigInt(value)
  if (type === 'real' && Number.isFinite(value)) return value as number
  if (type === 'time' && Number.isInteger(value) && Math.abs(value as number) <= lastMoment)
    return new Date(value as number)
  if (type === 'number' && Number.isInteger(value) && Math.abs(value as number) <= lastNumber) return value as number
  throw new TypeError('not a value of this column')
}

function isInt64(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)
}
