// The first error or warning of the log, for runs that went wrong and have nothing else that says why.

import { useEffect, useRef, useState } from 'preact/hooks'
import { useReader } from '../client/reader.ts'
import { type JobRowFragment, ReasonsDocument } from '../generated/graphql.ts'

/** The lines by the id of the run. */
export function useLogLines(jobs: JobRowFragment[]): Map<string, string> {
  const client = useReader()
  const [lines, setLines] = useState(new Map<string, string>())
  const asked = useRef(new Set<string>())
  const ids = jobs.flatMap(({ state, latestBackup }) => {
    const silent = latestBackup && !latestBackup.exception && latestBackup.remarks.length === 0
    return silent && (state === 'FAILED' || state === 'WARNING') ? latestBackup.id : []
  })
  useEffect(() => {
    const missing = ids.filter((id) => !asked.current.has(id))
    for (const id of missing) asked.current.add(id)
    void read(missing)
  }, [client, ids.join()])
  return lines

  async function read(missing: string[]): Promise<void> {
    for (let begin = 0; begin < missing.length; begin += 100) {
      const wanted = missing.slice(begin, begin + 100)
      const { data, error } = await client.query(ReasonsDocument.toString(), { ids: wanted }).toPromise()
      // To be asked again when the list changes.
      if (error) for (const id of wanted) asked.current.delete(id)
      const nodes = (data?.nodes ?? []) as ({ id: string; logLines: { nodes: { text: string }[] } } | null)[]
      const found = nodes.flatMap((node) => {
        const text = node?.logLines.nodes[0]?.text
        return node && text ? [[node.id, text] as const] : []
      })
      setLines((old) => new Map([...old, ...found]))
    }
  }
}
