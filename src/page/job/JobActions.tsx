// What can be done with a job.

import type { JobData } from './Job.tsx'

export function JobActions(_: { job: JobData }) {
  return null
}
