// The templates of messages: text with placeholders in braces, by the names of both generations of old releases, so that old
// templates go on as they are. What stands for a placeholder is said in messageValues.

import type { Issue } from '../errors.ts'
import type { Message, MessageEvent, Priority } from './notification.ts'

export interface Template {
  /** With placeholders; becomes one line. */
  title: string
  /** With placeholders. */
  message: string
  priority: Priority
  tags: string[]
}

/** The placeholders by name, with what stands for them. */
export const placeholders = {
  event: 'The event: `Overdue`, `Failed`, `Warning`, `Success`, `Recovered` or `Unusual`.',
  backup_name: 'The name of the job in Duplicati.',
  backup_alias: 'The name a person gave the job, or else its name.',
  server_name: 'The name that the server reports.',
  server_alias: 'The name a person gave the server, or else its name.',
  server_alias_and_name:
    'Both, like `The NAS (nas-01)`, or the name alone: what `{server_alias}` was in releases 1.3 and 1.4.',
  server_note: 'The notes on the server.',
  server_url: "The address of the server's Duplicati.",
  machine_name: 'The same as `{server_name}`, as 0.6 called it.',
  status: 'How the latest run ended: `Success`, `Warning`, `Error`, `Fatal` or `Unknown`.',
  backup_date: 'When the latest run began.',
  duration: 'How long it took, as `hh:mm:ss`.',
  file_count: 'Files it examined.',
  file_size: 'Their size, like `1.18 MB`.',
  uploaded_size: 'What it uploaded.',
  storage_size: 'What is stored at the destination.',
  available_versions: 'Versions at the destination.',
  messages_count: 'Messages in its report.',
  warnings_count: 'Warnings in its report.',
  errors_count: 'Errors in its report.',
  exception: 'Why it failed, in one line: the exception and its cause, or else its first error.',
  remarks: 'Its remarks, a sentence each.',
  log_text: 'The first of its errors and warnings.',
  last_backup_date: 'When the job last ran.',
  last_elapsed: 'How long ago that was, like `3 hours ago`.',
  expected_date: 'When the next run is due.',
  expected_elapsed: 'How far that is from now.',
  overdue_date: 'When the tolerance ends and the job becomes overdue.',
  backup_interval: 'How often the job runs, like `1D`, where that is known.',
  backup_interval_value: 'The number in that interval, like `1`.',
  backup_interval_type: 'The unit of that interval, like `day`.',
  overdue_tolerance: 'How late a run may be, like `1 hour`.',
}

/** Those of a digest, which is about no single job. */
export const digestPlaceholders = {
  event: 'The event: `Digest`.',
  summary: 'The line that says it all, like `All 12 backups are fine`.',
  troubles: 'What is wrong and since when, the worst first: a line for each of up to 20 jobs; empty if nothing is.',
  runs: 'How many runs succeeded, had warnings, failed and were missed since the last digest.',
  growth: 'The jobs whose stored size grew most since the last digest, a line each.',
  almost_full: 'The jobs whose destination is almost full, a line each.',
  period: '`daily`, `weekly` or `monthly`.',
  tag: 'The tag whose jobs it is about; empty if it is about all.',
  since_date: 'When the last digest was written.',
  jobs_count: 'The number of jobs.',
  overdue_count: 'How many of them are overdue.',
  failed_count: 'How many failed.',
  warning_count: 'How many have warnings.',
  succeeded_runs: 'The runs that succeeded since the last digest.',
  warned_runs: 'Those with warnings.',
  failed_runs: 'Those that failed.',
  missed_runs: 'The due times that passed without a run.',
}

/** The placeholders that a template of the event may have, by name. */
function placeholdersOf(event: MessageEvent): Record<string, string> {
  return event === 'DIGEST' ? digestPlaceholders : placeholders
}

/** The longest texts that a template may have, in characters, and how many tags. */
export const templateLimits = { title: 250, message: 10_000, tag: 50, tags: 10 }

/** `{name}` is a placeholder, and `{{name}}` the text `{name}`, as in string-template, which old releases used. */
const braces = /\{\{(\w+)\}\}|\{(\w+)\}/g

/** Everything that keeps a template from being saved. An unknown placeholder is named, with those there are. */
export function templateIssues({ title, message, tags }: Template, event: MessageEvent): Issue[] {
  const issues: Issue[] = []
  for (const [path, text] of Object.entries({ title, message })) {
    const limit = path === 'title' ? templateLimits.title : templateLimits.message
    if (text.trim() === '') issues.push({ path, message: 'must not be blank' })
    if (text.length > limit) issues.push({ path, message: `must not exceed ${limit} characters` })
    const known = Object.keys(placeholdersOf(event))
    const unknown = [...text.matchAll(braces)].map(([, , name]) => name).filter((name) => name && !known.includes(name))
    for (const name of new Set(unknown)) {
      const list = known.map((each) => `{${each}}`).join(' ')
      issues.push({ path, message: `{${name}} is not a placeholder; write {{${name}}} for the text, or use ${list}` })
    }
  }
  if (tags.length > templateLimits.tags) {
    issues.push({ path: 'tags', message: `must not be more than ${templateLimits.tags}` })
  }
  for (const [place, tag] of tags.entries()) {
    // Old releases and ntfy's header write the tags in one line, between commas.
    if (tag.trim() === '' || tag.length > templateLimits.tag || /[,\p{Cc}]/u.test(tag)) {
      const message = `must be from 1 to ${templateLimits.tag} characters in one line, without a comma`
      issues.push({ path: `tags.${place}`, message })
    }
  }
  return issues
}

/**
 * The message. A value is taken as it is, braces and all: it is never looked at for placeholders. An unknown placeholder,
 * of an old template, stays as it is. The title is one line; neither it nor the text has control characters. A line of the text
 * that holds nothing but empty values is left out.
 */
export function render({ title, message, priority, tags }: Template, values: Record<string, string>): Message {
  const fill = (text: string) =>
    text.replace(braces, (whole, escaped: string | undefined, name: string | undefined) => {
      if (escaped) return `{${escaped}}`
      return name && Object.hasOwn(values, name) ? (values[name] ?? whole) : whole
    })
  const filled = (text: string) =>
    text
      .split('\n')
      .flatMap((line) => {
        const whole = fill(line)
        return line.trim() !== '' && whole.trim() === '' ? [] : [whole]
      })
      .join('\n')
  return {
    title: printable(fill(title).replace(/[\s\p{Cc}]+/gu, ' ')).trim(),
    message: printable(filled(message).replace(/\r\n?/g, '\n')).trim(),
    priority,
    tags,
  }
}

/** Text without what no screen shows and no channel takes; half of a surrogate pair becomes U+FFFD. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '').replace(/\p{Surrogate}/gu, '\ufffd')
}

/** What, where, how bad, since when: short enough for a locked phone. The tags are emoji to ntfy. */
export const defaultTemplates: Record<MessageEvent, Template> = {
  OVERDUE: {
    title: 'Overdue: {backup_alias} on {server_alias}',
    message: 'Expected {expected_date} ({expected_elapsed}). Last backup {last_backup_date} ({last_elapsed}).',
    priority: 'HIGH',
    tags: ['alarm_clock'],
  },
  FAILED: {
    title: 'Failed: {backup_alias} on {server_alias}',
    message: '{exception}\n{status} at {backup_date}. Errors: {errors_count}, warnings: {warnings_count}.\n{log_text}',
    priority: 'HIGH',
    tags: ['rotating_light'],
  },
  WARNING: {
    title: 'Warning: {backup_alias} on {server_alias}',
    message: '{status} at {backup_date}. Warnings: {warnings_count}.\n{log_text}',
    priority: 'DEFAULT',
    tags: ['warning'],
  },
  SUCCESS: {
    title: 'Success: {backup_alias} on {server_alias}',
    message: 'At {backup_date} in {duration}: {uploaded_size} uploaded, {storage_size} stored.',
    priority: 'LOW',
    tags: ['white_check_mark'],
  },
  RECOVERED: {
    title: 'Recovered: {backup_alias} on {server_alias}',
    message: '{status} at {backup_date} in {duration}: {uploaded_size} uploaded, {storage_size} stored.',
    priority: 'DEFAULT',
    tags: ['green_heart'],
  },
  UNUSUAL: {
    title: 'Unusual: {backup_alias} on {server_alias}',
    message: '{remarks}\n{status} at {backup_date} in {duration}.',
    priority: 'HIGH',
    tags: ['mag'],
  },
  DIGEST: {
    title: '{summary}',
    message: '{troubles}\n{runs}\n{growth}\n{almost_full}',
    priority: 'DEFAULT',
    tags: ['bar_chart'],
  },
}
