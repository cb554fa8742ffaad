// Changes what a person says of a job: its names, and when it is expected.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { type ScheduleInput, UpdateJobDocument, type Weekday } from '../generated/graphql.ts'
import { CheckField, Field, TextField, ZoneField } from '../parts/Field.tsx'
import { type Fields, Form } from '../parts/Form.tsx'
import { timeZone } from '../words/times.ts'
import type { JobData } from './Job.tsx'

const weekdays: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

export function EditJob({ job: now, close }: { job: JobData; close: () => void }) {
  // As it was when somebody began to change it: what others change meanwhile is a conflict.
  const [job] = useState(now)
  const { schedule } = job
  const [isSet, setIsSet] = useState(Boolean(schedule))
  const { run, busy, error } = useAction(UpdateJobDocument)
  async function submit(fields: Fields): Promise<void> {
    const tolerance = fields.number('tolerance')
    const input = {
      alias: fields.text('alias'),
      notes: fields.text('notes'),
      tags: fields.list('tags'),
      schedule: isSet ? scheduleOf(fields) : null,
      toleranceSeconds: tolerance === null ? null : Math.round(tolerance * 60),
      latenessWatched: fields.checked('watched'),
      ifUnmodifiedSince: job.updatedAt,
    }
    if (await run({ id: job.id, input })) close()
  }
  return (
    <Form submit={submit} button="Save" busy={busy} error={error} cancel={close}>
      <Field name="alias" label="Name here" value={job.alias} hint={`Empty: ${job.name}, as in Duplicati`} />
      <TextField name="notes" label="Notes" value={job.notes} />
      <Field name="tags" label="Tags, with commas between them" value={job.tags.join(', ')} />
      <CheckField name="watched" label="Say when it is late" checked={job.latenessWatched} />
      <fieldset>
        <legend>When it is expected</legend>
        <label class="check">
          <input type="radio" name="source" checked={!isSet} onChange={() => setIsSet(false)} />
          as Duplicati announces, or as its runs show
        </label>
        <label class="check">
          <input type="radio" name="source" checked={isSet} onChange={() => setIsSet(true)} />
          by this schedule
        </label>
        {isSet && (
          <>
            <Field
              name="interval"
              label="Every"
              value={schedule?.interval ?? '1D'}
              required
              hint="Such as 12h, 1D, 1W or 1M"
            />
            <Field
              name="timeOfDay"
              label="At"
              type="time"
              value={schedule?.timeOfDay}
              hint="For intervals of a day or more"
            />
            <fieldset class="choices">
              <legend>On these days; none means every day</legend>
              {weekdays.map((day) => (
                <CheckField
                  key={day}
                  name="weekdays"
                  value={day}
                  label={day.slice(0, 1) + day.slice(1, 3).toLowerCase()}
                  checked={schedule?.weekdays?.includes(day) ?? false}
                />
              ))}
            </fieldset>
            <ZoneField name="timeZone" label="Time zone" value={schedule?.timeZone ?? timeZone} />
          </>
        )}
      </fieldset>
      <Field
        name="tolerance"
        label="Tolerance in minutes"
        type="number"
        value={job.toleranceSeconds === null || job.toleranceSeconds === undefined ? null : job.toleranceSeconds / 60}
        hint="How long it may be late. Empty: as in the settings"
      />
    </Form>
  )
}

function scheduleOf(fields: Fields): ScheduleInput {
  const days = fields.all('weekdays') as Weekday[]
  return {
    interval: fields.text('interval') ?? '',
    timeOfDay: fields.text('timeOfDay'),
    weekdays: days.length > 0 ? days : null,
    timeZone: fields.text('timeZone'),
  }
}
