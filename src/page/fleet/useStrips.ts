// The last 30 days of each job. They are read apart from the rows, a hundred jobs at a time, and again for a job that reports.

import { useClient } from '@urql/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { StripsDocument } from '../generated/graphql.ts'
import { useChange, useReadAgain } from '../live/live.ts'
import { useNow } from '../parts/When.tsx'
import type { Day } from '../words/days.ts'
import { timeZone } from '../words/times.ts'

/** @param ids of jobs; those that come later are read then */
export function useStrips(ids: string[]): Map<string, Day[]> {
  const client = useClient()
  const [strips, setStrips] = useState(new Map<string, Day[]>())
  const today = useNow().toDateString()
  const asked = useRef(new Set<string>())
  const told = useRef(new Set<string>())

  useEffect(() => {
    asked.current.clear()
  }, [today])
  useEffect(() => {
    const missing = ids.filter((id) => !asked.current.has(id))
    for (const id of missing) asked.current.add(id)
    void read(missing)
  }, [ids.join(), today])
  useChange(({ job }) => {
    if (job) told.current.add(job.id)
  })
  useReadAgain(
    () => {
      // After a break nothing was told.
      const again = told.current.size > 0 ? [...told.current] : [...asked.current]
      told.current.clear()
      void read(again)
    },
    ({ job }) => job !== null && job !== undefined,
  )
  return strips

  async function read(wanted: string[]): Promise<void> {
    let read = new Map<string, Day[]>()
    for (let begin = 0; begin < wanted.length; begin += 100) {
      const variables = { ids: wanted.slice(begin, begin + 100), timeZone }
      const { data } = await client
        .query(StripsDocument.toString(), variables, { requestPolicy: 'network-only' })
        .toPromise()
      const nodes = (data?.nodes ?? []) as ({ id: string; history: Day[] } | null)[]
      for (const node of nodes) if (node) read.set(node.id, node.history)
      // The first hundred at once, as they are what is in sight; then all others together.
      if (begin > 0 && begin + 100 < wanted.length) continue
      const news = read
      read = new Map()
      setStrips((old) => new Map([...old, ...news]))
    }
  }
}
