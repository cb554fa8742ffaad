// Keeps the title and the icon of the tab at the worst that is true now, whatever part of the page is open.

import { useEffect } from 'preact/hooks'
import { useAnswer } from '../client/useAnswer.ts'
import { StatesDocument } from '../generated/graphql.ts'
import { useConnection } from '../live/live.ts'
import { currentVerdict } from '../words/verdict.ts'
import { showVerdict } from './title.ts'

export function TabState() {
  const { data } = useAnswer(StatesDocument, {})
  const { offlineSince } = useConnection()
  const verdict = data && currentVerdict(data.summary.jobsByState, offlineSince)
  useEffect(() => {
    if (verdict) showVerdict(verdict)
  }, [verdict?.short, verdict?.tone])
  return null
}
