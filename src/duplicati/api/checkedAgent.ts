// Connections over TLS that carry no byte of a request before the far end's certificate is known to be the right one.

import { Agent, type RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'

/** Why a certificate was not taken: not trusted, with the reason of OpenSSL or Node.js, or not the one that was set. */
export class CertificateError extends Error {
  override name = 'CertificateError' as const
  /** A code such as `DEPTH_ZERO_SELF_SIGNED_CERT`; null if the fingerprint is another one. */
  readonly reason: string | null
  /** The SHA-256 of the certificate that was shown, `AB:CD:…`. */
  readonly fingerprint: string

  constructor(reason: string | null, fingerprint: string) {
    super('The certificate is not the right one.')
    this.reason = reason
    this.fingerprint = fingerprint
  }
}

/**
 * An agent of one connection, which it keeps. With a fingerprint the certificate must be exactly that one, and then needs neither
 * a CA nor the right host name; without one, both are checked as usual.
 *
 * The check is made here rather than by Node.js, which ends a connection whose certificate it does not trust without telling
 * which one it was. A request gets its connection only after the check.
 */
export class CheckedAgent extends Agent {
  readonly #fingerprint: string | null
  /** They are not known to Agent before they are handed over. */
  readonly #connecting = new Set<TLSSocket>()

  /** @param fingerprint as `certificateFingerprint` writes it */
  constructor(fingerprint: string | null) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#fingerprint = fingerprint
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const socket = connect({ ...(options as object), rejectUnauthorized: false })
    const done = (error: Error | null) => {
      this.#connecting.delete(socket)
      socket.off('error', done).off('close', closed).off('secureConnect', check)
      if (error) socket.on('error', () => {}).destroy()
      callback?.(error, socket)
    }
    const check = () => done(this.#wrongIn(socket))
    const closed = () => done(new Error('The connection was closed.'))
    this.#connecting.add(socket)
    socket.once('error', done).once('close', closed).once('secureConnect', check)
  }

  override destroy(): void {
    for (const socket of this.#connecting) socket.destroy()
    super.destroy()
  }

  #wrongIn(socket: TLSSocket): CertificateError | null {
    const { fingerprint256 = '' } = socket.getPeerX509Certificate() ?? {}
    if (this.#fingerprint !== null) {
      return fingerprint256 === this.#fingerprint ? null : new CertificateError(null, fingerprint256)
    }
    // Node.js sets a code here, and types it as an Error.
    return socket.authorized ? null : new CertificateError(String(socket.authorizationError), fingerprint256)
  }
}
