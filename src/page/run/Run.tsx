// One run: how it ended and why, every figure of it, and its log.

import { to } from '../base.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { RunDocument } from '../generated/graphql.ts'
import { Facts } from '../parts/Facts.tsx'
import { Problem } from '../parts/Problem.tsx'
import { Status } from '../parts/State.tsx'
import { usePlace } from '../parts/title.ts'
import { When } from '../parts/When.tsx'
import { bytes, count } from '../words/sizes.ts'
import { duration } from '../words/times.ts'
import { Log } from './Log.tsx'
import { destinationFacts, files, kindOf, type RunData, size, sourceFacts } from './runFacts.ts'

export function Run({ number }: { number?: string }) {
  const id = `Backup:${number}`
  const { data, error } = useAnswer(RunDocument, { id }, (change) => change.id === id)
  const run = data?.backup
  usePlace(run ? `${run.job.displayName}, run ${run.databaseId}` : 'Run')
  if (!data) return <Problem error={error} />
  if (!run) return <h1>There is no run {number}</h1>
  return (
    <>
      <nav aria-label="Where this is" class="path">
        <a href={to(`servers/${run.server.databaseId}`)}>{run.server.displayName}</a> ›{' '}
        <a href={to(`jobs/${run.job.databaseId}`)}>{run.job.displayName}</a>
      </nav>
      <h1>
        Run of <When time={run.beganAt} /> <Status status={run.status} />
      </h1>
      {run.remarks.length > 0 && (
        <ul class="remarks">
          {run.remarks.map(({ kind, message }) => (
            <li key={kind}>{message}</li>
          ))}
        </ul>
      )}
      {run.exception && <pre class="exception">{run.exception}</pre>}
      <Facts
        of={[
          ['Began', <When key="began" time={run.beganAt} />],
          ['Ended', run.endedAt && <When time={run.endedAt} />],
          [
            'Took',
            run.durationSeconds !== null && run.durationSeconds !== undefined ? duration(run.durationSeconds) : null,
          ],
          ['Received', <When key="received" time={run.receivedAt} />],
          ['Kind', kindOf(run)],
          ['Reported as', run.reportedResult],
          ['Next run announced', run.nextScheduledRun && <When time={run.nextScheduledRun} />],
        ]}
      />
      <h2>Source</h2>
      <Facts
        of={[['Size', size(run.sourceSize)], ['Examined', files(run.examinedFiles)], ...sourceFacts(run.source)]}
      />
      <h2>Destination</h2>
      <Facts
        of={[
          ['Uploaded', bytes(run.uploadedSize)],
          ['Stored', size(run.storedSize)],
          ['Versions', run.versions],
          ...destinationFacts(run.destination),
        ]}
      />
      {run.availableVersions && run.availableVersions.length > 0 && (
        <details>
          <summary>{count(run.availableVersions.length)} versions could be restored after it</summary>
          <ol class="versions">
            {run.availableVersions.map((time) => (
              <li key={time}>
                <When time={time} />
              </li>
            ))}
          </ol>
        </details>
      )}
      {run.parts && <Parts parts={run.parts} />}
      <h2>Duplicati</h2>
      <Facts
        of={[
          ['Version', run.client.version],
          ['Channel', run.client.updateChannel],
          ['System', [run.client.operatingSystem, run.client.operatingSystemDetail].filter(Boolean).join(', ')],
          ['Installed as', run.client.installationType],
        ]}
      />
      <h2>Log</h2>
      <Log run={run} />
    </>
  )
}

function Parts({ parts }: { parts: NonNullable<RunData['parts']> }) {
  const { compaction, retention, verification } = parts
  return (
    <>
      <h2>Housekeeping</h2>
      <Facts
        of={[
          [
            'Compacted',
            compaction &&
              `${files(compaction.deletedFiles) ?? 'no files'} deleted, ${bytes(compaction.uploadedSize)} written anew`,
          ],
          ['Old versions removed', retention && count(retention.deletedVersions)],
          [
            'Verified',
            verification &&
              `${count(verification.checkedFiles)} files, ${verification.problems.length === 0 ? 'no problem' : `${verification.problems.length} problems`}`,
          ],
          [
            'Local database',
            [parts.repaired && 'repaired', parts.recreatedDatabase && 'made anew', parts.vacuumed && 'cleaned up']
              .filter(Boolean)
              .join(', '),
          ],
        ]}
      />
      {verification && verification.problems.length > 0 && (
        <ul>
          {verification.problems.map(({ file, status, text }) => (
            <li key={file}>
              {file}: {text ?? status}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
