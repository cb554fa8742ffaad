// One whole message: the words of a template, the reason of a failure first, and below what is to be known whatever the words are.

import { shortened } from '../shortened.ts'
import { formatTime } from './humanFormats.ts'
import { type MessageFacts, messageValues, remarksOf } from './messageValues.ts'
import type { Message } from './notification.ts'
import { render, type Template } from './template.ts'

/** In bytes: names may have 1,000 characters each, and templates name them as often as they like. */
const maxTitleBytes = 4 * 1024
const maxMessageBytes = 64 * 1024

/**
 * The message. A template that says the reason or the remarks itself has them where it wants them.
 *
 * @param timeZone by whose clock times are written
 * @throws RangeError if there is no such time zone
 */
export function composeMessage(template: Template, facts: MessageFacts, now: Date, timeZone: string): Message {
  const { title, message, ...rest } = render(template, messageValues(facts, now, timeZone))
  const says = (name: string) => [template.title, template.message].some((text) => text.includes(`{${name}}`))
  const reason = facts.event === 'FAILED' && facts.run?.reason && !says('exception') ? [facts.run.reason] : []
  const remarks = says('remarks') ? [] : remarksOf(facts).filter((remark) => !message.includes(remark))
  const whole = [...reason, message, ...remarks, ...notes(facts, timeZone)].join('\n')
  return { ...rest, title: shortened(title, maxTitleBytes), message: shortened(whole, maxMessageBytes) }
}

/** Why an alarm may be none. */
function notes({ away, successor, finding }: MessageFacts, timeZone: string): string[] {
  const found: string[] = finding === null ? [] : [finding]
  if (away) {
    const [from, until] = [formatTime(away.from, timeZone), formatTime(away.until, timeZone)]
    found.push(`This server was not running from ${from} to ${until}: a report that was sent then is lost.`)
  }
  if (successor) {
    found.push(
      `${successor.id}, of the same name, reported at ${formatTime(successor.latestAt, timeZone)}: if it is the same backup under a new id, merge the two.`,
    )
  }
  return found
}
