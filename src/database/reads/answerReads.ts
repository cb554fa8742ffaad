// Answers what is read through a PrismaClient with prepared statements, which takes a fraction of the time. What is asked in a way
// that is not known here for certain is left to Prisma, and so is what SQLite refuses: it finds the words for it.

import Database from 'better-sqlite3'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type Model, models } from '../rows/models.ts'
import { LeftToPrisma } from './leftToPrisma.ts'
import { countQuery, firstQuery, query, uniqueQuery } from './query.ts'
import { type RowReader, rowReader } from './readRows.ts'

type Method = (args?: unknown) => Promise<unknown>
type Delegate = Record<string, Method>

/** Does `work` when it is its turn. */
type InTurn = <T>(work: () => T) => Promise<T>

export interface AnsweredReads {
  /** Reads at once. */
  client: PrismaClient
  /** The client of one request, whose reads take turns with those of others. */
  inTurns(inTurn: InTurn): PrismaClient
}

/**
 * The client, with the answers of its own. Theirs are plain promises: they cannot be put into `$transaction`, and nothing can be
 * asked of them but their value.
 *
 * @param database a connection for reading only
 */
export function answerReads(client: PrismaClient, database: Database.Database): AnsweredReads {
  const reader = rowReader(database)
  const answers = new Map<unknown, Map<unknown, Answer>>()
  for (const [name, model] of models) {
    answers.set(`${name.charAt(0).toLowerCase()}${name.slice(1)}`, answersOf(model, reader))
  }
  const clientOf = (inTurn: InTurn) => {
    const delegates = new Map<unknown, Delegate>()
    return new Proxy(client, {
      get: (target, name) => {
        const own = answers.get(name)
        if (!own) return Reflect.get(target, name)
        const delegate = delegates.get(name) ?? answering(Reflect.get(target, name) as unknown as Delegate, own, inTurn)
        delegates.set(name, delegate)
        return delegate
      },
    })
  }
  return { client: clientOf(async (work) => work()), inTurns: clientOf }
}

type Answer = (args: unknown) => unknown

function answersOf(model: Model, reader: RowReader): Map<unknown, Answer> {
  const first: Answer = (args) => reader.rows(firstQuery(model, args))[0]
  const unique: Answer = (args) => reader.rows(uniqueQuery(model, args))[0]
  const answers: Record<string, Answer> = {
    findMany: (args) => reader.rows(query(model, args)),
    findFirst: (args) => first(args) ?? null,
    findFirstOrThrow: (args) => first(args) ?? missing(),
    findUnique: (args) => unique(args) ?? null,
    findUniqueOrThrow: (args) => unique(args) ?? missing(),
    count: (args) => reader.count(countQuery(model, args)),
  }
  return new Map(Object.entries(answers))
}

function answering(delegate: Delegate, answers: Map<unknown, Answer>, inTurn: InTurn): Delegate {
  const method =
    (name: string, answer: Answer) =>
    async (args: unknown = {}) => {
      try {
        return await inTurn(() => answer(args))
      } catch (error) {
        if (!(error instanceof LeftToPrisma || error instanceof Database.SqliteError)) throw error
        return delegate[name]?.(args)
      }
    }
  return new Proxy(delegate, {
    get: (target, name) => {
      const answer = answers.get(name)
      return answer ? method(name as string, answer) : Reflect.get(target, name)
    },
  })
}

function missing(): never {
  throw new LeftToPrisma('Prisma says so when there is none.')
}
