// Takes the runs that came under some of its ids in Duplicati out of a job, into a new one.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { SplitJobDocument } from '../generated/graphql.ts'
import { CheckField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import type { JobData } from './Job.tsx'

export function SplitJob({ job, close }: { job: JobData; close: () => void }) {
  const { route } = useLocation()
  const { run, busy, error } = useAction(SplitJobDocument)
  return (
    <Form
      submit={async (fields) => {
        const split = await run({ id: job.id, backupIds: fields.all('ids') })
        if (!split) return
        close()
        route(to(`jobs/${split.splitBackupJob.newBackupJob.databaseId}`))
      }}
      button="Split"
      busy={busy}
      error={error}
      cancel={close}
    >
      <p>Runs that Duplicati reported under these ids become a job of their own, with the same schedule and rules:</p>
      {job.backupIds.map((id) => (
        <CheckField key={id} name="ids" value={id} label={id} checked={false} />
      ))}
    </Form>
  )
}
