// What is worth telling, and which channels a rule wants it told to.

export const notificationEvents = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED', 'UNUSUAL'] as const
export type NotificationEvent = (typeof notificationEvents)[number]

/** What messages tell of: what happens to a job, by rules, and all jobs together, at a time of its own. */
export const messageEvents = [...notificationEvents, 'DIGEST'] as const
export type MessageEvent = (typeof messageEvents)[number]

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

/** What a channel is told: of one job, of the jobs of a tag or of a server, or, with none of these, of everything. */
export interface Rule {
  channelId: number
  serverId: number | null
  jobId: number | null
  tag: string | null
  /** None: the channel is not told of these jobs. */
  events: NotificationEvent[]
  /** How often it is told again that a job is overdue, or goes on failing. */
  repeat: Repeat
}

/** By what a rule is about a job, the closest first: the job itself, a tag that it carries, its server, a tag of that, or as all are. */
const ruleWays = ['JOB', 'JOB_TAG', 'SERVER', 'SERVER_TAG', 'ALL'] as const
export type RuleWay = (typeof ruleWays)[number]

/** A rule that can be about a job. */
export type FittingRule = Rule & { way: RuleWay }

/**
 * What each channel is told of a job by the closest of its rules. Those of several tags are equally close: then it is told what any of
 * them wants, as often as any of them wants it.
 */
export function closestRules(rules: FittingRule[]): Pick<Rule, 'channelId' | 'events' | 'repeat'>[] {
  const channels = new Map<number, FittingRule[]>()
  for (const rule of rules) channels.set(rule.channelId, [...(channels.get(rule.channelId) ?? []), rule])
  return [...channels].map(([channelId, ofChannel]) => {
    const closest = ruleWays.find((way) => ofChannel.some((rule) => rule.way === way))
    const counting = ofChannel.filter(({ way }) => way === closest)
    return {
      channelId,
      events: notificationEvents.filter((event) => counting.some(({ events }) => events.includes(event))),
      repeat: oftenest.find((repeat) => counting.some((rule) => rule.repeat === repeat)) ?? 'ONCE',
    }
  })
}

const oftenest: Repeat[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'ONCE']
