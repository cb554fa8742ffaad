// Reads the templates of the old release. Their placeholders stay as they are: both generations of names are known.

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
  const templates: Partial<Record<NotificationEvent, Template>> = {}
  for (const [name, [first, ...others]] of Object.entries(events)) {
    if (!first) continue
    const template =
      templateOf(stored?.[name], `notification_templates.${name}`, first, note) ??
      templateOf(older?.[name], `notifications.templates.${name}`, first, note)
    if (template) for (const event of [first, ...others]) templates[event] = template
  }
  return templates
}

/** Null without a text. A template without a title gets that of the default template of its event. */
function templateOf(value: unknown, name: string, event: NotificationEvent, note: Note): Template | null {
  const fields = fieldsOf(value, name, note)
  if (!fields) return null
  const message = limited(fields.message, `${name}.message`, templateLimits.message, note)
  if (message === null) return null
  return {
    title: limited(fields.title, `${name}.title`, templateLimits.title, note) ?? defaultTemplates[event].title,
    message,
    priority: priorityOf(fields.priority, `${name}.priority`, note),
    tags: tagsOf(fields.tags, `${name}.tags`, note),
  }
}

function limited(value: unknown, name: string, limit: number, note: Note): string | null {
  const text = textOf(value, name, note)
    ?.replace(/(?![\n\t])\p{Cc}/gu, '')
    .trim()
  if (!text) return null
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
