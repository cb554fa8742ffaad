// Puts the runs of a job into another one of its server, which stays.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAction } from '../client/useAction.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { MergeJobsDocument, SiblingsDocument } from '../generated/graphql.ts'
import { ChoiceField } from '../parts/Field.tsx'
import { Form } from '../parts/Form.tsx'
import { Problem } from '../parts/Problem.tsx'
import { age } from '../words/times.ts'
import type { JobData } from './Job.tsx'

export function MergeJob({ job, close }: { job: JobData; close: () => void }) {
  const { route } = useLocation()
  const { data, error: unread } = useAnswer(SiblingsDocument, { server: job.server.id })
  const { run, busy, error } = useAction(MergeJobsDocument)
  if (!data) return <Problem error={unread} />
  const others = (data.server?.jobs ?? []).filter(({ id }) => id !== job.id)
  if (others.length === 0) return <p>{job.server.displayName} has no other job.</p>
  return (
    <Form
      submit={async (fields) => {
        const merged = await run({ from: job.id, into: fields.text('into') ?? '' })
        if (!merged) return
        close()
        route(to(`jobs/${merged.mergeBackupJobs.backupJob.databaseId}`))
      }}
      button="Merge"
      busy={busy}
      error={error}
      cancel={close}
    >
      <p>
        All runs of {job.displayName} become runs of the other job, which keeps its name, schedule and rules.{' '}
        {job.displayName} is gone afterwards.
      </p>
      <ChoiceField
        name="into"
        label="Into"
        options={others.map(({ id, displayName, latestBackupAt }) => [
          id,
          `${displayName}, ${latestBackupAt ? `last run ${age(new Date(latestBackupAt), new Date())}` : 'no run'}`,
        ])}
      />
    </Form>
  )
}
