// Runs as a table.

import { to } from '../base.ts'
import type { RunRowFragment } from '../generated/graphql.ts'
import { Status } from '../parts/State.tsx'
import { When } from '../parts/When.tsx'
import { firstLine } from '../words/reason.ts'
import { bytes, counted } from '../words/sizes.ts'
import { duration } from '../words/times.ts'

type Place = { databaseId: number; displayName: string }

/** A run, and where it ran if that is to be shown. */
export type RunItem = RunRowFragment & { job?: Place; server?: Place }

export function RunTable({ runs, empty }: { runs: RunItem[]; empty: string }) {
  if (runs.length === 0) return <p>{empty}</p>
  const withPlace = runs.some(({ job }) => job)
  return (
    <table class="runs">
      <thead>
        <tr>
          <th scope="col">Run</th>
          {withPlace && <th scope="col">Job</th>}
          <th scope="col">Result</th>
          <th scope="col" class="number">
            Took
          </th>
          <th scope="col" class="number">
            Source
          </th>
          <th scope="col" class="number">
            Uploaded
          </th>
          <th scope="col">Remarks</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id} data-row>
            <th scope="row">
              <a href={to(`runs/${run.databaseId}`)}>
                <When time={run.beganAt} />
              </a>
            </th>
            {withPlace && (
              <td data-label="Job">
                {run.job && <a href={to(`jobs/${run.job.databaseId}`)}>{run.job.displayName}</a>}
                {run.server && <span class="of"> on {run.server.displayName}</span>}
              </td>
            )}
            <td data-label="Result">
              <Status status={run.status} />
            </td>
            <td data-label="Took" class="number">
              {run.durationSeconds !== null && run.durationSeconds !== undefined && duration(run.durationSeconds)}
            </td>
            <td data-label="Source" class="number">
              {run.sourceSize !== null && run.sourceSize !== undefined && bytes(run.sourceSize)}
            </td>
            <td data-label="Uploaded" class="number">
              {bytes(run.uploadedSize)}
            </td>
            <td data-label="Remarks" class="words">
              {remarksOf(run)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What is special about a run, in a line. */
function remarksOf({ dryRun, exception, errors, warnings, remarks }: RunRowFragment): string {
  const said = [
    dryRun && 'dry run',
    firstLine(exception ?? '') || (errors > 0 && counted(errors, 'error')),
    warnings > 0 && counted(warnings, 'warning'),
    ...remarks.map(({ message }) => message),
  ]
  return said.filter(Boolean).join('; ')
}
