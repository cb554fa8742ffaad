// What a channel is told, and of what.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { usePages } from '../client/usePages.ts'
import {
  JobNamesDocument,
  type NotificationEvent,
  type Repeat,
  RuleTargetsDocument,
  ServerNamesDocument,
  SetRuleDocument,
} from '../generated/graphql.ts'
import { CheckField, ChoiceField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'

const events: [NotificationEvent, string, boolean][] = [
  ['OVERDUE', 'overdue: a run did not come', true],
  ['FAILED', 'failed', true],
  ['WARNING', 'warning', true],
  ['RECOVERED', 'recovered: it is well again', true],
  ['UNUSUAL', 'unusual: many files changed, or a run took long', true],
  ['SUCCESS', 'success: each run', false],
]

export function RuleForm({ channel, close }: { channel: string; close: () => void }) {
  const [of, setOf] = useState('all')
  const { data, error: unread } = useAnswer(RuleTargetsDocument, {})
  const servers = usePages(ServerNamesDocument, {}, ({ servers }) => servers, Number.POSITIVE_INFINITY)
  const jobs = usePages(JobNamesDocument, {}, ({ backupJobs }) => backupJobs, Number.POSITIVE_INFINITY)
  const { run, busy, error } = useAction(SetRuleDocument)
  if (!data) return <Problem error={unread} />
  const targets: Record<string, [string, string][]> = {
    tag: data.tags.map(({ name }) => [name, name]),
    server: servers.rows.map(({ id, displayName }) => [id, displayName]),
    job: jobs.rows.map(({ id, displayName, server }) => [id, `${displayName} on ${server.displayName}`]),
  }
  return (
    <Form
      submit={async (fields) => {
        const target = of === 'all' ? {} : { [of]: fields.text('target') }
        const input = {
          channel,
          ...target,
          events: fields.all('events') as NotificationEvent[],
          repeat: fields.text('repeat') as Repeat,
        }
        if (await run({ input })) close()
      }}
      button="Save"
      busy={busy}
      error={error ?? servers.error ?? jobs.error}
      cancel={close}
    >
      <label>
        Of
        <select value={of} onChange={({ currentTarget }) => setOf(currentTarget.value)}>
          <option value="all">everything</option>
          {Object.entries(targets).map(
            ([name, options]) => options.length > 0 && <option key={name} value={name}>{`one ${name}`}</option>,
          )}
        </select>
      </label>
      {of !== 'all' && <ChoiceField key={of} name="target" label={`Which ${of}`} options={targets[of] ?? []} />}
      <fieldset class="choices">
        <legend>What it is told</legend>
        {events.map(([event, word, usual]) => (
          <CheckField key={event} name="events" value={event} label={word} checked={usual} />
        ))}
      </fieldset>
      <ChoiceField
        name="repeat"
        label="Again, as long as it lasts"
        options={[
          ['ONCE', 'no'],
          ['DAILY', 'every day'],
          ['WEEKLY', 'every week'],
          ['MONTHLY', 'every month'],
        ]}
      />
      <p class="quiet">
        Of the rules of a channel the closest one decides: job, tag, server, everything. One without events keeps it
        silent.
      </p>
    </Form>
  )
}
