// Puts what is worth telling into the outbox, in the transaction that made it so: neither is there without the other.

import type { Tables } from '../../database/writer.ts'
import type { JobWatch, Occurrence } from '../../domain/jobWatch.ts'
import { composeMessage } from '../../domain/messages/composeMessage.ts'
import { eventFor } from '../../domain/messages/eventFor.ts'
import type { MessageFacts } from '../../domain/messages/messageValues.ts'
import { closestRules, type NotificationEvent } from '../../domain/messages/notification.ts'
import { defaultTemplates } from '../../domain/messages/template.ts'
import { type Absence, isAwayDuring } from '../../domain/schedule/absence.ts'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'

/**
 * Writes one message for every channel that wants to be told of it, in the words of now.
 *
 * @param remark what is to be said of it that no run's remarks say
 * @returns how many there are
 */
export function notify(
  tables: Tables,
  jobId: number,
  watch: JobWatch,
  occurrence: Occurrence,
  now: Date,
  remark: string | null = null,
): number {
  const serverId = tables.jobs.serverOf(jobId)
  if (serverId === undefined) throw new Error(`There is no job ${jobId}`)
  const told = closestRules(tables.channels.rulesFor(jobId, serverId)).flatMap((rule) => {
    const event = eventFor(rule, occurrence)
    return event ? [{ channelId: rule.channelId, event }] : []
  })
  if (told.length === 0) return 0

  for (const { channelId, event } of told) {
    const facts = messageFacts(tables, jobId, watch, event, occurrence.backupId, remark)
    const { server, job } = facts
    const subject = {
      id: jobId,
      name: job.name,
      server: { id: serverId, name: server.name, url: server.url },
      state: watch.state,
      dueAt: watch.dueAt,
      backupId: occurrence.backupId,
    }
    const template = tables.settings.template(event) ?? defaultTemplates[event]
    tables.notifications.insert(
      {
        ...composeMessage(template, facts, now, timeZoneOf(tables)),
        channelId,
        serverId,
        jobId,
        backupId: occurrence.backupId,
        event,
        reminder: occurrence.reminder !== null,
        subject,
        serverName: server.alias ?? server.name,
        waitedSince: event === 'OVERDUE' && watch.heldFor?.getTime() === watch.dueAt?.getTime() ? watch.heldAt : null,
      },
      now,
    )
  }
  return told.length
}

/**
 * What a message can say of a job, inside a transaction.
 *
 * @param backupId the run that is told of; null: none, and what is said of a run is said of the latest
 */
export function messageFacts(
  { subjects, settings }: Tables,
  jobId: number,
  watch: JobWatch,
  event: NotificationEvent,
  backupId: number | null,
  remark: string | null = null,
): MessageFacts {
  const { successor, ...subject } = subjects.about(jobId, backupId)
  return {
    event,
    ...subject,
    ofRun: backupId !== null,
    remark,
    successor: event === 'OVERDUE' ? successor : null,
    dueAt: watch.dueAt,
    overdueAt: watch.overdueAt,
    interval: watch.interval,
    finding: event === 'OVERDUE' && watch.heldFor?.getTime() === watch.dueAt?.getTime() ? watch.finding : null,
    away: event === 'OVERDUE' ? awayDuring(watch, settings.watching().away) : null,
    toleranceSeconds: watch.toleranceSeconds ?? settings.get().toleranceSeconds,
  }
}

/** The absence of this server in which the job was waited for: its report may have been lost. */
function awayDuring({ dueAt, overdueAt }: JobWatch, away: Absence | null): Absence | null {
  return away && dueAt && overdueAt && isAwayDuring(away, dueAt, overdueAt) ? away : null
}

/** The time zone of messages: that of the settings, or else that of the machine. */
export function timeZoneOf({ settings }: Tables): string {
  return settings.get().timeZone ?? machineTimeZone()
}
