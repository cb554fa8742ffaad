// Answers what is read through a PrismaClient with prepared statements, which takes a fraction of the time. What is asked in a way
// that is not known here for certain is left to Prisma, and so is what SQLite refuses: it finds the words for it.

import Database from 'better-sqlite3'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { LeftToPrisma } from './leftToPrisma.ts'
import { type Model, modelsOf } from './models.ts'
import { countQuery, firstQuery, query, uniqueQuery } from './query.ts'
import { type RowReader, rowReader } from './readRows.ts'

type Method = (args?: unknown) => Promise<unknown>
type Delegate = Record<string, Method>

/**
 * The client, with the answers of its own. Theirs are plain promises: they cannot be put into `$transaction`, and nothing can be
 * asked of them but their value.
 *
 * @param database a connection for reading only
 */
export function answerReads(client: PrismaClient, database: Database.Database): PrismaClient {
  const reader = rowReader(database)
  const delegates = new Map<unknown, Delegate>()
  for (const [name, model] of modelsOf(client)) {
    const property = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
    delegates.set(
      property,
      answering((client as unknown as Record<string, Delegate>)[property] as Delegate, model, reader),
    )
  }
  return new Proxy(client, { get: (target, name) => delegates.get(name) ?? Reflect.get(target, name) })
}

function answering(delegate: Delegate, model: Model, reader: RowReader): Delegate {
  const first = (args: unknown) => reader.rows(firstQuery(model, args))[0]
  const unique = (args: unknown) => reader.rows(uniqueQuery(model, args))[0]
  const answers: Record<string, (args: unknown) => unknown> = {
    findMany: (args) => reader.rows(query(model, args)),
    findFirst: (args) => first(args) ?? null,
    findFirstOrThrow: (args) => first(args) ?? missing(),
    findUnique: (args) => unique(args) ?? null,
    findUniqueOrThrow: (args) => unique(args) ?? missing(),
    count: (args) => reader.count(countQuery(model, args)),
  }
  const methods = new Map(
    Object.entries(answers).map(([name, answer]): [unknown, Method] => [
      name,
      async (args = {}) => {
        try {
          return answer(args)
        } catch (error) {
          if (!(error instanceof LeftToPrisma || error instanceof Database.SqliteError)) throw error
          return delegate[name]?.(args)
        }
      },
    ]),
  )
  return new Proxy(delegate, { get: (target, name) => methods.get(name) ?? Reflect.get(target, name) })
}

function missing(): never {
  throw new LeftToPrisma('Prisma says so when there is none.')
}
