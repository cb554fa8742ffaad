// As what a channel is told of something, if it is.

import type { NotificationEvent, Rule } from './notification.ts'
import { isReminded, type Reminder } from './reminder.ts'

/** Something worth telling, with what else it is to those who are not told of it: the first that they want to be told of. */
interface Told {
  event: NotificationEvent
  otherwise: NotificationEvent[]
  reminder: Reminder | null
}

/** As what the channel of the rule is told of it; null: it is not. One thing is never told twice to one channel. */
export function eventFor(
  { events, repeat }: Pick<Rule, 'events' | 'repeat'>,
  { event, otherwise, reminder }: Told,
): NotificationEvent | null {
  const isTold = !reminder || isReminded(repeat, event, reminder)
  const choices = isTold ? [event, ...otherwise] : otherwise
  return choices.find((one) => events.includes(one)) ?? null
}
