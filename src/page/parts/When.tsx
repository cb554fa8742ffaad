// A moment: how long ago it was, or its name; in full for whoever points at it.

import { useEffect, useState } from 'preact/hooks'
import { age, fullMoment, moment } from '../words/times.ts'

/** `Monday 02:00`, or the age of it with `relative`. */
export function When({ time, relative = false }: { time: string; relative?: boolean }) {
  const now = useNow()
  const at = new Date(time)
  return (
    <time dateTime={time} title={fullMoment(at)}>
      {relative ? age(at, now) : moment(at, now)}
    </time>
  )
}

const listeners = new Set<(now: Date) => void>()
let current = new Date()
setInterval(() => {
  current = new Date()
  for (const listener of listeners) listener(current)
}, 20_000)

/** The time, which moves on every 20 seconds: the same for everything on the page. */
export function useNow(): Date {
  const [now, setNow] = useState(current)
  useEffect(() => {
    listeners.add(setNow)
    return () => void listeners.delete(setNow)
  }, [])
  return now
}
