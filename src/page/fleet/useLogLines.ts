// The first error or warning of the log, for runs that went wrong and have nothing else that says why.

import { useClient } from '@urql/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type JobRowFragment, ReasonsDocument } from '../generated/graphql.ts'

/** The lines by the id of the run. */
export function useLogLines(jobs: JobRowFragment[]): Map<string, string> {
  const client = useClient()
  const [lines, setLines] = useState(new Map<string, string>())
  const asked = useRef(new Set<string>())
  const ids = jobs.flatMap(({ state, latestBackup }) => {
    const silent = latestBackup && !latestBackup.exception && latestBackup.remarks.length === 0
    return silent && (state === 'FAILED' || state === 'WARNING') ? latestBackup.id : []
  })
  useEffect(() => {
    const missing = ids.filter((id) => !asked.current.has(id)).slice(0, 100)
    if (missing.length === 0) return
    for (const id of missing) asked.current.add(id)
    void client
      .query(ReasonsDocument.toString(), { ids: missing })
      .toPromise()
      .then(({ data }) => {
        const read = (data?.nodes ?? []) as { id: string; logLines: { nodes: { text: string }[] } }[]
        const found = read.filter(Boolean).flatMap(({ id, logLines }) => {
          const [line] = logLines.nodes
          return line ? [[id, line.text] as const] : []
        })
        setLines((old) => new Map([...old, ...found]))
      })
  }, [client, ids.join()])
  return lines
}
