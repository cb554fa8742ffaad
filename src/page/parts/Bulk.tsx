// What is done with many jobs at once.

import { useAction } from '../client/useAction.ts'
import {
  type BackupJobsLookup,
  PauseJobsDocument,
  ResumeJobsDocument,
  SnoozeJobsDocument,
} from '../generated/graphql.ts'
import { Problem } from './Problem.tsx'
import { SnoozeMenu } from './SnoozeMenu.tsx'

interface Props {
  by: BackupJobsLookup
  /** Which jobs they are, in words. */
  of: string
  /** How many of them are paused, and how many there are. */
  paused: number
  total: number
}

export function Bulk({ by, of, paused, total }: Props) {
  const pause = useAction(PauseJobsDocument)
  const resume = useAction(ResumeJobsDocument)
  const snooze = useAction(SnoozeJobsDocument)
  return (
    <>
      {paused < total && (
        <button
          type="button"
          onClick={() =>
            confirm(`Pause all ${of}? Nobody is told when their backups do not come.`) && pause.run({ by })
          }
        >
          Pause all {of}
        </button>
      )}
      {paused > 0 && (
        <button type="button" onClick={() => resume.run({ by })}>
          Resume all {of}
        </button>
      )}
      <SnoozeMenu snooze={(until) => snooze.run({ by, until })} />
      <Problem error={pause.error ?? resume.error ?? snooze.error} />
    </>
  )
}
