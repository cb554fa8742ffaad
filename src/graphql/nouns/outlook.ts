// What the last runs of a job let expect.

import type { Outlook as OutlookOfJob } from '../../domain/unusual/outlook.ts'
import { outlook } from '../../services/runs/outlook.ts'
import { builder } from '../builder.ts'

const Outlook = builder.objectRef<OutlookOfJob>('Outlook').implement({
  description:
    'What the last runs of a job let expect. Runs that failed or were cut short, dry runs and prevented runs do not count.',
  fields: (t) => ({
    runs: t.exposeInt('runs', {
      description:
        'The number of runs that it is made of: of the last 100, or of the last 1,000 of a job that runs often.',
    }),
    usualDurationSeconds: t.exposeFloat('usualSeconds', {
      nullable: true,
      description: 'How long a run usually takes, in seconds: the median of the last 60. Null if fewer than ten tell.',
    }),
    usualChangedFiles: t.field({
      type: 'BigInt',
      description: 'How many files a run usually finds changed or deleted: the median of the last 60.',
      resolve: ({ usualFiles }) => BigInt(Math.round(usualFiles)),
    }),
    growthPerDay: t.field({
      type: 'BigInt',
      nullable: true,
      description:
        'By how many bytes the size at the destination grows a day, negative if it shrinks: the median slope of the last 90 days. Null with fewer than ten runs over two weeks.',
      resolve: ({ filling }) => filling && BigInt(Math.round(filling.growthPerDay)),
    }),
    freeSize: t.field({
      type: 'BigInt',
      nullable: true,
      description:
        'Bytes that still fit into the destination, or into the quota that is set in Duplicati, as last reported. Null if no quota is reported, or while growthPerDay is null.',
      resolve: ({ filling }) => (filling?.free == null ? null : BigInt(Math.round(filling.free))),
    }),
    fullAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the destination will be full at this growth, or at that of what others store there, if that is faster. Null if it does not grow, if its free space is not known, or if that is more than two years away.',
      resolve: ({ filling }) => filling?.fullAt ?? null,
    }),
  }),
})

builder.prismaObjectField('BackupJob', 'outlook', (t) =>
  t.field({
    type: Outlook,
    nullable: true,
    description:
      'What its last runs let expect; null if fewer than ten of the last 100 can be compared. It is calculated from up to 1,100 runs of the job, which count towards what one query may read, like those of histories.',
    select: { id: true },
    resolve: ({ id }, _, context) => outlook(context, context.histories, id),
  }),
)
