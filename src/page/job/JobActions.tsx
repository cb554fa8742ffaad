// What can be done with a job, by whoever may.

import { useState } from 'preact/hooks'
import { useAction } from '../client/useAction.ts'
import { useMay } from '../client/viewer.tsx'
import { AcknowledgeJobDocument, PauseJobDocument, ResumeJobDocument, SnoozeJobDocument } from '../generated/graphql.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Problem } from '../parts/Problem.tsx'
import { SnoozeMenu } from '../parts/SnoozeMenu.tsx'
import { DeleteJob } from './DeleteJob.tsx'
import { EditJob } from './EditJob.tsx'
import type { JobData } from './Job.tsx'
import { MergeJob } from './MergeJob.tsx'
import { SplitJob } from './SplitJob.tsx'

const dialogs = {
  edit: { title: 'Change this job', of: EditJob },
  merge: { title: 'Merge into another job', of: MergeJob },
  split: { title: 'Split this job', of: SplitJob },
  remove: { title: 'Delete this job', of: DeleteJob },
}

/** What is late may still come: there is nothing to acknowledge yet. */
function canBeAcknowledged({ state, acknowledged }: JobData): boolean {
  return (state === 'OVERDUE' || state === 'FAILED' || state === 'WARNING') && acknowledged !== state
}

export function JobActions({ job }: { job: JobData }) {
  const may = useMay()
  const [open, setOpen] = useState<keyof typeof dialogs | null>(null)
  const pause = useAction(PauseJobDocument)
  const resume = useAction(ResumeJobDocument)
  const snooze = useAction(SnoozeJobDocument)
  const acknowledge = useAction(AcknowledgeJobDocument)
  if (!may('ADMIN')) return null
  const { id } = job
  const dialog = open && dialogs[open]
  const close = () => setOpen(null)
  return (
    <>
      <div class="actions">
        <button type="button" onClick={() => setOpen('edit')}>
          Edit
        </button>
        {canBeAcknowledged(job) && (
          <button type="button" onClick={() => acknowledge.run({ id })}>
            Acknowledge
          </button>
        )}
        <SnoozeMenu until={job.snoozedUntil ?? null} snooze={(until) => snooze.run({ id, until })} />
        <button type="button" onClick={() => (job.paused ? resume : pause).run({ id })}>
          {job.paused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" onClick={() => setOpen('merge')}>
          Merge
        </button>
        {job.backupIds.length > 1 && (
          <button type="button" onClick={() => setOpen('split')}>
            Split
          </button>
        )}
        <button type="button" class="danger" onClick={() => setOpen('remove')}>
          Delete
        </button>
      </div>
      <Problem error={pause.error ?? resume.error ?? snooze.error ?? acknowledge.error} />
      {dialog && (
        <Dialog title={dialog.title} close={close}>
          <dialog.of job={job} close={close} />
        </Dialog>
      )}
    </>
  )
}
