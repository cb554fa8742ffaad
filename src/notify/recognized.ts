// Tells the answer of a service from that of something else at its address: a page to log in, say, which has a status of 200, too.

import { ChannelError } from './channel.ts'

/**
 * The answer, if the service gives such answers.
 *
 * @param service like `an ntfy server`
 * @param isSuch is given no more than the beginning of an answer that is long
 * @throws ChannelError otherwise
 */
export function recognized(answer: string, url: string, service: string, isSuch: (answer: string) => boolean): string {
  if (isSuch(answer)) return answer
  throw new ChannelError(`${new URL(url).host} answered, but not like ${service}; check the address.`, {
    permanent: false,
  })
}

/** The JSON object that the answer is; an empty one if it is something else. */
export function objectIn(answer: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(answer))
  } catch {
    return {}
  }
}

/** Whether it is no web page. */
export function isNoPage(answer: string): boolean {
  return !answer.startsWith('<')
}
