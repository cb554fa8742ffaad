// Tokens as services hand them out.

import { z } from 'zod'

/** One word that can be a header. */
export const token = z
  .string('must be text')
  .trim()
  .regex(/^[!-~]{1,200}$/, 'must be a token: 1 to 200 letters, digits and signs without spaces')
