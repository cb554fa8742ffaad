// From where on something is unusual: the type of a rule, and what can be done with it.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import { type UnusualKind as Kind, unusualKinds } from '../../domain/unusual/limits.ts'
import { deleteUnusualRule, setUnusualRule, unusualLimits } from '../../services/telling/unusualRules.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { type Order, readPage } from '../lists/keyset.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'

const UnusualKind = builder.enumType('UnusualKind', {
  description: 'What can be unusual about a job, and the unit of its threshold.',
  values: {
    MANY_FILES_CHANGED: {
      description:
        'A run finds many more files changed or deleted than any before it: more than so many at least, by default 1,000.',
    },
    TOOK_LONG: {
      description: 'A run takes much longer than usual: more than so many seconds at least, by default 3,600.',
    },
    FEWER_VERSIONS: {
      description: 'So many versions or more are gone from the destination at once, by default 3.',
    },
    DESTINATION_FILLS_UP: {
      description: 'At its present growth, the destination will be full within so many days, by default 30.',
    },
    NO_SUCCESS: {
      description:
        'The job had no run with the status SUCCESS for more than so many days. By default it is not checked.',
    },
  } as const,
})

const thresholdOf = 'In the unit of its kind. Null: it is never unusual.'

const UnusualRule = builder.prismaNode('UnusualRule', {
  id: { field: 'id', description: 'Like `UnusualRule:3`.' },
  nullable: true,
  description: `From where on something is unusual: of one job, of all jobs with a tag, or everywhere. If several rules of a kind match a job, the
most specific one counts: the rule for the job, else that for a tag of the job, else that for a tag of its server, else the one for
everything. Of several tags, the strictest one counts.`,
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    kind: t.expose('kind', { type: UnusualKind, description: 'What is unusual.' }),
    threshold: t.exposeFloat('threshold', { nullable: true, description: thresholdOf }),
    job: t.relation('job', {
      nullable: true,
      description: 'The job it applies to; null if it applies to more than one job.',
    }),
    tag: t.exposeString('tag', {
      nullable: true,
      description: 'The tag whose jobs it applies to; null if it does not apply to a tag.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first set.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last set.' }),
  }),
})

const byId: Order = { name: 'ID', columns: [{ name: 'id', direction: 'asc', type: 'number' }] }

builder.queryField('unusualRules', (t) =>
  t.connection(
    {
      type: UnusualRule,
      extensions: { needs: 'READ' },
      description: 'All rules of what is unusual, the oldest first. What no rule says is built in.',
      resolve: async (_, args, context, info) => {
        const { unusualRule } = context.database.reader
        const selection = nodeSelection(context, info, byId)
        const page = await readPage(args, byId, (query) => unusualRule.findMany({ ...selection, ...query }))
        return { ...page, totalCount: () => unusualRule.count() }
      },
    },
    { name: 'UnusualRuleConnection', description: 'A page of rules of what is unusual.' },
    { name: 'UnusualRuleEdge', description: 'A rule of what is unusual on a page, with its cursor.' },
  ),
)

const UnusualLimit = builder.objectRef<{ kind: Kind; threshold: number | null }>('UnusualLimit').implement({
  description: 'From where on something is unusual about a job.',
  fields: (t) => ({
    kind: t.expose('kind', { type: UnusualKind, description: 'What is unusual.' }),
    threshold: t.exposeFloat('threshold', { nullable: true, description: thresholdOf }),
  }),
})

builder.prismaObjectField('BackupJob', 'unusualLimits', (t) =>
  t.field({
    type: [UnusualLimit],
    description:
      'From where on something is unusual about it: of each kind, what its rules say, or else what is built in.',
    select: { id: true, serverId: true },
    resolve: ({ id, serverId }, _, context) => {
      const limits = unusualLimits(context, id, serverId)
      return unusualKinds.map((kind) => ({ kind, threshold: limits[kind] }))
    },
  }),
)

const SetUnusualRuleInput = builder.inputType('SetUnusualRuleInput', {
  description: 'A rule for one job, for all jobs with a tag, or, with neither, for everything.',
  fields: (t) => ({
    kind: t.field({ type: UnusualKind, required: true, description: 'What is unusual.' }),
    threshold: t.float({ description: thresholdOf }),
    job: t.id({ description: 'The one job it applies to.' }),
    tag: t.string({ description: 'The tag whose jobs it applies to. Nothing needs to have it yet.' }),
  }),
})

const SetUnusualRulePayload = builder.objectRef<{ ruleId: number }>('SetUnusualRulePayload').implement({
  description: 'The outcome of setUnusualRule.',
  fields: (t) => ({
    unusualRule: t.prismaField({
      type: UnusualRule,
      description: 'The rule as it is now.',
      resolve: (query, { ruleId }, _, { database }) =>
        database.reader.unusualRule.findUniqueOrThrow({ ...query, where: { id: ruleId } }),
    }),
  }),
})

builder.mutationField('setUnusualRule', (t) =>
  t.field({
    type: SetUnusualRulePayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Sets from where on something is unusual: of one job, of all jobs with a tag, or everywhere. It replaces an earlier rule for the same, and applies to runs that are recorded from now on.',
    args: { input: t.arg({ type: SetUnusualRuleInput, required: true, description: 'The rule.' }) },
    resolve: async (_, { input: { kind, threshold, job, tag } }, context) => ({
      ruleId: await setUnusualRule(context, job ? keyOf('BackupJob', job, 'job') : null, {
        kind,
        threshold: threshold ?? null,
        tag: tag ?? null,
      }),
    }),
  }),
)

const DeleteUnusualRulePayload = builder
  .objectRef<{ deletedUnusualRule: typeof UnusualRule.$inferType }>('DeleteUnusualRulePayload')
  .implement({
    description: 'What deleteUnusualRule removed.',
    fields: (t) => ({
      deletedUnusualRule: t.expose('deletedUnusualRule', { type: UnusualRule, description: 'The rule as it was.' }),
    }),
  })

builder.mutationField('deleteUnusualRule', (t) =>
  t.field({
    type: DeleteUnusualRulePayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Deletes a rule of what is unusual. The next most specific one applies then, or else what is built in.',
    args: { id: t.arg.id({ required: true, description: 'Which rule.' }) },
    resolve: async (_, { id }, context, info) => {
      const ruleId = keyOf('UnusualRule', id, 'id')
      const query = queryFromInfo({ context, info, path: ['deletedUnusualRule'] })
      const deletedUnusualRule = await context.database.reader.unusualRule.findUnique({
        ...query,
        where: { id: ruleId },
      })
      if (!deletedUnusualRule) throw new DomainError('NOT_FOUND', `There is no UnusualRule:${ruleId}.`)
      await deleteUnusualRule(context, ruleId)
      return { deletedUnusualRule }
    },
  }),
)
