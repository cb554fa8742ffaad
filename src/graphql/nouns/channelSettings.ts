// The settings of channels, kind by kind: what the schema has of them is made from the fields that each kind names. Secrets go
// in, and never come out.

import type { InputRef } from '@pothos/core'
import { grants } from '../../domain/access.ts'
import type { Field, ChannelKind as Kind, SettingValue } from '../../notify/channel.ts'
import { channelKinds } from '../../notify/channelKinds.ts'
import { builder } from '../builder.ts'

/** What is stored of a channel, as far as it concerns its settings. */
interface StoredChannel {
  kind: string
  settings: string
  secrets: string | null
}

interface Shown {
  kind: string
  settings: Record<string, SettingValue>
  /** The names of those that are set. */
  secrets: string[]
}

const kinds = Object.values(channelKinds)

/** The kind in the names of fields and types: `ntfy`, and `Ntfy` in `NtfySettings`. */
const fieldOf = (kind: string) => kind.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const nameOf = (kind: string) => fieldOf(kind).replace(/^./, (letter) => letter.toUpperCase())

export const ChannelKind = builder.enumType('ChannelKind', {
  description: 'The kinds of channels.',
  values: Object.fromEntries(kinds.map(({ kind, description }) => [kind, { description }])),
})

const enums = new Map<string, ReturnType<typeof settingEnum>>()

function settingEnum(name: string, description: string, values: Record<string, string>) {
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(Object.entries(values).map(([value, means]) => [value, { description: means }])),
  })
}

/** The type of a setting; an enum is made when it is first needed. */
function typeOf({ type, description }: Field) {
  if (typeof type === 'string') return type
  const made = enums.get(type.name) ?? settingEnum(type.name, description, type.values)
  enums.set(type.name, made)
  return made
}

const listOrNot = (field: Field) => (field.list ? [typeOf(field)] : typeOf(field)) as 'String'

/** A query may select a name of several kinds at once, and then its types must agree: what one kind hides is nullable in all. */
const hidden = new Set(
  kinds.flatMap(({ fields }) => Object.entries(fields).flatMap(([name, field]) => (field.confidential ? [name] : []))),
)

function settingsType({ kind, description, fields }: Kind) {
  return builder.objectRef<Shown>(`${nameOf(kind)}Settings`).implement({
    description: `The settings of a channel of this kind: ${description}`,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) =>
          field.secret
            ? [
                `${name}Set`,
                t.boolean({
                  description: `Whether this secret is set; it is never shown. ${field.description}`,
                  resolve: ({ secrets }) => secrets.includes(name),
                }),
              ]
            : [
                name,
                t.field({
                  type: listOrNot(field),
                  nullable: hidden.has(name) || (!field.required && field.default == null),
                  description: field.confidential
                    ? `${field.description} Null without the scope ADMIN.`
                    : field.description,
                  resolve: ({ settings }, _, { caller }) => {
                    const mayKnow = !field.confidential || (caller.scope !== null && grants(caller.scope, 'ADMIN'))
                    return (mayKnow ? (settings[name] ?? field.default ?? null) : null) as string
                  },
                }),
              ],
        ),
      ),
  })
}

export const ChannelSettings = builder.unionType('ChannelSettings', {
  description: 'The settings of a channel, by its kind. Secrets are never shown, only whether they are set.',
  types: kinds.map(settingsType),
  resolveType: ({ kind }) => `${nameOf(kind)}Settings`,
})

/** @param isNew a new channel needs all that is required, and is given the defaults */
function settingsInput({ kind, description, fields }: Kind, isNew: boolean) {
  return builder.inputType(`${isNew ? 'Create' : 'Update'}${nameOf(kind)}SettingsInput`, {
    description: isNew
      ? description
      : 'What to change. Fields that are left out stay as they are; null clears a field.',
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [
          name,
          t.field({
            type: listOrNot(field),
            required: isNew && field.required === true,
            ...(isNew && field.default != null ? { defaultValue: field.default as string } : {}),
            description: field.description,
          }),
        ]),
      ),
  }) as InputRef<Record<string, unknown>>
}

type GivenByKind = Record<string, Record<string, unknown> | null | undefined>

function settingsOfOneKind(name: string, description: string, isNew: boolean) {
  return builder.inputType(name, {
    description,
    isOneOf: true,
    fields: (t) =>
      Object.fromEntries(
        kinds.map((kind) => [
          fieldOf(kind.kind),
          t.field({ type: settingsInput(kind, isNew), description: kind.description }),
        ]),
      ),
  }) as InputRef<GivenByKind>
}

export const CreateChannelSettingsInput = settingsOfOneKind(
  'CreateChannelSettingsInput',
  'The settings of the new channel: exactly one of these, which decides its kind.',
  true,
)

export const UpdateChannelSettingsInput = settingsOfOneKind(
  'UpdateChannelSettingsInput',
  'What to change in the settings: use the one of these that matches the kind of the channel.',
  false,
)

/** The settings of an input that has those of one kind, with the path at which they stand in it. */
export function settingsGiven(input: GivenByKind) {
  const [field = '', values] = Object.entries(input)[0] ?? []
  const kind = kinds.find((one) => fieldOf(one.kind) === field)?.kind ?? field
  return { kind, values, path: `settings.${field}` }
}

/** What a stored channel shows of its settings. */
export function settingsShown({ kind, settings, secrets }: StoredChannel): Shown {
  return { kind, settings: JSON.parse(settings), secrets: Object.keys(JSON.parse(secrets ?? '{}')) }
}
