// When it is told again that a job is overdue, or goes on failing. Reminders lie a day, a week or a calendar month apart, counted
// in UTC from the moment at which it was told first, so that they come at the same hour whatever happens in between. Time alone
// reminds of a job that is overdue; of one that goes on failing, the next run that fails.

import type { NotificationEvent, Repeat } from './notification.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

/** A stretch of time in which reminders may have fallen due, thought of at once: after a sleep it is long. */
export interface Reminder {
  toldAt: Date
  /** Reminders up to and including this moment were thought of before. */
  after: Date
  until: Date
}

/** The first moment after `remindedAt` at which somebody could be reminded: the finest of the repeats is a day. */
export function nextReminder(toldAt: Date, remindedAt: Date): Date {
  return new Date(toldAt.getTime() + (daysBetween(toldAt, remindedAt) + 1) * dayMs)
}

/** The last such moment before `now`, and not before `toldAt`. */
export function lastReminder(toldAt: Date, now: Date): Date {
  return new Date(toldAt.getTime() + Math.max(0, Math.ceil((now.getTime() - toldAt.getTime()) / dayMs) - 1) * dayMs)
}

/**
 * The reminder that a run which fails again gives; null less than a day after it was told last. A run of every night does not end
 * in the same minute every night: less than an hour, and less than half the time between runs, is not missing from a day.
 *
 * @param toldAt when it was first told that the job fails
 * @param remindedAt when it was told last
 * @param sinceLastRun milliseconds from the run before to this one
 */
export function failureReminder(toldAt: Date, remindedAt: Date, sinceLastRun: number, now: Date): Reminder | null {
  const early = Math.max(0, Math.min(hourMs - 1, sinceLastRun / 2))
  if (now.getTime() - remindedAt.getTime() < dayMs - early) return null
  return { toldAt, after: new Date(remindedAt.getTime() + early), until: new Date(now.getTime() + early) }
}

/** Whether a reminder with this repeat falls into the stretch. That a job goes on failing is told daily also by ONCE. */
export function isReminded(repeat: Repeat, event: NotificationEvent, { toldAt, after, until }: Reminder): boolean {
  switch (repeat) {
    case 'ONCE':
      return event === 'FAILED'
    case 'DAILY':
      return daysBetween(toldAt, until) > daysBetween(toldAt, after)
    case 'WEEKLY':
      return Math.floor(daysBetween(toldAt, until) / 7) > Math.floor(daysBetween(toldAt, after) / 7)
    case 'MONTHLY':
      return monthsBetween(toldAt, until) > monthsBetween(toldAt, after)
  }
}

function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / dayMs)
}

/** Whole calendar months in UTC; a month that is too short for the day ends one on its last day. */
function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  return monthsLater(from, months) <= to ? months : months - 1
}

function monthsLater(from: Date, months: number): Date {
  const moved = new Date(from)
  moved.setUTCMonth(from.getUTCMonth() + months, 1)
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate()
  moved.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return moved
}
