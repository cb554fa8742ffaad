// What holds for all jobs: the settings, the words of messages, and what can be done with both.

import {
  type MessageEvent as EventName,
  type Message as MessageValue,
  messageEvents,
} from '../../domain/messages/notification.ts'
import {
  defaultTemplates,
  digestPlaceholders,
  placeholders,
  type Template as TemplateValue,
} from '../../domain/messages/template.ts'
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
  description: 'The title and text of messages about an event.',
  fields: (t) => ({
    event: t.expose('event', { type: NotificationEvent, description: 'The event.' }),
    title: t.exposeString('title', { description: 'The title, in one line, with placeholders in braces.' }),
    message: t.exposeString('message', { description: 'The text, with placeholders in braces.' }),
    priority: t.expose('priority', { type: Priority, description: 'The priority of the message.' }),
    tags: t.exposeStringList('tags', { description: 'Its tags; ntfy shows some of them as emoji.' }),
    builtIn: t.exposeBoolean('builtIn', { description: 'Whether it is the default template.' }),
  }),
})

const Settings = builder.prismaObject('Settings', {
  description: 'The settings for all jobs.',
  select: {},
  fields: (t) => ({
    id: t.id({
      description: 'Always the same, so that a client recognizes the object after a mutation.',
      resolve: () => 'Settings',
    }),
    toleranceSeconds: t.exposeInt('toleranceSeconds', {
      description:
        'The tolerance in seconds: how long a job may be late before it is overdue. It applies to jobs without a tolerance of their own.',
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: 'The time zone of times in messages; null for that of the server.',
    }),
    serverTimeZone: t.field({
      type: 'TimeZone',
      description: "The server's own time zone: what holds wherever none is set.",
      resolve: () => machineTimeZone(),
    }),
    publicUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        'The address under which people and Duplicati reach this server, without a slash at its end: `PUBLIC_URL`. Null if it is not set.',
      resolve: (_, __, { config }) => config.publicUrl,
    }),
    keepDays: t.exposeInt('keepDays', {
      nullable: true,
      description: `After how many days runs are removed, with the messages about them and the transitions of their jobs; null for never. The
latest run of a job always stays, as do its last success and the runs from which it knows its sizes and its next run.`,
    }),
    keepPerJob: t.exposeInt('keepPerJob', {
      nullable: true,
      description:
        'How many of its latest runs a job keeps, not counting dry runs; null for all. The runs named at keepDays always stay.',
    }),
    keepLogDays: t.exposeInt('keepLogDays', {
      nullable: true,
      description: 'After how many days the logs of runs are removed; null: only together with the runs.',
    }),
    templates: t.field({
      type: [Template],
      description: 'The template of each event.',
      resolve: async (_, __, { database }) => {
        const rows = await database.reader.notificationTemplate.findMany()
        return messageEvents.map((event) => {
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
    description: 'The settings for all jobs.',
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
  description: 'What to change in the settings. Fields that are left out stay as they are.',
  fields: (t) => ({
    toleranceSeconds: t.int({
      description:
        'The tolerance in seconds, up to a year: how long a job may be late before it is overdue. It applies to every job at once.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description: 'The time zone of times in messages; null for that of the server.',
    }),
    keepDays: t.int({
      description:
        'After how many days runs are removed, with the messages about them and the transitions of their jobs: up to 36,500; null for never. The removal begins at once.',
    }),
    keepPerJob: t.int({
      description:
        'How many of its latest runs a job keeps: up to 1,000,000; null for all. The removal begins at once.',
    }),
    keepLogDays: t.int({
      description: 'After how many days the logs of runs are removed: up to 36,500; null: only together with the runs.',
    }),
  }),
})

builder.mutationField('updateSettings', (t) =>
  t.field({
    type: settingsPayload('UpdateSettingsPayload', 'The outcome of updateSettings.'),
    extensions: { needs: 'ADMIN' },
    description: 'Changes the settings for all jobs.',
    args: { input: t.arg({ type: UpdateSettingsInput, required: true, description: 'What to change.' }) },
    resolve: async (_, { input }, context) => {
      await updateSettings(context, input)
      return {}
    },
  }),
)

const inBraces = (named: object) =>
  Object.keys(named)
    .map((name) => `\`{${name}}\``)
    .join(', ')

const TemplateInput = builder.inputType('TemplateInput', {
  description: `The title and text of messages about an event. The placeholders are ${inBraces(placeholders)}, and in the template of DIGEST
${inBraces(digestPlaceholders)}. Write \`{{name}}\` for the text \`{name}\`.`,
  fields: (t) => ({
    title: t.string({ required: true, description: 'The title, which becomes one line. Up to 250 characters.' }),
    message: t.string({ required: true, description: 'The text. Up to 10,000 characters.' }),
    priority: t.field({
      type: Priority,
      required: true,
      defaultValue: 'DEFAULT',
      description: 'The priority of the message.',
    }),
    tags: t.stringList({
      required: true,
      defaultValue: [],
      description: 'Up to 10 tags without commas; ntfy shows some of them as emoji.',
    }),
  }),
})

builder.mutationField('setTemplate', (t) =>
  t.field({
    type: settingsPayload('SetTemplatePayload', 'The outcome of setTemplate.'),
    extensions: { needs: 'ADMIN' },
    description: 'Sets the template of an event. Messages that are already waiting keep their text.',
    args: {
      event: t.arg({ type: NotificationEvent, required: true, description: 'The event.' }),
      template: t.arg({ type: TemplateInput, required: true, description: 'The template.' }),
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
    description: 'Restores the default template of an event.',
    args: { event: t.arg({ type: NotificationEvent, required: true, description: 'The event.' }) },
    resolve: async (_, { event }, context) => {
      await setTemplate(context, event, null)
      return {}
    },
  }),
)

const Message = builder.objectRef<MessageValue>('Message').implement({
  description: 'A message as a channel would get it.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'The title, in one line. It is not escaped.' }),
    message: t.exposeString('message', { description: 'The text. It is not escaped.' }),
    priority: t.expose('priority', { type: Priority, description: 'Its priority.' }),
    tags: t.exposeStringList('tags', { description: 'Its tags.' }),
  }),
})

builder.queryField('previewTemplate', (t) =>
  t.field({
    type: Message,
    description:
      'The message about a job, as it would be if the event happened now, or the digest of the last 24 hours. Nothing is sent.',
    // How long ago something was is said by the clock.
    extensions: { needs: 'READ', uncacheable: true },
    args: {
      event: t.arg({ type: NotificationEvent, required: true, description: 'The event.' }),
      job: t.arg.id({ description: 'The job; to be left out for DIGEST.' }),
      template: t.arg({ type: TemplateInput, description: 'The template to use; by default the one that is set.' }),
    },
    resolve: (_, { event, job, template }, context) =>
      previewTemplate(context, event, template ?? null, job ? keyOf('BackupJob', job, 'job') : null),
  }),
)
