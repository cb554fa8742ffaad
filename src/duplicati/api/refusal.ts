// What an answer means that is not the one that was asked for.

import { z } from 'zod'
import type { ProblemKind } from './problem.ts'
import { DuplicatiProblem } from './problem.ts'
import type { Answer } from './request.ts'

/** How 2.1 and later answer errors. The texts are in the language of the request, and only looked at. */
const errorBody = z.object({ Error: z.string(), HelpId: z.string().nullish().catch(null) })

type ErrorBody = z.output<typeof errorBody>

/** The problem that an answer is; null if it is none. */
export function problemIn(answer: Answer, url: string): DuplicatiProblem | null {
  const { status } = answer
  if (status >= 200 && status < 300) return null
  const kind = kindOf(answer, errorIn(answer))
  return new DuplicatiProblem(kind, messages[kind](new URL(url), answer))
}

/** Whether the answer could be one of 2.0, or of something else than Duplicati, which refuse with the same status. */
export function isUnclear(answer: Answer): boolean {
  return [400, 401, 404].includes(answer.status) && !errorIn(answer) && !/^bearer\b/i.test(challengeIn(answer))
}

/** 2.0 demands a token of its own with every request, and hands it out in a cookie. */
export function isOfOldRelease({ statusText, headers, text }: Answer): boolean {
  return [statusText, text.slice(0, 1000), ...(headers['set-cookie'] ?? [])].some((part) =>
    /\bxsrf[- ]token\b/i.test(part),
  )
}

export function tooOld(url: string): DuplicatiProblem {
  const { host } = new URL(url)
  return new DuplicatiProblem(
    'TOO_OLD',
    `The Duplicati at ${host} is older than 2.1 and cannot be asked. Update it, or let it post its reports.`,
  )
}

function kindOf(answer: Answer, error: ErrorBody | null): keyof typeof messages {
  const { status } = answer
  if (status < 400) return 'REDIRECT'
  if (status === 401) return /^(basic|digest|negotiate)\b/i.test(challengeIn(answer)) ? 'FORBIDDEN' : 'PASSWORD'
  if (status === 403) return error && /hostname/i.test(error.Error) ? 'HOST_NAME' : 'FORBIDDEN'
  if (status === 404) return error ? 'NOT_FOUND' : 'NOT_DUPLICATI'
  if (error?.HelpId === 'DatabaseLocked' || (error && /database is locked/i.test(error.Error))) return 'BUSY'
  if (status === 429) return 'BUSY'
  if (status === 502 || status === 503 || status === 504) return 'UNREACHABLE'
  return status >= 500 ? 'SERVER_ERROR' : 'BAD_ANSWER'
}

const messages = {
  REDIRECT: ({ host }, answer) =>
    `${host} redirects${placeIn(answer)}, which is not followed, so that nothing secret goes there. Set the final address.`,
  PASSWORD: ({ host }) => `The Duplicati at ${host} refuses the password or the token. Set the present one.`,
  FORBIDDEN: ({ host }, { status }) =>
    `${host} refuses the request (${status}), but not for the password or the token. Check the proxy in front of it, and whether Duplicati is started with a pre-shared key.`,
  HOST_NAME: ({ host, hostname }) =>
    `The Duplicati at ${host} does not allow requests for this host name. Add ${hostname} to its option --webservice-allowed-hostnames, or use its IP address.`,
  NOT_FOUND: ({ host }) => `The Duplicati at ${host} does not have what was asked for. It may have been deleted there.`,
  NOT_DUPLICATI: ({ host, pathname }) =>
    `There is no Duplicati at ${host}${pathname === '/' ? '' : ` below ${pathname}`}. Check the address, and its path.`,
  BUSY: ({ host }) => `The Duplicati at ${host} is busy with an operation. Ask again when it has ended.`,
  UNREACHABLE: ({ host }, { status }) =>
    `The Duplicati behind ${host} cannot be reached (${status}). Check whether it runs.`,
  SERVER_ERROR: ({ host }, { status }) =>
    `The Duplicati at ${host} failed to answer (${status}). Its own log, under About, says why.`,
  BAD_ANSWER: ({ host }, { status }) => `The Duplicati at ${host} answered ${status}, which it should not.`,
} satisfies Partial<Record<ProblemKind, (url: URL, answer: Answer) => string>>

/** Of the place only the origin: the rest may hold a secret. */
function placeIn({ headers: { location } }: Answer): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : ''
}

function challengeIn({ headers }: Answer): string {
  return headers['www-authenticate'] ?? ''
}

function errorIn({ text }: Answer): ErrorBody | null {
  if (!text.startsWith('{')) return null
  try {
    return errorBody.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
