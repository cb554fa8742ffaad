// What a plan must know of relations before it takes them from the rows.

import { isDeepStrictEqual } from 'node:util'
import type { RequestContext } from '../builder.ts'
import { LeftToExecutor } from './leftToExecutor.ts'

/** How Pothos is told what a relation's field selects; `nested` is given the query of the field itself. */
export type SelectOfRelation = (args: object, context: RequestContext, nested: (query: object) => object) => object

/**
 * The relations that one selection reads of its rows. Pothos loads a relation into a row once: what is asked of it with other
 * arguments it loads later, into another row. So all must ask for it alike, which is simple to see only of columns.
 */
export class PlannedRelations {
  readonly #context: RequestContext
  readonly #argumentsOf = new Map<string, object>()
  readonly #read = new Set<string>()

  constructor(context: RequestContext) {
    this.#context = context
  }

  /** A field that is a relation. */
  read(name: string, select: SelectOfRelation) {
    if (this.#read.has(name)) throw new LeftToExecutor('A relation is read twice.')
    this.#read.add(name)
    const selected = select({}, this.#context, (query) => query) as { select?: Record<string, object> }
    this.#note(name, selected.select?.[name])
  }

  /** A field that reads these columns, and these columns of relations. */
  select(select: object) {
    for (const [name, wanted] of Object.entries(select)) {
      if (typeof wanted !== 'object' || wanted === null) continue
      const columns = Object.values((wanted as { select?: object }).select ?? { all: null })
      if (columns.some((one) => one !== true)) throw new LeftToExecutor('It selects more than columns of a relation.')
      this.#note(name, wanted)
    }
  }

  #note(name: string, wanted: object | undefined) {
    if (typeof wanted !== 'object') throw new LeftToExecutor('How it asks for a relation is not known.')
    const { select: _, include: __, ...args } = wanted as { select?: object; include?: object }
    const known = this.#argumentsOf.get(name)
    if (known && !isDeepStrictEqual(known, args)) throw new LeftToExecutor('A relation is asked for in two ways.')
    this.#argumentsOf.set(name, args)
  }
}
