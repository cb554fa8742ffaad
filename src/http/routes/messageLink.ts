// GET and POST /api/link/LINK: the page of a link in a message. It asks before it does anything, because mail programs and chats open
// links by themselves to show what is behind them.

import { createHash } from 'node:crypto'
import { Response } from '@whatwg-node/fetch'
import { type LinkAction, linkActions } from '../../domain/messages/messageLink.ts'
import type { Context } from '../../services/context.ts'
import { followLink, type LinkOffer, readLink } from '../../services/telling/messageLinks.ts'

/** @throws DomainError NOT_FOUND */
export async function getLink(_: Request, context: Context, link: string): Promise<Response> {
  const { action, title, jobs, state } = readLink(context, link)
  if (state !== 'OPEN') return page(title, over(action, state))
  return page(
    title,
    `<p>${questions[action]}</p>${list(jobs)}<form method="post"><button>${linkActions[action]}</button></form>`,
  )
}

/** @throws DomainError NOT_FOUND, UNAVAILABLE */
export async function postLink(_: Request, context: Context, link: string): Promise<Response> {
  const { action, title, jobs, state } = await followLink(context, link)
  return page(title, state === 'OPEN' ? `<p>${done[action]}</p>${list(jobs)}` : over(action, state))
}

const questions: Record<LinkAction, string> = {
  snooze: 'Say nothing about this for a day?',
  acknowledge: 'Say nothing more about this until it is over?',
}

const done: Record<LinkAction, string> = {
  snooze: 'Done. Nothing is said about this for a day:',
  acknowledge: 'Done. Nothing more is said about this until it is over:',
}

function over(action: LinkAction, state: LinkOffer['state']): string {
  if (state === 'DONE') return '<p>This was done already. Each link works once.</p>'
  if (state === 'EXPIRED') return '<p>This link is more than seven days old, and does nothing any more.</p>'
  return action === 'snooze'
    ? '<p>There is nothing to snooze: the trouble is over, or it is snoozed for longer already.</p>'
    : '<p>There is nothing to acknowledge: the trouble is over, has become another one, or is acknowledged already.</p>'
}

function list(jobs: string[]): string {
  return `<ul>${jobs.map((job) => `<li>${escaped(job)}</li>`).join('')}</ul>`
}

const style = `:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 3rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.3rem }
button { font: inherit; padding: .6rem 1.2rem }`

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

function page(title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style>${style}</style></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body>
</html>
`
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
    },
  })
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}
