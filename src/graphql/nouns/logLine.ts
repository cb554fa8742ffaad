// Log lines of a run, paged: they are read by no other query.

import { DomainError } from '../../domain/errors.ts'
import type { LogLine as LogLineRow } from '../../generated/prisma/client.ts'
import { builder, type RequestContext } from '../builder.ts'
import { type Order, readPage } from '../lists/keyset.ts'
import { LogLevel } from './enums.ts'

const LogLine = builder.prismaObject('LogLine', {
  description: "One entry of a run's log. It may have several lines of text, such as an exception with its stack.",
  fields: (t) => ({
    level: t.expose('level', { type: LogLevel, description: 'Its level.' }),
    sequence: t.exposeInt('sequence', { description: 'Its position in the report, from 0.' }),
    text: t.exposeString('text', {
      description:
        'The text as Duplicati wrote it. Of a longer text only the first 8 KiB are given, with a note of how much is missing. It is not escaped: it may contain anything.',
    }),
  }),
})

const bySequence: Order = { name: 'SEQUENCE', columns: [{ name: 'sequence', direction: 'asc', type: 'number' }] }

builder.prismaObjectField('Backup', 'logLines', (t) =>
  t.connection(
    {
      type: LogLine,
      description:
        'The log of the run, in the order of the report. Only part of a long log is kept: see logLinesDropped.',
      select: { id: true },
      args: {
        level: t.arg({ type: [LogLevel], description: 'Only these levels.' }),
      },
      resolve: async (backup, args, { database, listed }) => {
        const where = { backupId: backup.id, ...(args.level ? { level: { in: args.level } } : {}) }
        const page = await readPage<LogLineRow>(args, bySequence, async (query) => {
          const lines = await database.reader.logLine.findMany({
            ...query,
            select: { backupId: true, level: true, sequence: true },
            where: { AND: [where, query.where] },
          })
          return database.logLines.withText(backup.id, lines)
        })
        spend(
          listed,
          page.edges.reduce((sum, { node }) => sum + node.text.length, 0),
        )
        return { ...page, totalCount: () => database.reader.logLine.count({ where }) }
      },
    },
    { name: 'LogLineConnection', description: 'A page of log lines.' },
    { name: 'LogLineEdge', description: 'A log line on a page, with its cursor.' },
  ),
)

/** How much text of logs one answer holds, in characters: twenty pages of the longest lines, or a thousand of usual ones. */
const maxLogText = 16 * 1024 * 1024

/** @throws DomainError QUERY_TOO_COMPLEX if the answer would hold more than it may */
function spend(listed: RequestContext['listed'], length: number) {
  listed.logText += length
  if (listed.logText <= maxLogText) return
  throw new DomainError(
    'QUERY_TOO_COMPLEX',
    `The answer would hold more than ${maxLogText} characters of log lines; ask for the logs of fewer runs, or for fewer lines.`,
  )
}
