// What belongs together is told together: jobs of one server that get into trouble at nearly the same time are one message.

import { shortened } from '../shortened.ts'
import type { MessageEvent, NotificationEvent } from './notification.ts'

/** How long the first of them waits for others, in milliseconds. */
export const gatheringMs = 60_000

/** The most jobs that one message is about; further ones are told in another. */
export const maxTogether = 100

/** What is told together, the worst first. What is over, or went well, is told at once. */
const together = { OVERDUE: 'overdue', FAILED: 'failed', WARNING: 'with warnings' } as const

/** How many of them have their whole text, and how long it may be, in bytes. */
const wholeTexts = 10
const maxTextBytes = 1024
const maxTitleBytes = 4 * 1024
const maxMessageBytes = 64 * 1024

/** A job in a message, with the message that it would have been alone. */
export interface Member {
  event: MessageEvent
  title: string
  message: string
}

export function isToldTogether(event: NotificationEvent): boolean {
  return event in together
}

/** The worst of the events. */
export function worstEvent(events: MessageEvent[]): MessageEvent {
  return (
    (Object.keys(together) as MessageEvent[]).find((event) => events.includes(event)) ?? (events[0] as MessageEvent)
  )
}

/**
 * Title and text of the message about several jobs: how many are in which trouble, and what would be said of each.
 *
 * @param server as people call it
 */
export function groupMessage(server: string, members: Member[]): Pick<Member, 'title' | 'message'> {
  const kinds = Object.entries(together).flatMap(([event, word]) => {
    const count = members.filter((member) => member.event === event).length
    return count > 0 ? [`${count} ${word}`] : []
  })
  const ordered = Object.keys(together).flatMap((event) => members.filter((member) => member.event === event))
  const texts = ordered
    .slice(0, wholeTexts)
    .map(({ title, message }) => `${title}\n${shortened(message, maxTextBytes)}`)
  const titles = ordered.slice(wholeTexts).map(({ title }) => title)
  return {
    title: shortened(`${members.length} backups on ${server}: ${kinds.join(', ')}`, maxTitleBytes),
    message: shortened([...texts, ...(titles.length > 0 ? [titles.join('\n')] : [])].join('\n\n'), maxMessageBytes),
  }
}
