// Tags: which there are, and those of a server or a job.

import { worstState } from '../../domain/jobState.ts'
import type { TagUse } from '../../domain/tags.ts'
import { builder } from '../builder.ts'
import { JobState } from './enums.ts'

const Tag = builder.objectRef<TagUse>('Tag').implement({
  description: 'A word that people put on servers and jobs. The tag of a server counts for its jobs.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The tag itself, in lower case.' }),
    jobs: t.exposeInt('jobs', {
      description: 'How many jobs it counts for: those that carry it, and all jobs of the servers that do.',
    }),
    servers: t.exposeInt('servers', { description: 'How many servers carry it.' }),
    state: t.field({
      type: JobState,
      description:
        'The worst state among the jobs it counts for that are not paused; NEW without jobs, PAUSED if all are paused.',
      resolve: ({ states }) => worstState(states),
    }),
  }),
})

builder.queryField('tags', (t) =>
  t.field({
    type: [Tag],
    extensions: { needs: 'READ' },
    description: 'All tags that a server or a job carries, in the order of the alphabet.',
    resolve: (_, __, { database }) => database.tags.all(),
  }),
)

builder.prismaObjectField('Server', 'tags', (t) =>
  t.stringList({
    description: 'The tags that people put on it, in the order of the alphabet. They count for its jobs too.',
    select: { tags: { select: { tag: true }, orderBy: { tag: 'asc' } } },
    resolve: ({ tags }) => tags.map(({ tag }) => tag),
  }),
)

builder.prismaObjectField('BackupJob', 'tags', (t) =>
  t.stringList({
    description:
      'The tags that people put on it, in the order of the alphabet. Those of its server count for it as well, and are not listed here.',
    select: { tags: { select: { tag: true }, orderBy: { tag: 'asc' } } },
    resolve: ({ tags }) => tags.map(({ tag }) => tag),
  }),
)
