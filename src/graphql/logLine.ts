// Log lines of a run, paged: they are read by no other query.

import type { LogLine as LogLineRow } from '../generated/prisma/client.ts'
import { builder } from './builder.ts'
import { LogLevel } from './enums.ts'
import { type Order, readPage } from './keyset.ts'

const LogLine = builder.prismaObject('LogLine', {
  description: "One entry of a run's log. It may have several lines of text, such as an exception with its stack.",
  fields: (t) => ({
    level: t.expose('level', { type: LogLevel, description: 'How grave it is.' }),
    sequence: t.exposeInt('sequence', { description: "The entry's place in the report, from 0." }),
    text: t.exposeString('text', {
      description: 'The entry as Duplicati wrote it. It is not escaped: it may hold anything.',
    }),
  }),
})

const bySequence: Order = { name: 'SEQUENCE', columns: [{ name: 'sequence', direction: 'asc', type: 'number' }] }

builder.prismaObjectField('Backup', 'logLines', (t) =>
  t.connection(
    {
      type: LogLine,
      description: "The run's log, in the order of the report. A long log is kept in part: see logLinesDropped.",
      select: { id: true },
      args: {
        level: t.arg({ type: [LogLevel], description: 'Only these levels.' }),
      },
      resolve: async (backup, args, { database }) => {
        const where = { backupId: backup.id, ...(args.level ? { level: { in: args.level } } : {}) }
        const page = await readPage<LogLineRow>(args, bySequence, (query) =>
          database.reader.logLine.findMany({ ...query, where: { AND: [where, query.where] } }),
        )
        return { ...page, totalCount: () => database.reader.logLine.count({ where }) }
      },
    },
    { name: 'LogLineConnection', description: 'A page of log lines.' },
    { name: 'LogLineEdge', description: 'A log line of a page, and where it lies in the list.' },
  ),
)
