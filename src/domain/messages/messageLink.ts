// The links in a message that do one thing about it, once, without a token: the link itself proves that whoever has it was told.

import type { MessageEvent } from './notification.ts'

/** What a link does, as people read it. */
export const linkActions = { snooze: 'Snooze for a day', acknowledge: 'Acknowledge' } as const
export type LinkAction = keyof typeof linkActions

/** How long after the message was written a link works, and for how long it snoozes, in milliseconds. */
export const linkLifeMs = 7 * 24 * 60 * 60 * 1000
export const linkSnoozeMs = 24 * 60 * 60 * 1000

/** Which messages have links: those of a trouble that lasts. */
export function hasLinks(event: MessageEvent): boolean {
  return event === 'OVERDUE' || event === 'FAILED' || event === 'WARNING'
}

export interface MessageLink {
  notificationId: number
  action: LinkAction
  signature: string
}

/** As it stands in an address. */
export function formatLink({ notificationId, action, signature }: MessageLink): string {
  return `${notificationId}.${action}.${signature}`
}

/** Null for what cannot be a link. */
export function parseLink(text: string): MessageLink | null {
  const [, id, action, signature] = /^([1-9]\d{0,14})\.([a-z]+)\.([\w-]{43})$/.exec(text) ?? []
  if (!id || !signature || !action || !Object.hasOwn(linkActions, action)) return null
  return { notificationId: Number(id), action: action as LinkAction, signature }
}

/** What is signed; the key of the message is not in the address. */
export function signedText({ notificationId, action }: Omit<MessageLink, 'signature'>, key: string): string {
  return `${notificationId} ${action} ${key}`
}
