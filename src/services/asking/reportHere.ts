// Lets a Duplicati report to this server: its address is added to those to which all jobs there report, and nothing else is changed.

import type { StoredConnection } from '../../database/tables/connectionTable.ts'
import { DomainError } from '../../domain/errors.ts'
import { uploadAddress } from '../../domain/publicAddress.ts'
import { DuplicatiProblem } from '../../duplicati/api/problem.ts'
import { readServerSettings, setJsonUrls, withReportAddress } from '../../duplicati/api/serverSettings.ts'
import { type Duplicati, withDuplicati } from '../../duplicati/api/session.ts'
import { createToken } from '../access/createToken.ts'
import { logChange } from '../access/logChange.ts'
import { revokeToken } from '../access/revokeToken.ts'
import { proofOf } from '../access/tokenSecret.ts'
import type { Context } from '../context.ts'
import { accessOf } from './credential.ts'
import { isUploadAddress } from './setup.ts'

export interface ReportedHere {
  /** `--send-http-json-urls` before and after; of our own address without the token. Null: it was not set. */
  before: string | null
  after: string
  changed: boolean
}

/** Stands in what is shown for a token. */
const hiddenToken = 'TOKEN'

/**
 * @param dryRun shows what would be changed, and changes nothing
 * @throws DomainError NOT_FOUND without a connection; CONFLICT without PUBLIC_URL, while it is not certain whose Duplicati it is, and
 * with the problem of a Duplicati that cannot be asked
 */
export async function reportHere(context: Context, serverId: number, dryRun: boolean): Promise<ReportedHere> {
  const { publicUrl } = context.config
  if (publicUrl === null) {
    throw new DomainError('CONFLICT', 'PUBLIC_URL is not set, so there is no address that could be given to Duplicati.')
  }
  const connection = context.database.writer.read(({ connections }) => connections.find(serverId))
  if (!connection) throw new DomainError('NOT_FOUND', `Server:${serverId} has no connection to its Duplicati.`)
  if (!connection.provenAt) {
    throw new DomainError(
      'CONFLICT',
      `It is not certain that this is the Duplicati of Server:${serverId}; it is asked again.`,
    )
  }
  try {
    return await withDuplicati(accessOf(context, connection), (duplicati) =>
      change(context, connection, duplicati, publicUrl, dryRun),
    )
  } catch (error) {
    if (error instanceof DuplicatiProblem) throw new DomainError('CONFLICT', error.message)
    throw error
  }
}

async function change(
  context: Context,
  { serverId }: StoredConnection,
  duplicati: Duplicati,
  publicUrl: string,
  dryRun: boolean,
): Promise<ReportedHere> {
  const { jsonUrls } = await readServerSettings(duplicati)
  const ours = uploadAddress(publicUrl)
  const addresses = jsonUrls?.trim() ? jsonUrls.split(';') : []
  // A token can also be the last part of the path: then it is another place, but ours.
  const isOurs = (address: string) => isUploadAddress(address, publicUrl)
  const present = addresses.map((address) => (isOurs(address) ? ours : address)).join(';')
  const needsToken = context.config.auth && context.database.writer.read(({ tokens }) => tokens.requiresToken())
  const shown = (token: string | null) =>
    withReportAddress(present, token === null ? ours : `${ours}?token=${encodeURIComponent(token)}`)
  const result = {
    before:
      jsonUrls === null
        ? null
        : addresses.map((address) => (isOurs(address) ? withoutToken(address) : address)).join(';'),
    after: shown(needsToken ? hiddenToken : null),
  }
  // An address that is ours already has a token that works, as far as anybody knows; a new one is made all the same.
  const changed = needsToken || shown(null) !== jsonUrls
  if (dryRun || !changed) return { ...result, changed }

  const name = `Reports of ${context.database.writer.read(({ servers }) => servers.nameOf(serverId))}`
  const made = needsToken ? await createToken(context, { name, scope: 'REPORT', serverId, expiresAt: null }) : null
  try {
    await setJsonUrls(duplicati, shown(made?.secret ?? null))
  } catch (error) {
    if (made) await revokeToken(context, made.tokenId)
    throw error
  }
  for (const address of addresses.filter(isOurs)) await revokeTokenIn(context, serverId, address)
  logChange(context, { action: 'reportHere', target: `Server:${serverId}`, before: null, after: { address: ours } })
  await context.database.writer.write(({ connections }) => {
    const now = connections.find(serverId)
    if (now) connections.check({ ...now, reportsToUs: true, missing: [] })
  })
  context.events.publish('changed', { kind: 'CHANGED', type: 'Server', key: serverId })
  return { ...result, changed }
}

/** The token of a Duplicati goes with the address that held it. One that others may use as well stays. */
async function revokeTokenIn(context: Context, serverId: number, address: string): Promise<void> {
  const secret = tokenIn(address)
  if (secret === null) return
  const { token } = context.database.access.read(proofOf(secret), null)
  if (token && token.serverId === serverId && !token.revokedAt) await revokeToken(context, token.id)
}

function tokenIn(address: string): string | null {
  const { pathname, searchParams } = new URL(address.trim())
  return searchParams.get('token') ?? /\/api\/upload\/([^/]+)$/.exec(pathname)?.[1] ?? null
}

function withoutToken(address: string): string {
  const token = tokenIn(address)
  return token === null ? address : address.replace(token, hiddenToken)
}
