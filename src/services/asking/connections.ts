// Says how the Duplicati of a server is asked.

import { z } from 'zod'
import type { CredentialKind } from '../../database/tables/connectionTable.ts'
import { DomainError } from '../../domain/errors.ts'
import { certificateFingerprint, duplicatiUrl } from '../../duplicati/api/address.ts'
import { DuplicatiProblem } from '../../duplicati/api/problem.ts'
import { type Access, withDuplicati } from '../../duplicati/api/session.ts'
import { readSystemInfo } from '../../duplicati/api/systemInfo.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked } from '../input.ts'
import { credentialOf, newConnection, sealedCredential } from './credential.ts'

/** By the field that it is given in. */
const kinds: Record<string, CredentialKind> = {
  foreverToken: 'FOREVER_TOKEN',
  preAuthToken: 'PRE_AUTH_TOKEN',
  password: 'PASSWORD',
}

const connectionInput = z.object({
  url: duplicatiUrl,
  credential: z.record(z.string(), z.string('must be text')).transform((given, context) => {
    const [[name = '', text = ''] = [], ...others] = Object.entries(given)
    const kind = kinds[name]
    // A password may begin or end with a space, a token that was copied may not.
    const secret = kind === 'PASSWORD' ? text : text.trim()
    if (!kind || others.length > 0) context.addIssue('must be one of foreverToken, preAuthToken and password')
    else if (secret === '') context.addIssue({ code: 'custom', path: [name], message: 'must not be empty' })
    else if (secret.length > 10_000) {
      context.addIssue({ code: 'custom', path: [name], message: 'must not exceed 10,000 characters' })
    }
    return { kind: kind as CredentialKind, secret }
  }),
  certificateFingerprint: certificateFingerprint.nullable(),
})

/**
 * Lets the Duplicati of a server be asked, in place of how it was asked before.
 *
 * @param input `{ url, credential, certificateFingerprint }`, not yet validated
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND; UNAVAILABLE if the key for secrets cannot be made
 */
export async function connectServer(context: Context, serverId: number, input: unknown): Promise<void> {
  const { url, credential, certificateFingerprint } = checked(connectionInput, input, 'The connection is not valid')
  const credentialKind = credential.kind
  const { database, clock, events } = context
  const sealed = sealedCredential(context, url, credential.secret)
  const after = { url, credentialKind, certificateFingerprint }
  const before = await database.writer.write(({ connections, servers }) => {
    if (!servers.findEditable(serverId)) throw notFound(`Server:${serverId}`)
    const old = connections.find(serverId)
    connections.set(newConnection({ serverId, ...after }, clock()), sealed)
    return old ? shown(old) : null
  })
  logChange(context, { action: 'connectServer', target: `Server:${serverId}`, before, after })
  events.publish('serverUpdated', { serverId })
}

/** @throws DomainError NOT_FOUND if the server has no connection */
export async function disconnectServer(context: Context, serverId: number): Promise<void> {
  const before = await context.database.writer.write(({ connections }) => {
    const connection = connections.find(serverId)
    connections.remove(serverId)
    return connection
  })
  if (!before) throw notFound(`connection of Server:${serverId}`)
  logChange(context, { action: 'disconnectServer', target: `Server:${serverId}`, before: shown(before), after: null })
  context.events.publish('serverUpdated', { serverId })
}

export interface Tested {
  works: boolean
  problem: string | null
  version: string | null
}

/**
 * Asks a Duplicati for its release, and stores nothing.
 *
 * @param input as of connectServer
 * @throws DomainError BAD_USER_INPUT with everything that is wrong
 */
export async function testConnection(input: unknown): Promise<Tested> {
  const { url, credential, certificateFingerprint } = checked(connectionInput, input, 'The connection is not valid')
  const access: Access = { url, credential: credentialOf(credential.kind, credential.secret), certificateFingerprint }
  try {
    const { version } = await withDuplicati(access, readSystemInfo)
    return { works: true, problem: null, version }
  } catch (error) {
    if (!(error instanceof DuplicatiProblem)) throw error
    return { works: false, problem: error.message, version: null }
  }
}

function shown({
  url,
  credentialKind,
  certificateFingerprint,
}: {
  url: string
  credentialKind: string
  certificateFingerprint: string | null
}) {
  return { url, credentialKind, certificateFingerprint }
}

function notFound(id: string) {
  return new DomainError('NOT_FOUND', `There is no ${id}.`)
}
