// The run of a job that is under way.

import type { LiveRun } from '../../domain/running.ts'
import { builder } from '../builder.ts'

const RunningBackup = builder.objectRef<LiveRun>('RunningBackup').implement({
  description:
    'A run that is under way, as Duplicati 2.3.1 and later post it with `--http-report-status-url`. It is not stored.',
  fields: (t) => ({
    phase: t.exposeString('phase', {
      description: 'What Duplicati does now, in its own words, such as `Backup_ProcessingFiles`.',
    }),
    progress: t.exposeFloat('progress', {
      nullable: true,
      description:
        'How far it is, from 0 to 1, as Duplicati estimates it; it stays 0 during uploads. Null before the first estimate.',
    }),
    since: t.expose('since', { type: 'DateTime', description: 'When it began.' }),
    bytes: t.expose('bytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes of the source that were processed so far. Null until Duplicati tells.',
    }),
    files: t.expose('files', {
      type: 'BigInt',
      nullable: true,
      description: 'Files that were processed so far. Null until Duplicati tells.',
    }),
  }),
})

builder.prismaObjectField('BackupJob', 'running', (t) =>
  t.field({
    type: RunningBackup,
    nullable: true,
    description:
      'The run that is under way, if Duplicati posts that. Null when it ends, and when nothing was heard of it for five minutes.',
    select: { id: true },
    resolve: ({ id }, _, { running }) => running.of(id),
  }),
)
