// When a channel is told how everything is, be it well or not.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import {
  type ChannelCardFragment,
  DeleteDigestDocument,
  type DigestPeriod,
  SetDigestDocument,
  type Weekday,
} from '../generated/graphql.ts'
import { ChoiceField, Field, ZoneField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { timeZone } from '../words/times.ts'

const periods: Record<DigestPeriod, string> = {
  DAILY: 'every day',
  WEEKLY: 'every week',
  MONTHLY: 'on the first of every month',
}

const weekdays: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

export function DigestForm({ channel, close }: { channel: ChannelCardFragment; close: () => void }) {
  const { id, digest } = channel
  const [period, setPeriod] = useState<DigestPeriod>(digest?.period ?? 'DAILY')
  const set = useAction(SetDigestDocument)
  const remove = useAction(DeleteDigestDocument)
  return (
    <Form
      submit={async (fields) => {
        const input = {
          channel: id,
          period,
          timeOfDay: fields.text('timeOfDay') ?? '',
          timeZone: fields.text('timeZone'),
          weekday: period === 'WEEKLY' ? (fields.text('weekday') as Weekday) : null,
          tag: fields.text('tag'),
        }
        if (await set.run({ input })) close()
      }}
      button="Save"
      busy={set.busy || remove.busy}
      error={set.error ?? remove.error}
      cancel={close}
    >
      <p>In one message: how everything is, what is wrong and since when, what ran, what grew, what is almost full.</p>
      <label>
        When
        <select value={period} onChange={({ currentTarget }) => setPeriod(currentTarget.value as DigestPeriod)}>
          {Object.entries(periods).map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </select>
      </label>
      {period === 'WEEKLY' && (
        <ChoiceField
          name="weekday"
          label="On"
          value={digest?.weekday}
          options={weekdays.map((day) => [day, day.slice(0, 1) + day.slice(1).toLowerCase()])}
        />
      )}
      <Field name="timeOfDay" label="At" type="time" value={digest?.timeOfDay ?? '07:00'} required />
      <ZoneField name="timeZone" label="Time zone" value={digest?.timeZone ?? timeZone} />
      <Field name="tag" label="Only of what has this tag" value={digest?.tag} hint="Empty: of everything" />
      {digest && (
        <button
          type="button"
          class="danger"
          onClick={async () => {
            if (await remove.run({ channel: id })) close()
          }}
        >
          Send none any more
        </button>
      )}
    </Form>
  )
}
