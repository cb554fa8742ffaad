// The one place that Duplicati is reached from: one request at a time, within bounds, to one address and no other.

import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as overHttp,
  type RequestOptions,
} from 'node:http'
import { request as overHttps } from 'node:https'
import { CertificateError, CheckedAgent } from './checkedAgent.ts'
import { DuplicatiProblem } from './problem.ts'

export interface Limits {
  /** For all of a request, from connecting to the last byte of the answer, in milliseconds. */
  requestMs: number
  /** Of an answer's body. */
  answerBytes: number
  /** Ends every request. */
  signal?: AbortSignal
}

/** A page of 100 runs has about 1 MB. */
export const usualLimits: Limits = { requestMs: 30_000, answerBytes: 16 * 1024 * 1024 }

export interface Request {
  method: 'GET' | 'POST' | 'PATCH'
  /** Below the address, without a slash in front, such as `api/v1/backups`. */
  path: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: object
}

/** Whatever the status is. */
export interface Answer {
  status: number
  /** The reason phrase: 2.0 says there what is wrong. */
  statusText: string
  headers: IncomingHttpHeaders
  /** Without byte order mark. */
  text: string
}

export interface Connection {
  /** The host, and the port if it is an unusual one: what messages name. */
  host: string
  /** @throws DuplicatiProblem if no whole answer came: UNREACHABLE, CERTIFICATE, TIMEOUT, TOO_LARGE */
  send(request: Request): Promise<Answer>
  /** Ends the connection, and with it what is still being asked. */
  close(): void
}

/**
 * What is needed to ask. Nothing is connected before the first request.
 *
 * @param url as `duplicatiUrl` writes it
 * @param fingerprint as `certificateFingerprint` writes it; null: the usual check of certificates
 */
export function connectionTo(url: string, fingerprint: string | null, limits: Limits): Connection {
  const { host, protocol } = new URL(url)
  const isSecure = protocol === 'https:'
  const agent = isSecure ? new CheckedAgent(fingerprint) : new Agent({ keepAlive: true, maxSockets: 1 })
  const request = isSecure ? overHttps : overHttp

  async function send({ method, path, headers, body }: Request): Promise<Answer> {
    const content = body && Buffer.from(JSON.stringify(body))
    const timeout = AbortSignal.timeout(limits.requestMs)
    const signal = limits.signal ? AbortSignal.any([timeout, limits.signal]) : timeout
    const options: RequestOptions = {
      method,
      agent,
      signal,
      headers: {
        accept: 'application/json',
        // Without this, a proxy may compress, and few bytes could become very many.
        'accept-encoding': 'identity',
        'user-agent': 'duplistatus',
        ...(content && { 'content-type': 'application/json', 'content-length': content.length }),
        ...headers,
      },
    }
    // A request that has no connection yet does not hear of the signal.
    const endConnecting = () => agent.destroy()
    signal.addEventListener('abort', endConnecting, { once: true })
    try {
      const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
        request(new URL(path, url), options, resolve).on('error', reject).end(content)
      })
      const { statusCode = 0, statusMessage = '' } = incoming
      const text = await textOf(incoming, limits.answerBytes)
      return { status: statusCode, statusText: statusMessage, headers: incoming.headers, text }
    } catch (error) {
      throw timeout.aborted ? tooLate(host) : problemOf(error, host)
    } finally {
      signal.removeEventListener('abort', endConnecting)
    }
  }

  return { host, send, close: () => agent.destroy() }
}

class TooLarge extends Error {}

/** Leaving the loop early ends the connection: nothing more of an answer is received than is read. */
async function textOf(incoming: IncomingMessage, most: number): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > most) throw new TooLarge()
    parts.push(part)
  }
  // Bytes that are not UTF-8 become U+FFFD, and a byte order mark goes.
  return new TextDecoder().decode(Buffer.concat(parts))
}

function tooLate(host: string) {
  return new DuplicatiProblem(
    'TIMEOUT',
    `${host} did not answer in time. Check whether Duplicati is overloaded there, or something else answers at this address.`,
  )
}

function problemOf(error: unknown, host: string): DuplicatiProblem {
  if (error instanceof TooLarge) {
    return new DuplicatiProblem(
      'TOO_LARGE',
      `The answer of ${host} is too large to be one of Duplicati's. Check the address.`,
    )
  }
  if (error instanceof CertificateError) return new DuplicatiProblem('CERTIFICATE', certificateMessage(error, host))
  const { code } = error as { code?: string }
  return new DuplicatiProblem(
    'UNREACHABLE',
    `${host} cannot be reached (${code ?? 'the connection ended'}). ${adviceOn(code)}`,
  )
}

function certificateMessage({ reason, fingerprint }: CertificateError, host: string): string {
  return reason === null
    ? `The certificate of ${host} is not the one whose fingerprint was set: it has ${fingerprint}. If it was replaced on purpose, set the new fingerprint.`
    : `The certificate of ${host} is not trusted (${reason}). If it is Duplicati's own, set its fingerprint, after comparing it there: ${fingerprint}.`
}

/** What most often helps, by the code of a failure to connect. */
function adviceOn(code: string | undefined): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Check the host name.'
  if (code === 'ECONNREFUSED') {
    return 'Check the port, whether Duplicati runs, and that it is started with --webservice-interface=any if it runs on another machine.'
  }
  if (code?.startsWith('ERR_SSL') || code === 'EPROTO') return 'Nothing there speaks TLS: check the port, or use http.'
  return code?.startsWith('HPE_') ? 'Nothing there speaks HTTP: check the port, or use https.' : 'Check the address.'
}
