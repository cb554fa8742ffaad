// Checks that an answer comes from the expected service: a login page in front of it answers with 200, too.

import { ChannelError } from './channel.ts'

/**
 * Returns the answer if it looks like one of the service.
 *
 * @param service like `an ntfy server`
 * @param isSuch gets only the beginning of a long answer
 * @throws ChannelError otherwise
 */
export function recognized(answer: string, url: string, service: string, isSuch: (answer: string) => boolean): string {
  if (isSuch(answer)) return answer
  throw new ChannelError(`${new URL(url).host} answered, but not like ${service}; check the address.`, {
    permanent: false,
  })
}

/** The answer as a JSON object; an empty object if it is not one. */
export function objectIn(answer: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(answer))
  } catch {
    return {}
  }
}

/** Whether the answer is not a web page. */
export function isNoPage(answer: string): boolean {
  return !answer.startsWith('<')
}
