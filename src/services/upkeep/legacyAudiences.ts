// Whom an old release told of jobs: those who subscribed to its ntfy topic, the recipients of its mail server, and whoever subscribed to
// a further topic, or was a further recipient, that was set for some jobs. Making channels for them is left to others.

import type { Tables } from '../../database/writer.ts'
import type { NotificationEvent } from '../../domain/messages/notification.ts'
import type { LegacyJob } from '../../legacy/readJobs.ts'
import type { LegacySettings } from '../../legacy/readLegacySettings.ts'
import type { LegacyMail } from '../../legacy/readMail.ts'
import { email } from '../../notify/email.ts'

/** Those who are told through one channel, and of what. */
export interface Audience {
  kind: 'NTFY' | 'EMAIL'
  name: string
  /** The old setting that says so. */
  setting: string
  /** Not yet validated. */
  settings: Record<string, unknown>
  told: [jobId: number, events: NotificationEvent[]][]
}

type Jobs = [id: number, job: LegacyJob][]

/** How many recipients a channel can have, and how many of them its name shows. */
const mostRecipients = 20
const namedRecipients = 3
const longestName = 200

/**
 * Everybody who was told, with the jobs that are still there.
 *
 * @param problems hears what could not be taken over
 */
export function audiencesOf(tables: Tables, legacy: LegacySettings, problems: string[]): Audience[] {
  const { ntfy, mail, overdueChecked } = legacy
  const jobs = [...legacy.jobs].filter(([id]) => tables.jobs.serverOf(id) !== undefined)
  const told = (some: Jobs, eventsOf: (job: LegacyJob) => NotificationEvent[] | null): Audience['told'] =>
    some.flatMap(([id, job]): Audience['told'] => {
      const events = eventsOf(job)?.filter((event) => overdueChecked || event !== 'OVERDUE')
      return events ? [[id, events]] : []
    })
  const elsewhere = ({ elsewhere }: LegacyJob) => elsewhere.events
  const audiences: Audience[] = []
  // A rule without events keeps a job that ntfy was not told of from being told by a rule for all jobs.
  if (ntfy) {
    const audience = { kind: 'NTFY', name: 'ntfy', setting: 'ntfy', settings: { ...ntfy } } as const
    audiences.push({ ...audience, told: told(jobs, (job) => job.events) })
  }
  if (mail) {
    const settings = mailSettings(mail, mail.to, 'smtp_config.mailto', problems)
    const mailed = jobs.filter(([, job]) => job.mailEvents.length > 0)
    const audience = { kind: 'EMAIL', name: 'E-mail', setting: 'smtp_config', settings } as const
    audiences.push({ ...audience, told: told(mailed, (job) => job.mailEvents) })
  }
  const others = jobs.filter(([, job]) => elsewhere(job).length > 0)
  for (const [topic, some] of grouped(others, ({ elsewhere }) => elsewhere.topic)) {
    const whose = someOf(tables, some)
    const setting = `additionalNtfyTopic of ${whose}`
    // A topic is no name: whoever knows it can read along.
    const name = `ntfy, another topic for ${whose}`.slice(0, longestName)
    if (ntfy) audiences.push({ kind: 'NTFY', name, setting, settings: { ...ntfy, topic }, told: told(some, elsewhere) })
    else problems.push(`${setting}: there is no ntfy to send to`)
  }
  for (const [, some] of grouped(others, ({ elsewhere }) => listOf(elsewhere.addresses))) {
    const setting = `additionalEmails of ${someOf(tables, some)}`
    const addresses = some[0]?.[1].elsewhere.addresses ?? []
    if (mail) {
      const settings = mailSettings(mail, addresses, setting, problems)
      audiences.push({ kind: 'EMAIL', name: nameFor(settings.to), setting, settings, told: told(some, elsewhere) })
    } else problems.push(`${setting}: there is no mail server to send by`)
  }
  return audiences
}

/** A job by its own name and that of its server. */
export function nameOf({ jobs, servers }: Tables, jobId: number): string {
  const name = `${jobs.nameOf(jobId)} of ${servers.nameOf(jobs.serverOf(jobId) ?? 0)}`
  return name.replace(/\p{Cc}/gu, '')
}

/** Old releases took any certificate. */
function mailSettings(mail: LegacyMail, addresses: string[], setting: string, problems: string[]) {
  const { host, port, security, user, password, from } = mail
  const distinct = [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()]
  const right = distinct.filter((address) => email.fields.to.schema.safeParse([address]).success)
  const wrong = distinct.length - right.length
  if (wrong > 0 && right.length > 0)
    problems.push(
      `${setting}: ${wrong} of ${distinct.length} entries ${wrong === 1 ? 'is no address' : 'are no addresses'}`,
    )
  const to = right.slice(0, mostRecipients)
  if (to.length < right.length)
    problems.push(`${setting}: only the first ${to.length} of ${right.length} addresses are kept`)
  return { host, port, security, allowUntrustedCertificate: security !== 'NONE', user, password, from, to }
}

/** The jobs that have the same, in the order of the first of them; those without are left out. */
function grouped(jobs: Jobs, keyOf: (job: LegacyJob) => string | null): Map<string, Jobs> {
  const groups = new Map<string, Jobs>()
  for (const entry of jobs) {
    const key = keyOf(entry[1])
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}

/** The same for the same addresses, in whatever order; null for none. */
function listOf(addresses: string[]): string | null {
  return [...new Set(addresses.map((address) => address.toLowerCase()))].sort().join() || null
}

function nameFor(addresses: string[]): string {
  const more = addresses.length - namedRecipients
  const names = addresses.slice(0, namedRecipients).join(', ')
  return `E-mail to ${names}${more > 0 ? ` and ${more} more` : ''}`.slice(0, longestName)
}

function someOf(tables: Tables, jobs: Jobs): string {
  const [first] = jobs
  const name = first ? nameOf(tables, first[0]) : ''
  return jobs.length > 1 ? `${name} and ${jobs.length - 1} more` : name
}
