// Values in Duplicati's answers that are good to know. A null column comes as null, as `{}` or as an empty text, by the release; what
// cannot be read is unknown, because nothing depends on a single one of them.

import { z } from 'zod'
import { maxLabelBytes, shortened } from '../../domain/shortened.ts'
import { compactTimestamp, int64, smallCount, timestamp, wellFormed } from '../fields.ts'

/** A text of any length; null if it is blank. */
export const optionalText = z
  .string()
  .transform((value) => wellFormed(value).trim() || null)
  .nullish()
  .catch(null)
  .transform((value) => value ?? null)

/** A text to be shown, shortened to what is. */
export const shownText = optionalText.transform((value) => value && shortened(value, maxLabelBytes))

export const optionalTime = timestamp.catch(null)

/** As in a job's metadata: `20261130T040157Z`. */
export const optionalCompactTime = compactTimestamp.catch(null)

export const optionalInt64 = int64.catch(null)

export const optionalCount = smallCount.catch(null)

/** The number of a job, a task or a row: `"1"` in some answers, `1` in others. */
export const idText = z.union([z.string().min(1), z.number().transform(String)])

export const optionalId = idText
  .nullish()
  .catch(null)
  .transform((value) => value ?? null)
