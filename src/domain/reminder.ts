// When it is told again that a job is overdue. Reminders lie a day, a week or a calendar month apart, counted in UTC from the
// moment at which it was told first, so that they come at the same hour whatever happens in between.

import type { Repeat } from './notification.ts'

const dayMs = 24 * 60 * 60 * 1000

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

/** Whether a reminder with this repeat falls into the stretch. */
export function isReminded(repeat: Repeat, { toldAt, after, until }: Reminder): boolean {
  switch (repeat) {
    case 'ONCE':
      return false
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
