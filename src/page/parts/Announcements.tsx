// Says aloud, for whoever does not look, that a job has got into trouble or out of it.

import { useRef, useState } from 'preact/hooks'
import type { JobState } from '../generated/graphql.ts'
import { useChange } from '../live/live.ts'
import { isTrouble, stateWords } from '../words/states.ts'

export function Announcements() {
  const [text, setText] = useState('')
  const before = useRef(new Map<string, JobState>())
  useChange(({ job }) => {
    if (!job) return
    const old = before.current.get(job.id)
    before.current.set(job.id, job.state)
    if (old === job.state || (old === undefined && !isTrouble(job.state))) return
    setText(`${job.displayName} on ${job.server.displayName}: ${stateWords[job.state]}`)
  })
  return (
    <div class="unseen" role="log" aria-label="News">
      {text}
    </div>
  )
}
