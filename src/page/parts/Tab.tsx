// Keeps the title and the icon of the tab true, wherever on the page one is.

import { useEffect } from 'preact/hooks'
import { useAnswer } from '../client/useAnswer.ts'
import { JobsByStateDocument } from '../generated/graphql.ts'
import { useConnection } from '../live/live.ts'
import { countsOf, verdict } from '../words/verdict.ts'
import { showOffline, showVerdict } from './title.ts'

export function Tab() {
  const { data } = useAnswer(JobsByStateDocument, {})
  const { connection } = useConnection()
  useEffect(() => showVerdict(data ? verdict(countsOf(data.summary.jobsByState)) : null), [data])
  useEffect(() => showOffline(connection === 'OFFLINE'), [connection])
  // Whoever has to sign in first is told nothing.
  useEffect(() => () => showVerdict(null), [])
  return null
}
