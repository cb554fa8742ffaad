// The lines to paste into a Duplicati so that it reports here, and the welcome for its first report.

import { useMutation } from '@urql/preact'
import { useState } from 'preact/hooks'
import { apiUrl, to } from '../base.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { useByToken, useMay } from '../client/viewer.tsx'
import {
  LatestRunDocument,
  MakeReportTokenDocument,
  type MakeReportTokenMutation,
  ReachDocument,
} from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { Status } from '../parts/State.tsx'
import { usePlace } from '../parts/title.ts'
import { When } from '../parts/When.tsx'

export function Connect() {
  usePlace('Add a Duplicati')
  const may = useMay()
  const requireToken = useByToken()
  const { data, error } = useAnswer(ReachDocument, {})
  const [{ data: made, error: refusal }, makeToken] = useMutation<MakeReportTokenMutation>(
    MakeReportTokenDocument.toString(),
  )
  const [openedAt] = useState(Date.now())
  if (!data) return <Problem error={error} />
  const { publicUrl } = data.settings
  const upload = publicUrl ? `${publicUrl}/api/upload` : apiUrl('api/upload')
  // Where none is demanded of the page, none is of reports.
  const token = made?.createToken.secret
  const address = requireToken ? `${upload}/${token ?? 'TOKEN'}` : upload
  return (
    <>
      <h1>{data.summary.totalBackups === 0 ? 'Waiting for the first report' : 'Add a Duplicati'}</h1>
      <p>
        Duplicati tells this server about each run. In Duplicati, open <b>Settings → Default options</b>, choose{' '}
        <b>Edit as text</b> and paste:
      </p>
      <Paste text={`--send-http-json-urls=${address}`} />
      <p>Before Duplicati 2.1, paste these two lines instead:</p>
      <Paste text={`--send-http-url=${address}\n--send-http-result-output-format=Json`} />
      {requireToken && !token && may('ADMIN') && (
        <p>
          This server takes reports with a token only.{' '}
          <button type="button" onClick={() => makeToken({ name: 'Duplicati' })}>
            Make a token
          </button>{' '}
          puts a new one, which can do nothing but report, into the lines.
        </p>
      )}
      {requireToken && !may('ADMIN') && (
        <p>This server takes reports with a token only: ask its administrator for one with the scope REPORT.</p>
      )}
      {token && <p>The token is shown only now. It can be revoked in the settings.</p>}
      <Problem error={refusal} />
      {!publicUrl && isLocal(location.hostname) && (
        <p class="problem">
          {location.hostname} is this machine alone. For other machines, put the name or address by which they reach it
          in its place.
        </p>
      )}
      <p>Save, and run a backup. Its report appears here by itself.</p>
      <Welcome since={openedAt} first={data.summary.totalBackups === 0} />
    </>
  )
}

function Paste({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <div class="paste">
      <pre>{text}</pre>
      {/* Browsers have a clipboard for secure pages only. */}
      {navigator.clipboard && (
        <button type="button" onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  )
}

/** Greets what is reported while one waits here. */
function Welcome({ since, first }: { since: number; first: boolean }) {
  const { data } = useAnswer(LatestRunDocument, {})
  const [run] = data?.backups.nodes ?? []
  if (!run || Date.parse(run.receivedAt) < since)
    return <p role="status">{first ? 'Nothing has reported yet.' : 'Waiting for a report…'}</p>
  return (
    <div class="welcome" role="status">
      <h2>{run.server.displayName} has reported</h2>
      <p>
        <a href={to(`runs/${run.databaseId}`)}>{run.job.displayName}</a>: <Status status={run.status} />{' '}
        <When time={run.receivedAt} relative />
      </p>
      <p>
        <a href={to()}>See all backups</a>
      </p>
    </div>
  )
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
