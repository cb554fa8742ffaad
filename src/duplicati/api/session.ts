// Asking a Duplicati 2.1 or later, from logging in to logging out.

import type { z } from 'zod'
import { certificateFingerprint, duplicatiUrl } from './address.ts'
import { type Credential, type Login, logIn, logOut } from './login.ts'
import { DuplicatiProblem } from './problem.ts'
import { readAnswer } from './readAnswer.ts'
import { isOfOldRelease, isUnclear, problemIn, tooOld } from './refusal.ts'
import { type Answer, type Connection, connectionTo, type Limits, type Request, usualLimits } from './request.ts'

export interface Access {
  /** As people see it in their browser, with the path below which it is served, if any. */
  url: string
  credential: Credential
  /** The SHA-256 of the only certificate that is taken; null: any that is trusted and has the right name. */
  certificateFingerprint: string | null
}

/** A Duplicati that is being asked. What all of it throws is a DuplicatiProblem. */
export interface Duplicati {
  /** What messages name. */
  host: string
  /**
   * @param path below the address, such as `api/v1/backups`
   * @returns what `schema` makes of the answer
   */
  get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>>
  patch(path: string, body: object): Promise<void>
}

/**
 * Does `work` with a Duplicati, over one connection, and logs out and closes it in the end, however it ends. A password is used
 * to log in at the beginning, and once more for each request that is refused because the login has expired meanwhile.
 *
 * @throws DuplicatiProblem, and what `work` throws
 */
export async function withDuplicati<T>(
  access: Access,
  work: (duplicati: Duplicati) => Promise<T>,
  limits: Limits = usualLimits,
): Promise<T> {
  const { url, fingerprint } = checked(access)
  const connection = connectionTo(url, fingerprint, limits)
  try {
    return await loggedIn(url, access.credential, connection, work)
  } finally {
    connection.close()
  }
}

async function loggedIn<T>(
  url: string,
  credential: Credential,
  connection: Connection,
  work: (duplicati: Duplicati) => Promise<T>,
): Promise<T> {
  const { host } = connection
  const expectNoProblem = async (answer: Answer) => {
    const problem = problemIn(answer, url)
    if (!problem) return answer
    throw (await isOld(answer, connection)) ? tooOld(url) : problem
  }
  const enter = () => logIn(credential, connection, async (request) => expectNoProblem(await connection.send(request)))
  const leave = (login: Login) => logOut(login, connection)
  let entered = enter()

  async function ask(request: Request): Promise<Answer> {
    const used = entered
    const answer = await sendAs(await used, request)
    if (answer.status !== 401 || !('password' in credential)) return expectNoProblem(answer)
    // Leaves before it enters again, so that there is never more than one login to give back.
    if (entered === used) entered = used.then(leave).then(enter)
    return expectNoProblem(await sendAs(await entered, request))
  }

  function sendAs({ authorization }: Login, request: Request): Promise<Answer> {
    return connection.send({ ...request, headers: { authorization } })
  }

  await entered
  try {
    return await work({
      host,
      get: async (path, schema) => readAnswer((await ask({ method: 'GET', path })).text, schema, path, host),
      patch: async (path, body) => void (await ask({ method: 'PATCH', path, body })),
    })
  } finally {
    await entered.then(leave, () => {})
  }
}

/** Asked without any credential: the page of 2.0 hands out the token that its API demands. */
async function isOld(answer: Answer, { send }: Connection): Promise<boolean> {
  if (!isUnclear(answer)) return false
  if (isOfOldRelease(answer)) return true
  return send({ method: 'GET', path: '' }).then(isOfOldRelease, () => false)
}

function checked(access: Access): { url: string; fingerprint: string | null } {
  const url = duplicatiUrl.safeParse(access.url)
  const fingerprint = certificateFingerprint.nullable().safeParse(access.certificateFingerprint)
  if (!url.success) throw badAddress('The address of Duplicati', url.error)
  if (!fingerprint.success) throw badAddress('The fingerprint', fingerprint.error)
  return { url: url.data, fingerprint: fingerprint.data }
}

function badAddress(what: string, error: z.ZodError): DuplicatiProblem {
  return new DuplicatiProblem('BAD_ADDRESS', `${what} ${error.issues[0]?.message}.`)
}
