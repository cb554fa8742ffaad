// How late is too late, the zone of times in messages, and for how long runs are kept.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { GeneralDocument, UpdateSettingsDocument } from '../generated/graphql.ts'
import { Field, ZoneField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'

export function General() {
  const { data, error: unread } = useAnswer(GeneralDocument, {}, ({ kind }) => kind === 'SETTINGS')
  const { run, busy, error } = useAction(UpdateSettingsDocument)
  const [saved, setSaved] = useState(false)
  if (!data) return <Problem error={unread} />
  const { settings } = data
  return (
    <Form
      submit={async (fields) => {
        setSaved(false)
        const input = {
          toleranceSeconds: Math.round((fields.number('tolerance') ?? 0) * 60),
          timeZone: fields.text('timeZone'),
          keepDays: fields.number('keepDays'),
          keepPerJob: fields.number('keepPerJob'),
          keepLogDays: fields.number('keepLogDays'),
        }
        setSaved((await run({ input })) !== null)
      }}
      button="Save"
      busy={busy}
      error={error}
    >
      <Field
        name="tolerance"
        label="Tolerance in minutes"
        type="number"
        value={settings.toleranceSeconds / 60}
        required
        hint="How long a job may be late before it is overdue; a job can have its own"
      />
      <ZoneField
        name="timeZone"
        label="Time zone of times in messages"
        value={settings.timeZone}
        hint={`Empty: that of the server, ${settings.serverTimeZone}`}
      />
      <fieldset>
        <legend>How long runs are kept</legend>
        <Field
          name="keepDays"
          label="Days"
          type="number"
          value={settings.keepDays}
          hint="Empty: for ever. The latest run and the last success of a job always stay"
        />
        <Field name="keepPerJob" label="Runs of each job" type="number" value={settings.keepPerJob} hint="Empty: all" />
        <Field
          name="keepLogDays"
          label="Days that their logs are kept"
          type="number"
          value={settings.keepLogDays}
          hint="Empty: as long as the runs"
        />
      </fieldset>
      {saved && <p role="status">Saved.</p>}
    </Form>
  )
}
