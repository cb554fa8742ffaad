// Who is told of a job: of the rules of a channel, the closest one decides.

import type { JobRowFragment, JobStoryQuery } from '../generated/graphql.ts'

type Channel = JobStoryQuery['channels']['nodes'][number]
type Rule = Channel['rules'][number]

export interface Told {
  channel: Channel
  events: Rule['events']
  /** What the rule is for, in words. */
  by: string
}

/** The channels that are told something of the job, in their order; a rule without events keeps a channel silent. */
export function toldOf(job: JobRowFragment, channels: Channel[]): Told[] {
  const tags = new Set(job.tags)
  const serverTags = new Set(job.server.tags)
  const levels: [string, (rule: Rule) => boolean][] = [
    ['this job', (rule) => rule.job?.id === job.id],
    ['a tag of the job', (rule) => rule.tag != null && tags.has(rule.tag)],
    ['this server', (rule) => rule.server?.id === job.server.id],
    ['a tag of the server', (rule) => rule.tag != null && serverTags.has(rule.tag)],
    ['everything', (rule) => !rule.job && !rule.server && rule.tag == null],
  ]
  return channels.flatMap((channel) => {
    for (const [by, holds] of levels) {
      const rules = channel.rules.filter(holds)
      // Tags that are equally close add up.
      const events = [...new Set(rules.flatMap((rule) => rule.events))]
      if (rules.length > 0) return events.length > 0 ? { channel, events, by } : []
    }
    return []
  })
}
