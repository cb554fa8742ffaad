// The mutation that takes a report in, for scripts that already speak GraphQL.

import { readReport } from '../../duplicati/readReport.ts'
import { noteRefusal, takeReport } from '../../services/reports/takeReport.ts'
import { builder } from '../builder.ts'
import { Backup } from './backup.ts'

interface Outcome {
  backupId: number | null
  duplicate: boolean
  ignored: string | null
}

const RecordReportPayload = builder.objectRef<Outcome>('RecordReportPayload').implement({
  description: 'The outcome of recordReport.',
  fields: (t) => ({
    backup: t.prismaField({
      type: Backup,
      nullable: true,
      description:
        'The recorded run; for a repeated report, the run that was recorded first. Null if the report was ignored.',
      resolve: (query, { backupId }, _, { database }) =>
        backupId === null ? null : database.reader.backup.findUnique({ ...query, where: { id: backupId } }),
    }),
    duplicate: t.exposeBoolean('duplicate', {
      extensions: { needs: 'REPORT' },
      description: 'Whether the run had been recorded before.',
    }),
    ignored: t.exposeString('ignored', {
      nullable: true,
      extensions: { needs: 'REPORT' },
      description: 'The operation of a report that is not about a backup, such as `Restore`; null for backups.',
    }),
  }),
})

builder.mutationField('recordReport', (t) =>
  t.field({
    type: RecordReportPayload,
    extensions: { needs: 'REPORT' },
    description: 'Records a report of Duplicati, as POST /api/upload does.',
    args: {
      report: t.arg({
        type: 'JSON',
        required: true,
        description:
          "Duplicati's report. Numbers beyond 2^53 lose digits here; post such a report to /api/upload instead.",
      }),
    },
    resolve: (_, { report }, context): Promise<Outcome> =>
      noteRefusal(context, {}, async () => {
        const read = readReport(report, {
          machine: null,
          maxLogLines: context.config.maxLogLines,
          text: () => JSON.stringify(report),
        })
        const taken = await takeReport(context, read)
        if ('ignored' in taken) return { backupId: null, duplicate: false, ignored: taken.ignored }
        return { ...taken, ignored: null }
      }),
  }),
)
