// The one place that channels reach HTTP servers from, and that says what their answers mean.

import { ChannelError } from './channel.ts'
import { objectIn } from './recognized.ts'

/** As much of an answer as anybody looks at, in bytes. */
const answerLimit = 16 * 1024

/** The longest that a far end can have itself left alone. */
const longestWaitMs = 24 * 60 * 60 * 1000

/**
 * Posts JSON and returns the beginning of the answer.
 *
 * A 2xx status means that it was taken, whatever becomes of the rest of the answer. 408, 429 and 5xx are temporary, and
 * other 4xx are permanent (RFC 9110, 15.5 and 15.6), as are the redirects that are (301, 308). No redirect is followed: the body
 * and its secrets are meant for the host that was named (Standard Webhooks 1.0.0, "Delivery success and failure").
 *
 * Messages name the host alone: paths are where many services have their secrets.
 *
 * @param refusals statuses that mean something else to this service than in HTTP: the message was not delivered
 * @throws ChannelError
 */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
  refusals: Record<number, { permanent: boolean; meaning: string }> = {},
): Promise<string> {
  const { host } = new URL(url)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'duplistatus', ...headers },
      body,
      redirect: 'manual',
      signal,
    })
  } catch (error) {
    throw new ChannelError(
      signal.aborted ? `${host} did not answer in time.` : `${host} cannot be reached: ${reasonOf(error)}.`,
      { permanent: false },
    )
  }
  const answer = await beginningOf(response)
  const { status } = response
  const refusal = refusals[status]
  if (response.ok && !refusal) return answer

  const permanent =
    refusal?.permanent ??
    (status === 301 || status === 308 || (status >= 400 && status < 500 && status !== 408 && status !== 429))
  const to = status < 400 && redirectHost(response, url)
  const said = refusal
    ? `: ${[refusal.meaning, answer].filter(Boolean).join(' ')}`
    : to
      ? ` and redirects to ${to}, which is not followed; set the final address`
      : answer && `: ${answer}`
  throw new ChannelError(`${host} answered ${status}${said}`, {
    permanent,
    retryAfterMs: permanent
      ? null
      : longer(retryAfterMs(response.headers.get('retry-after'), new Date()), saidWaitMs(answer)),
  })
}

/**
 * How long a `Retry-After` asks to wait, up to a day: seconds or an HTTP date (RFC 9110, 10.2.3; of dates the one form that is
 * still to be sent, 5.6.7). Null if it is neither.
 */
export function retryAfterMs(value: string | null, now: Date): number | null {
  const wait = /^\d+$/.test(value ?? '') ? Number(value) * 1000 : httpDate(value) - now.getTime()
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), longestWaitMs)
}

/** How long the JSON of an answer asks to wait, up to a day: Discord has `retry_after`, Telegram `parameters.retry_after`, in seconds. */
function saidWaitMs(answer: string): number | null {
  const { retry_after, parameters } = objectIn(answer)
  const seconds = retry_after ?? Object(parameters).retry_after
  return typeof seconds === 'number' && seconds >= 0 ? Math.min(Math.ceil(seconds * 1000), longestWaitMs) : null
}

function longer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}

/** Milliseconds since 1970; NaN if it is none. Date.parse takes much for a date, -5 too. */
function httpDate(value: string | null): number {
  return value !== null && /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(value) ? Date.parse(value) : Number.NaN
}

/** What of the body comes, up to the limit. It may break off or never end: the status has said what matters. */
async function beginningOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of response.body ?? []) {
      parts.push(part)
      size += part.length
      if (size >= answerLimit) break
    }
  } catch {
    // The attempt ended, or the connection did.
  }
  return Buffer.concat(parts).subarray(0, answerLimit).toString('utf8').trim()
}

/** The origin that an answer redirects to; null if to none. */
export function redirectHost(response: Response, url: string): string | null {
  const location = response.headers.get('location')
  return location !== null && URL.canParse(location, url) ? new URL(location, url).origin : null
}

/** fetch says only that it failed; why is in the cause, which has a code like ECONNREFUSED or CERT_HAS_EXPIRED. */
export function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code || cause?.message || 'the request failed'
}
