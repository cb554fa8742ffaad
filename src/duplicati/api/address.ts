// Where a Duplicati is asked, and how its certificate is known.

import { z } from 'zod'

/**
 * The address of a Duplicati as people see it in their browser, such as `https://nas:8200` or `https://host/duplicati/`. What it
 * becomes ends with a slash, and has neither query nor fragment.
 */
export const duplicatiUrl = z
  .string('must be text')
  .trim()
  .max(2000, 'must not exceed 2000 characters')
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null
    if (!url || !/^https?:$/.test(url.protocol)) {
      context.addIssue('must be an http or https URL')
      return z.NEVER
    }
    if (url.username || url.password) {
      context.addIssue('must not hold a user name or a password')
      return z.NEVER
    }
    return `${url.origin}${url.pathname.replace(/\/*$/, '/')}`
  })

/** The SHA-256 of a certificate: 64 hex digits, in any case, with or without colons. What it becomes is `AB:CD:…`. */
export const certificateFingerprint = z
  .string('must be text')
  .trim()
  .regex(
    /^([\da-f]{2}:?){31}[\da-f]{2}$/i,
    'must be the SHA-256 fingerprint of a certificate: 64 hex digits, with or without colons',
  )
  .transform((text) => (text.replaceAll(':', '').toUpperCase().match(/../g) ?? []).join(':'))
