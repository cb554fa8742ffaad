// Changes what a person says of a server.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { UpdateServerDocument } from '../generated/graphql.ts'
import { Field, TextField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import type { ServerData } from './Server.tsx'

export function EditServer({ server: now, close }: { server: ServerData; close: () => void }) {
  // As it was when somebody began to change it: what others change meanwhile is a conflict.
  const [server] = useState(now)
  const { run, busy, error } = useAction(UpdateServerDocument)
  return (
    <Form
      submit={async (fields) => {
        const input = {
          alias: fields.text('alias'),
          notes: fields.text('notes'),
          url: fields.text('url'),
          tags: fields.list('tags'),
          ifUnmodifiedSince: server.updatedAt,
        }
        if (await run({ id: server.id, input })) close()
      }}
      button="Save"
      busy={busy}
      error={error}
      cancel={close}
    >
      <Field name="alias" label="Name here" value={server.alias} hint={`Empty: ${server.name}, as it reports itself`} />
      <TextField name="notes" label="Notes" value={server.notes} />
      <Field
        name="url"
        label="Address of its Duplicati"
        type="url"
        value={server.url}
        hint="Such as http://nas:8200/"
      />
      <Field
        name="tags"
        label="Tags, with commas between them"
        value={server.tags.join(', ')}
        hint="They count for its jobs"
      />
    </Form>
  )
}
