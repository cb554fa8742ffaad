// As what a channel is told of something, if it is.

import type { NotificationEvent, Rule } from './notification.ts'
import { isReminded, type Reminder } from './reminder.ts'

/** Something worth telling, with what it is to those who do not want to be told of it. */
interface Told {
  event: NotificationEvent
  otherwise: NotificationEvent | null
  reminder: Reminder | null
}

/** As what the channel of the rule is told of it; null: it is not. One thing is never told twice to one channel. */
export function eventFor(
  { events, repeat }: Pick<Rule, 'events' | 'repeat'>,
  { event, otherwise, reminder }: Told,
): NotificationEvent | null {
  const wanted = [event, otherwise].find((one) => one !== null && events.includes(one)) ?? null
  return reminder && !isReminded(repeat, event, reminder) ? null : wanted
}
