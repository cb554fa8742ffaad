// The last 30 days of each job. They are read apart from the rows, a hundred jobs at a time, and again for a job that reports.

import type { CombinedError } from '@urql/core'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useReader } from '../client/reader.ts'
import { sameOr } from '../client/same.ts'
import { useRetry } from '../client/useRetry.ts'
import { StripsDocument } from '../generated/graphql.ts'
import { useChange, useReadAgain } from '../live/live.ts'
import { useNow } from '../parts/When.tsx'
import type { Day } from '../words/days.ts'
import { timeZone } from '../words/times.ts'

/** @param ids of jobs; those that come later are read then */
export function useStrips(ids: string[]): Map<string, Day[]> {
  const client = useReader()
  const [strips, setStrips] = useState(new Map<string, Day[]>())
  const today = useNow().toDateString()
  const asked = useRef(new Set<string>())
  const told = useRef(new Set<string>())
  const [error, setError] = useState<CombinedError>()
  // Of two answers about a job, that to the later question counts, whichever comes last.
  const questions = useRef(0)
  const answered = useRef(new Map<string, number>())

  useEffect(() => {
    asked.current.clear()
  }, [today])
  useEffect(() => {
    const missing = ids.filter((id) => !asked.current.has(id))
    for (const id of missing) asked.current.add(id)
    void read(missing)
  }, [ids.join(), today])
  useChange(({ job }) => {
    if (job && asked.current.has(job.id)) told.current.add(job.id)
  })
  const readAgain = (afterBreak = false) => {
    const again = [...(afterBreak ? asked.current : told.current)]
    told.current.clear()
    void read(again)
  }
  useRetry(error, readAgain)
  useReadAgain(readAgain, ({ job }) => job !== null && job !== undefined)
  return strips

  async function read(wanted: string[]): Promise<void> {
    questions.current += 1
    const question = questions.current
    let read = new Map<string, Day[]>()
    for (let begin = 0; begin < wanted.length; begin += 100) {
      const variables = { ids: wanted.slice(begin, begin + 100), timeZone }
      const { data, error } = await client
        .query(StripsDocument.toString(), variables, { requestPolicy: 'network-only' })
        .toPromise()
      setError(error)
      if (error) for (const id of variables.ids) told.current.add(id)
      for (const node of (data?.nodes ?? []) as ({ id: string; history: Day[] } | null)[]) {
        if (!node || (answered.current.get(node.id) ?? 0) > question) continue
        answered.current.set(node.id, question)
        read.set(node.id, node.history)
      }
      // The first hundred at once, as they are what is in sight; then all others together.
      if (begin > 0 && begin + 100 < wanted.length) continue
      const news = read
      read = new Map()
      setStrips((old) => new Map([...old, ...[...news].map(([id, days]) => [id, sameOr(old.get(id), days)] as const)]))
    }
  }
}
