// The addresses that channels post to.

import { z } from 'zod'

/**
 * An http or https URL as it can be shown and posted to. Local addresses are fine: that is where self-hosted services are.
 * `fetch` refuses a user name or password in a URL, with an error that repeats them.
 */
export const webUrl = z
  .string('must be text')
  .trim()
  .max(2000, 'must not exceed 2000 characters')
  .pipe(z.url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' }))
  .pipe(
    z.string().refine((url) => {
      const { username, password } = new URL(url)
      return username === '' && password === ''
    }, 'must not hold a user name or a password'),
  )

/** The address of something that a server has below its own, which may have a path already. */
export function below(url: string, path: string): string {
  const address = new URL(url)
  address.pathname = `${address.pathname.replace(/\/$/, '')}/${path}`
  address.search = ''
  address.hash = ''
  return address.href
}
