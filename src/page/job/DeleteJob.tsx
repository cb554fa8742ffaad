// Deletes a job with all its runs, after asking.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { DeleteJobDocument } from '../generated/graphql.ts'
import { Form } from '../parts/Form.tsx'
import { counted } from '../words/sizes.ts'
import type { JobData } from './Job.tsx'

export function DeleteJob({ job, close }: { job: JobData; close: () => void }) {
  const { route } = useLocation()
  const { run, busy, error } = useAction(DeleteJobDocument)
  return (
    <Form
      submit={async () => {
        if (!(await run({ id: job.id }))) return
        close()
        route(to(`servers/${job.server.databaseId}`))
      }}
      button={`Delete ${counted(job.totals.runs, 'run')}`}
      busy={busy}
      error={error}
      cancel={close}
      danger
    >
      <p>
        {job.displayName} and all that is known of it is deleted here; Duplicati and the backup itself are not touched.
        If it reports again, it is a new job. To keep it and hear no more of it, pause it.
      </p>
    </Form>
  )
}
