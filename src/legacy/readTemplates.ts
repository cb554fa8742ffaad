// Reads the templates of the old release. Their placeholders stay as they are, because all generations of names are known, but for
// one that changed its meaning under the same name.

import type { NotificationEvent, Priority } from '../domain/messages/notification.ts'
import { defaultTemplates, type Template, templateLimits } from '../domain/messages/template.ts'
import { type Fields, fieldsOf, type Note, shown, textOf } from './oldValue.ts'

/** The old templates, and what they are now for. An old release knew no recovery. */
const events: Record<string, NotificationEvent[]> = {
  success: ['SUCCESS'],
  warning: ['WARNING', 'FAILED'],
  overdueBackup: ['OVERDUE'],
}

/** ntfy takes names and numbers; old releases offered the names. */
const priorityNames: Record<string, Priority> = {
  min: 'MIN',
  '1': 'MIN',
  low: 'LOW',
  '2': 'LOW',
  default: 'DEFAULT',
  '3': 'DEFAULT',
  high: 'HIGH',
  '4': 'HIGH',
  max: 'URGENT',
  urgent: 'URGENT',
  '5': 'URGENT',
}

/**
 * The templates that the old release had of its own, by event: each that of `notification_templates`, where releases from
 * 0.8 on keep them, or else that within `notifications`.
 */
export function readTemplates(
  stored: Fields | null,
  notifications: Fields | null,
  note: Note,
): Partial<Record<NotificationEvent, Template>> {
  const older = fieldsOf(notifications?.templates, 'notifications.templates', note)
  const inOurWords = stored?.language === undefined ? (text: string) => text : withBothNames
  const templates: Partial<Record<NotificationEvent, Template>> = {}
  for (const [name, [first, ...others]] of Object.entries(events)) {
    if (!first) continue
    const template =
      templateOf(stored?.[name], `notification_templates.${name}`, first, inOurWords, note) ??
      templateOf(older?.[name], `notifications.templates.${name}`, first, inOurWords, note)
    if (template) for (const event of [first, ...others]) templates[event] = template
  }
  return templates
}

/**
 * Up to 1.2 `{server_alias}` was the alias, or the name without one, as here. From 1.3 on, which can be told by the language that is
 * kept beside the templates, it was the alias with the name behind it. `{{server_alias}}` is text.
 */
function withBothNames(text: string): string {
  return text.replace(/\{\{server_alias\}\}|\{server_alias\}/g, (whole) =>
    whole.startsWith('{{') ? whole : '{server_alias_and_name}',
  )
}

/** Null without a text. A template without a title gets that of the default template of its event. */
function templateOf(
  value: unknown,
  name: string,
  event: NotificationEvent,
  inOurWords: (text: string) => string,
  note: Note,
): Template | null {
  const fields = fieldsOf(value, name, note)
  if (!fields) return null
  const read = (field: 'title' | 'message') => {
    const text = textOf(fields[field], `${name}.${field}`, note)
    return text && limited(inOurWords(text), `${name}.${field}`, templateLimits[field], note)
  }
  const message = read('message')
  if (!message) return null
  return {
    title: read('title') || defaultTemplates[event].title,
    message,
    priority: priorityOf(fields.priority, `${name}.priority`, note),
    tags: tagsOf(fields.tags, `${name}.tags`, note),
  }
}

function limited(whole: string, name: string, limit: number, note: Note): string {
  const text = whole.replace(/(?![\n\t])\p{Cc}/gu, '').trim()
  if (text.length <= limit) return text
  note(`${name} is cut to ${limit} characters`)
  return text.slice(0, limit)
}

function priorityOf(value: unknown, name: string, note: Note): Priority {
  const text = typeof value === 'number' ? String(value) : textOf(value, name, note)
  if (text === null) return 'DEFAULT'
  const known = text.toLowerCase()
  if (Object.hasOwn(priorityNames, known)) return priorityNames[known] ?? 'DEFAULT'
  note(`${name} is ${shown(text)}, taken as default`)
  return 'DEFAULT'
}

/** Old releases wrote the tags in one line, between commas, as ntfy's header does. */
function tagsOf(value: unknown, name: string, note: Note): string[] {
  const tags = (textOf(value, name, note) ?? '')
    .split(',')
    .map((tag) => tag.replace(/\p{Cc}/gu, '').trim())
    .filter((tag) => tag !== '')
  const kept = tags.filter((tag) => tag.length <= templateLimits.tag).slice(0, templateLimits.tags)
  if (kept.length < tags.length) note(`${name}: ${tags.length - kept.length} tags are left out, too long or too many`)
  return kept
}
