// Makes one page of several lists: each is read along an index and no further than the page, which one list of them all
// could not be without being sorted first.

import type { PageQuery } from './keyset.ts'

/** The first rows of lists that are each in the order of the query. Its columns are numbers or times. */
export function mergeLists<Row>(lists: Row[][], { orderBy, take }: PageQuery): Row[] {
  const [only, ...others] = lists
  if (only && others.length === 0) return only
  const columns = orderBy.flatMap((column) => Object.entries(column))
  const value = (row: Row, name: string) => Number((row as Record<string, unknown>)[name])
  const compare = (a: Row, b: Row) => {
    for (const [name, direction] of columns) {
      const difference = value(a, name) - value(b, name)
      if (difference !== 0) return direction === 'asc' ? difference : -difference
    }
    return 0
  }
  return lists.flat().sort(compare).slice(0, take)
}
