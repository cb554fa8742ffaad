// The credential with which the Duplicati of a server is asked: encrypted, and for its address alone.

import type { CredentialKind, StoredConnection } from '../../database/tables/connectionTable.ts'
import type { Credential } from '../../duplicati/api/login.ts'
import type { Access } from '../../duplicati/api/session.ts'
import type { Context } from '../context.ts'

/** Encrypted for the address it was given for, so that it can be sent nowhere else, whoever changes an address. */
function credentialPurpose(url: string | null): string {
  return `Server password for ${url !== null && URL.canParse(url) ? new URL(url).origin : 'no address'}`
}

/** @param url null: for no address, and to be sent nowhere */
export function sealedCredential({ secrets }: Context, url: string | null, secret: string): string {
  return secrets.seal(secret, credentialPurpose(url))
}

/** A connection that was not asked yet. */
export function newConnection(
  given: Pick<StoredConnection, 'serverId' | 'url' | 'credentialKind' | 'certificateFingerprint'>,
  now: Date,
): StoredConnection {
  return {
    ...given,
    state: 'NEW',
    checkedAt: null,
    problem: null,
    version: null,
    jobs: null,
    reportsToUs: null,
    missing: [],
    provenAt: null,
    createdAt: now,
    updatedAt: now,
  }
}

/** How it is asked. @throws DomainError UNAVAILABLE if the credential cannot be decrypted */
export function accessOf({ database, secrets }: Context, connection: StoredConnection): Access {
  const { serverId, url, credentialKind, certificateFingerprint } = connection
  const sealed = database.writer.read(({ connections }) => connections.credential(serverId)) ?? ''
  const credential = credentialOf(credentialKind, secrets.open(sealed, credentialPurpose(url)))
  return { url, credential, certificateFingerprint }
}

export function credentialOf(kind: CredentialKind, secret: string): Credential {
  if (kind === 'FOREVER_TOKEN') return { foreverToken: secret }
  return kind === 'PRE_AUTH_TOKEN' ? { preAuthToken: secret } : { password: secret }
}
