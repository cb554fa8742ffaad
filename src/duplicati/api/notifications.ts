// What Duplicati has to tell whoever opens its page next. Failures of runs that left no row in a log are found here.

import { z } from 'zod'
import type { Duplicati } from './session.ts'
import { idText, optionalId, optionalText, optionalTime, shownText } from './values.ts'

export interface Notification {
  id: string
  /** `Information`, `Warning` or `Error`. */
  type: string | null
  title: string | null
  message: string | null
  /** Null if it is about no job. */
  jobId: string | null
  createdAt: Date | null
}

const notification = z
  .object({
    ID: idText,
    Type: optionalText,
    Title: shownText,
    Message: shownText,
    BackupID: optionalId,
    Timestamp: optionalTime,
  })
  .transform(
    (told): Notification => ({
      id: told.ID,
      type: told.Type,
      title: told.Title,
      message: told.Message,
      jobId: told.BackupID,
      createdAt: told.Timestamp,
    }),
  )

/** Those that nobody has dismissed. */
export function readNotifications(duplicati: Duplicati): Promise<Notification[]> {
  return duplicati.get('api/v1/notifications', z.array(notification))
}
