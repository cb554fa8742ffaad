// The words of messages: a title and a text for each event, as they would be for a job of one's choice.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import {
  PreviewDocument,
  type Priority,
  ResetTemplateDocument,
  SetTemplateDocument,
  type TemplateInput,
  TemplatesDocument,
  type TemplatesQuery,
} from '../generated/graphql.ts'
import { ChoiceField, Field, TextField } from '../parts/Field.tsx'
import { Fields, Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'

type Template = TemplatesQuery['settings']['templates'][number]

export function Templates() {
  const { data, error } = useAnswer(TemplatesDocument, {}, ({ kind }) => kind === 'SETTINGS')
  const [job, setJob] = useState('')
  if (!data) return <Problem error={error} />
  const jobs = data.backupJobs.nodes
  const chosen = job || jobs[0]?.id
  return (
    <>
      {jobs.length > 0 && (
        <label>
          Show them for
          <select value={chosen} onChange={({ currentTarget }) => setJob(currentTarget.value)}>
            {jobs.map(({ id, displayName, server }) => (
              <option key={id} value={id}>
                {displayName} on {server.displayName}
              </option>
            ))}
          </select>
        </label>
      )}
      {data.settings.templates.map((template) => (
        <Editor key={template.event} template={template} job={chosen} />
      ))}
    </>
  )
}

function Editor({ template, job }: { template: Template; job: string | undefined }) {
  const { event, builtIn } = template
  const [draft, setDraft] = useState<TemplateInput | null>(null)
  const set = useAction(SetTemplateDocument)
  const reset = useAction(ResetTemplateDocument)
  return (
    <section
      class="card"
      aria-label={event.toLowerCase()}
      onInput={({ currentTarget }) => setDraft(draftOf(currentTarget))}
    >
      <h3>
        {event.toLowerCase()} {!builtIn && <span class="tag">changed</span>}
      </h3>
      <Form
        key={`${template.title}\n${template.message}\n${builtIn}`}
        submit={async (fields) => {
          if (await set.run({ event, template: templateOf(fields) })) setDraft(null)
        }}
        button="Save"
        busy={set.busy}
        error={set.error ?? reset.error}
      >
        <Field name="title" label="Title" value={template.title} required />
        <TextField name="message" label="Text" value={template.message} rows={5} />
        <ChoiceField
          name="priority"
          label="Priority"
          value={template.priority}
          options={(['MIN', 'LOW', 'DEFAULT', 'HIGH', 'URGENT'] as Priority[]).map((one) => [one, one.toLowerCase()])}
        />
        <Field name="tags" label="Tags" value={template.tags.join(', ')} />
      </Form>
      {(job || event === 'DIGEST') && <Preview event={event} job={job} template={draft ?? inputOf(template)} />}
      {!builtIn && (
        <button type="button" onClick={() => reset.run({ event }).then(() => setDraft(null))}>
          Back to the default
        </button>
      )}
    </section>
  )
}

function Preview({
  event,
  job,
  template,
}: {
  event: Template['event']
  job: string | undefined
  template: TemplateInput
}) {
  // A digest is about no job.
  const of = event === 'DIGEST' ? null : job
  const { data, error } = useAnswer(PreviewDocument, { event, job: of, template }, () => false)
  if (!data) return <Problem error={error} />
  const { title, message } = data.previewTemplate
  return (
    <div class="preview">
      <b>{title}</b>
      <p>{message}</p>
      <Problem error={error} />
    </div>
  )
}

/** What stands in the form now. */
function draftOf(section: HTMLElement): TemplateInput | null {
  const form = section.querySelector('form')
  return form && templateOf(new Fields(new FormData(form)))
}

function templateOf(fields: Fields): TemplateInput {
  return {
    title: fields.text('title') ?? '',
    message: fields.text('message') ?? '',
    priority: fields.text('priority') as Priority,
    tags: fields.list('tags'),
  }
}

function inputOf({ title, message, priority, tags }: Template): TemplateInput {
  return { title, message, priority, tags }
}
