// What was received, or noticed, since a moment: where a client that asks again and again goes on.

/** By how much a clock may have been set back, in milliseconds. */
const setBackMs = 24 * 60 * 60 * 1000

/** Of rows that are numbered in the order in which they were written: Prisma's delegate of a model. */
interface Numbered {
  findFirst(query: object): Promise<{ id: number } | null>
}

/**
 * The condition that a row was written at `moment` or later, by the clock of that time. It names a number as well from which on such
 * rows are found: there, a list that goes by numbers can begin.
 *
 * @param column the time of writing, which has an index
 */
export async function since(rows: Numbered, column: string, moment: Date | null | undefined): Promise<object> {
  if (!moment) return {}
  const first = await rows.findFirst({
    where: { [column]: { gte: new Date(moment.getTime() - setBackMs) } },
    orderBy: { [column]: 'asc' },
    select: { id: true },
  })
  return { [column]: { gte: moment }, id: first ? { gte: first.id } : { in: [] } }
}
