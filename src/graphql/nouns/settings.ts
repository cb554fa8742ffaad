// What holds for all jobs: the settings, the words of messages, and what can be done with both.

import {
  type NotificationEvent as EventName,
  type Message as MessageValue,
  notificationEvents,
} from '../../domain/messages/notification.ts'
import { defaultTemplates, placeholders, type Template as TemplateValue } from '../../domain/messages/template.ts'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'
import { previewTemplate, setTemplate, updateSettings } from '../../services/upkeep/settings.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { NotificationEvent, Priority } from './enums.ts'

interface EventTemplate extends TemplateValue {
  event: EventName
  builtIn: boolean
}

const Template = builder.objectRef<EventTemplate>('Template').implement({
  description: 'The words in which something is told.',
  fields: (t) => ({
    event: t.expose('event', { type: NotificationEvent, description: 'What they tell.' }),
    title: t.exposeString('title', { description: 'In one line, with placeholders in braces.' }),
    message: t.exposeString('message', { description: 'The text, with placeholders in braces.' }),
    priority: t.expose('priority', { type: Priority, description: 'How loud the message is.' }),
    tags: t.exposeStringList('tags', { description: 'Words that go along; ntfy shows some as emoji.' }),
    builtIn: t.exposeBoolean('builtIn', { description: 'Whether nobody set others.' }),
  }),
})

const Settings = builder.prismaObject('Settings', {
  description: 'What holds for all jobs.',
  select: {},
  fields: (t) => ({
    id: t.id({
      description: 'Always the same: by it a client knows what a mutation changed.',
      resolve: () => 'Settings',
    }),
    toleranceSeconds: t.exposeInt('toleranceSeconds', {
      description:
        'How long after it was due a job is only late, in seconds, where the job has no tolerance of its own.',
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: "By whose clock messages give times; null for the server's own.",
    }),
    serverTimeZone: t.field({
      type: 'TimeZone',
      description: "The server's own time zone: what holds wherever none is set.",
      resolve: () => machineTimeZone(),
    }),
    keepDays: t.exposeInt('keepDays', {
      nullable: true,
      description: `After how many days runs are removed, with what was told of them and became of their jobs; null: never. The
latest run of a job always stays, and so do its last success and those from which it knows its sizes and its next run.`,
    }),
    keepPerJob: t.exposeInt('keepPerJob', {
      nullable: true,
      description:
        'How many of its latest runs a job keeps, dry runs not counted; null: all. The same ones always stay.',
    }),
    keepLogDays: t.exposeInt('keepLogDays', {
      nullable: true,
      description: 'After how many days the logs of runs are removed; null: with the runs.',
    }),
    templates: t.field({
      type: [Template],
      description: 'The words for each event.',
      resolve: async (_, __, { database }) => {
        const rows = await database.reader.notificationTemplate.findMany()
        return notificationEvents.map((event) => {
          const set = rows.find((row) => row.event === event)
          if (!set) return { event, ...defaultTemplates[event], builtIn: true }
          return { ...set, tags: JSON.parse(set.tags) as string[], builtIn: false }
        })
      },
    }),
  }),
})

builder.queryField('settings', (t) =>
  t.prismaField({
    type: Settings,
    extensions: { needs: 'READ' },
    description: 'What holds for all jobs.',
    resolve: (query, _, __, { database }) => database.reader.settings.findFirstOrThrow(query),
  }),
)

/** What every mutation here answers with. */
const settingsPayload = (name: string, description: string) =>
  builder.objectRef<object>(name).implement({
    description,
    fields: (t) => ({
      settings: t.prismaField({
        type: Settings,
        description: 'The settings as they are now.',
        resolve: (query, _, __, { database }) => database.reader.settings.findFirstOrThrow(query),
      }),
    }),
  })

const UpdateSettingsInput = builder.inputType('UpdateSettingsInput', {
  description: 'What to change of the settings: what is left out stays as it is.',
  fields: (t) => ({
    toleranceSeconds: t.int({
      description:
        'How long after it was due a job is only late, in seconds, up to a year. Every job is judged by it at once.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description: "By whose clock messages give times; null for the server's own.",
    }),
    keepDays: t.int({
      description: `After how many days runs are removed, with what was told of them and became of their jobs: up to 36,500; null
for never. Removing begins at once.`,
    }),
    keepPerJob: t.int({
      description: 'How many of its latest runs a job keeps: up to 1,000,000; null for all. Removing begins at once.',
    }),
    keepLogDays: t.int({
      description: 'After how many days the logs of runs are removed: up to 36,500; null for never before the runs.',
    }),
  }),
})

builder.mutationField('updateSettings', (t) =>
  t.field({
    type: settingsPayload('UpdateSettingsPayload', 'The outcome of updateSettings.'),
    extensions: { needs: 'ADMIN' },
    description: 'Changes what holds for all jobs.',
    args: { input: t.arg({ type: UpdateSettingsInput, required: true, description: 'What to change.' }) },
    resolve: async (_, { input }, context) => {
      await updateSettings(context, input)
      return {}
    },
  }),
)

const TemplateInput = builder.inputType('TemplateInput', {
  description: `The words in which something is told. The placeholders are ${Object.keys(placeholders)
    .map((name) => `\`{${name}}\``)
    .join(', ')}; a name in two pairs of braces is the text in one.`,
  fields: (t) => ({
    title: t.string({ required: true, description: 'Becomes one line. Up to 250 characters.' }),
    message: t.string({ required: true, description: 'The text. Up to 10,000 characters.' }),
    priority: t.field({
      type: Priority,
      required: true,
      defaultValue: 'DEFAULT',
      description: 'How loud the message is.',
    }),
    tags: t.stringList({
      required: true,
      defaultValue: [],
      description: 'Up to 10 words that go along, none with a comma; ntfy shows some as emoji.',
    }),
  }),
})

builder.mutationField('setTemplate', (t) =>
  t.field({
    type: settingsPayload('SetTemplatePayload', 'The outcome of setTemplate.'),
    extensions: { needs: 'ADMIN' },
    description: 'Sets the words for an event. Messages that wait keep theirs.',
    args: {
      event: t.arg({ type: NotificationEvent, required: true, description: 'What they tell.' }),
      template: t.arg({ type: TemplateInput, required: true, description: 'The words.' }),
    },
    resolve: async (_, { event, template }, context) => {
      await setTemplate(context, event, template)
      return {}
    },
  }),
)

builder.mutationField('resetTemplate', (t) =>
  t.field({
    type: settingsPayload('ResetTemplatePayload', 'The outcome of resetTemplate.'),
    extensions: { needs: 'ADMIN' },
    description: 'Brings the built-in words for an event back.',
    args: { event: t.arg({ type: NotificationEvent, required: true, description: 'What they tell.' }) },
    resolve: async (_, { event }, context) => {
      await setTemplate(context, event, null)
      return {}
    },
  }),
)

const Message = builder.objectRef<MessageValue>('Message').implement({
  description: 'What a channel would be told.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'In one line. It is not escaped.' }),
    message: t.exposeString('message', { description: 'The text. It is not escaped.' }),
    priority: t.expose('priority', { type: Priority, description: 'How loud it is.' }),
    tags: t.exposeStringList('tags', { description: 'Words that go along.' }),
  }),
})

builder.queryField('previewTemplate', (t) =>
  t.field({
    type: Message,
    description: 'The message that would be told of a job if the event happened now. Nothing is sent.',
    // How long ago something was is said by the clock.
    extensions: { needs: 'READ', uncacheable: true },
    args: {
      event: t.arg({ type: NotificationEvent, required: true, description: 'What would be told.' }),
      job: t.arg.id({ required: true, description: 'The job.' }),
      template: t.arg({ type: TemplateInput, description: 'In which words; in those that are set if left out.' }),
    },
    resolve: (_, { event, job, template }, context) =>
      previewTemplate(context, event, template ?? null, keyOf('BackupJob', job, 'job')),
  }),
)
