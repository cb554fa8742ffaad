// Makes `contains` of a Prisma query mean the text as it is. Prisma writes LIKE for it, in which % and _ stand for anything,
// and has no way to say that they do not.

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'

const asPrismaWritesIt = "LIKE ('%' || ? || '%')"
/** What follows the column: it holds the text. */
export const literalContains = String.raw`LIKE ('%' || replace(replace(replace(?, '\', '\\'), '%', '\%'), '_', '\_') || '%') ESCAPE '\'`

/** The adapter of Prisma, with `contains` taken literally. Prisma reads through it; transactions are not changed. */
export class LiteralSqlite extends PrismaBetterSqlite3 {
  override async connect() {
    const adapter = await super.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = (query) => queryRaw({ ...query, sql: query.sql.replaceAll(asPrismaWritesIt, literalContains) })
    return adapter
  }
}
