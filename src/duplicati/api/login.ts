// How a Duplicati knows who asks.

import { z } from 'zod'
import { DuplicatiProblem } from './problem.ts'
import { readAnswer } from './readAnswer.ts'
import type { Answer, Connection, Request } from './request.ts'

/**
 * A forever token (2.1; `--webservice-enable-forever-token`), a pre-auth token (2.1.2; `--webservice-pre-auth-tokens`), or the
 * password of the web interface. Each gives full control: Duplicati has nothing that only reads.
 */
export type Credential = { foreverToken: string } | { preAuthToken: string } | { password: string }

export interface Login {
  /** The header of every request. */
  authorization: string
  /** What must be given back, or Duplicati keeps it for 30 days; null if there is nothing. */
  refresh: { cookie: string; nonce: string | null } | null
}

/** Sends a request and returns its answer if it is none of a problem. */
type Ask = (request: Request) => Promise<Answer>

const loginAnswer = z.object({ AccessToken: z.string().min(1), RefreshNonce: z.string().nullish().catch(null) })

/** A password is exchanged for a token of 15 minutes; a token is taken as it is. */
export async function logIn(credential: Credential, { host }: Connection, ask: Ask): Promise<Login> {
  if ('foreverToken' in credential) return withToken('Bearer', credential.foreverToken, host)
  if ('preAuthToken' in credential) return withToken('PreAuth', credential.preAuthToken, host)
  const path = 'api/v1/auth/login'
  const answer = await ask({ method: 'POST', path, body: { Password: credential.password, RememberMe: false } })
  const { AccessToken, RefreshNonce } = readAnswer(answer.text, loginAnswer, path, host)
  const cookie = answer.headers['set-cookie']?.find((one) => one.startsWith('RefreshToken_'))?.split(';', 1)[0]
  return {
    ...withToken('Bearer', AccessToken, host),
    refresh: cookie === undefined ? null : { cookie, nonce: RefreshNonce ?? null },
  }
}

/** What becomes of it is not looked at: the work is done, and what is left behind expires. */
export async function logOut({ refresh }: Login, { send }: Connection): Promise<void> {
  if (!refresh) return
  const { cookie, nonce } = refresh
  const path = 'api/v1/auth/refresh/logout'
  await send({ method: 'POST', path, headers: { cookie }, body: nonce === null ? {} : { Nonce: nonce } }).catch(
    () => {},
  )
}

/** Node.js refuses other characters in a header, and Duplicati makes no token of them. */
function withToken(scheme: string, token: string, host: string): Login {
  if (/^[\x21-\x7e]+$/.test(token)) return { authorization: `${scheme} ${token}`, refresh: null }
  throw new DuplicatiProblem('PASSWORD', `The token for ${host} has characters that no token has. Copy it once more.`)
}
