// What people are told of: the events, how often they are told again, and the form of a message.

export const notificationEvents = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED'] as const

export type NotificationEvent = (typeof notificationEvents)[number]

/** How often a job that stays overdue is told of again. */
export const repeats = ['ONCE', 'DAILY', 'WEEKLY', 'MONTHLY'] as const

export type Repeat = (typeof repeats)[number]

export const priorities = ['MIN', 'LOW', 'DEFAULT', 'HIGH', 'URGENT'] as const

export type Priority = (typeof priorities)[number]

export interface Message {
  title: string
  message: string
  priority: Priority
  tags: string[]
}
