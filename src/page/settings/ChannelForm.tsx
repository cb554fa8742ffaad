// Makes a channel, or changes one. A secret that is left empty stays as it is.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import {
  type ChannelCardFragment,
  type ChannelKind,
  CreateChannelDocument,
  type CreateChannelSettingsInput,
  UpdateChannelDocument,
  type UpdateChannelSettingsInput,
} from '../generated/graphql.ts'
import { CheckField, ChoiceField, Field } from '../parts/Field.tsx'
import { type Fields, Form } from '../parts/Form.tsx'
import { type ChannelField, channelKinds } from './channelKinds.ts'

interface Props {
  /** Null for a new one. */
  channel: ChannelCardFragment | null
  close: () => void
}

export function ChannelForm({ channel: now, close }: Props) {
  // As it was when somebody began to change it: what others change meanwhile is a conflict.
  const [channel] = useState(now)
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'NTFY')
  const create = useAction(CreateChannelDocument)
  const update = useAction(UpdateChannelDocument)
  const { key, fields: wanted } = channelKinds[kind]
  const known = (channel?.settings ?? {}) as Record<string, unknown>

  async function submit(fields: Fields): Promise<void> {
    const name = fields.text('name') ?? ''
    // Exactly one kind, which types cannot say of a name that is chosen here.
    const settings: unknown = { [key]: settingsOf(wanted, fields, channel !== null) }
    const done = channel
      ? await update.run({
          id: channel.id,
          input: { name, settings: settings as UpdateChannelSettingsInput, ifUnmodifiedSince: channel.updatedAt },
        })
      : await create.run({ input: { name, settings: settings as CreateChannelSettingsInput } })
    if (done) close()
  }

  return (
    <Form
      submit={submit}
      button="Save"
      busy={create.busy || update.busy}
      error={create.error ?? update.error}
      cancel={close}
    >
      {!channel && (
        <label>
          Kind
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as ChannelKind)}>
            {Object.entries(channelKinds).map(([name, { word }]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
      )}
      <Field name="name" label="Name" value={channel?.name} required />
      {wanted.map((field) => (
        <Input key={`${kind} ${field.name}`} field={field} known={known} isNew={channel === null} />
      ))}
    </Form>
  )
}

function Input({ field, known, isNew }: { field: ChannelField; known: Record<string, unknown>; isNew: boolean }) {
  const { name, label, type = 'text', secret, required, hint, first } = field
  // The address stands under a name of its own in the query: some kinds may have none, and GraphQL wants one type for a name.
  const value = known[name === 'url' ? 'address' : name] ?? (isNew ? first : null)
  if (type === 'check') return <CheckField name={name} label={label} checked={value === true} />
  if (type === 'security') {
    const options: [string, string][] = [
      ['STARTTLS', 'STARTTLS'],
      ['TLS', 'TLS'],
      ['NONE', 'none'],
    ]
    return <ChoiceField name={name} label={label} value={value as string | null} options={options} />
  }
  const isSet = secret !== undefined && known[secret] === true
  return (
    <Field
      name={name}
      label={label}
      type={type === 'list' ? 'text' : type}
      value={Array.isArray(value) ? value.join(', ') : (value as string | null)}
      required={required === true && !isSet}
      hint={isSet ? 'It is set. Empty: it stays' : hint}
    />
  )
}

function settingsOf(wanted: ChannelField[], fields: Fields, isChange: boolean): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const { name, type, secret } of wanted) {
    if (type === 'check') settings[name] = fields.checked(name)
    else if (type === 'list') settings[name] = fields.list(name)
    else if (type === 'number') settings[name] = fields.number(name)
    else settings[name] = fields.text(name)
    // Left out, a secret stays; the default of the API holds for what a new channel does not say.
    if (settings[name] === null && (secret !== undefined || !isChange)) delete settings[name]
  }
  return settings
}
