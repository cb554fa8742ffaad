// For how long messages are to wait.

const hour = 3_600_000

const spans: [hours: number, word: string][] = [
  [1, 'an hour'],
  [8, '8 hours'],
  [24, 'a day'],
  [7 * 24, 'a week'],
  [30 * 24, '30 days'],
]

interface Props {
  /** Until when they wait now; left out where that differs from job to job. */
  until?: string | null | undefined
  /** Null ends it. */
  snooze: (until: string | null) => void
}

export function SnoozeMenu({ until, snooze }: Props) {
  const isOfMany = until === undefined
  if (until && Date.parse(until) > Date.now()) {
    return (
      <button type="button" onClick={() => snooze(null)}>
        End the snooze
      </button>
    )
  }
  return (
    <select
      aria-label="Snooze the messages"
      value=""
      onChange={({ currentTarget }) => {
        const hours = Number(currentTarget.value)
        currentTarget.value = ''
        snooze(hours === 0 ? null : new Date(Date.now() + hours * hour).toISOString())
      }}
    >
      <option value="">Snooze for…</option>
      {spans.map(([hours, word]) => (
        <option key={hours} value={hours}>
          {word}
        </option>
      ))}
      {isOfMany && <option value={0}>no longer</option>}
    </select>
  )
}
