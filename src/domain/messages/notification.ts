// What is worth telling, and which channels a rule wants it told to.

export const notificationEvents = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED'] as const
export type NotificationEvent = (typeof notificationEvents)[number]

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

/** What a channel is told: of one job, of all jobs of a server, or, with neither, of everything. */
export interface Rule {
  channelId: number
  serverId: number | null
  jobId: number | null
  /** None: the channel is not told of these jobs. */
  events: NotificationEvent[]
  /** How often it is told again that a job is overdue, or goes on failing. */
  repeat: Repeat
}

/**
 * Of the rules that can be about a job, those that count: of each channel the closest, which is the job's own, or else that
 * of its server, or else the one for everything.
 */
export function closestRules(rules: Rule[]): Rule[] {
  const closest = new Map<number, Rule>()
  for (const rule of rules) {
    const known = closest.get(rule.channelId)
    if (!known || closeness(rule) > closeness(known)) closest.set(rule.channelId, rule)
  }
  return [...closest.values()]
}

function closeness({ serverId, jobId }: Rule): number {
  if (jobId !== null) return 2
  return serverId === null ? 0 : 1
}
