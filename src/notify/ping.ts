// Calls an address that waits to be called, as monitors of heartbeats have them.

import { ChannelError } from './channel.ts'
import { reasonOf, redirectHost } from './post.ts'

/**
 * Calls it with GET, and resolves after a 2xx status. No redirect is followed. Messages name the host alone: the path is the secret.
 *
 * @throws ChannelError
 */
export async function ping(url: string, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url)
  let response: Response
  try {
    response = await fetch(url, { headers: { 'user-agent': 'duplistatus' }, redirect: 'manual', signal })
  } catch (error) {
    const problem = signal.aborted ? 'did not answer in time' : `cannot be reached: ${reasonOf(error)}`
    throw new ChannelError(`${host} ${problem}.`, { permanent: false })
  }
  // Nobody reads the answer, however long it is.
  await response.body?.cancel().catch(() => {})
  if (response.ok) return
  const to = response.status < 400 ? redirectHost(response, url) : null
  const more = to === null ? '' : ` and redirects to ${to}, which is not followed; set the final address`
  throw new ChannelError(`${host} answered ${response.status}${more}.`, { permanent: false })
}
