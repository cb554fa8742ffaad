// Whether the server can do what it is there for: read its database and write to it.

import { setTimeout as sleep } from 'node:timers/promises'
import { freeBeside } from '../../database/file/disk.ts'
import type { Writer } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Context } from '../context.ts'

/** How long one proof holds, and how long it is usually waited for, in milliseconds: anybody may ask, and each costs a sync of the disk. */
const proofMs = 1000

/** In bytes: what a report with a long log takes, with the write-ahead log. */
const leastRoom = 2 ** 20

const proofs = new WeakMap<Writer, { at: number; proof: Promise<void> }>()

/** @throws DomainError UNAVAILABLE with the reason, if it cannot, or stops */
export async function requireReady(context: Context): Promise<void> {
  const { database, events, log } = context
  if (events.closed()) throw new DomainError('UNAVAILABLE', 'The server is stopping.')
  try {
    requireReadable(context)
    requireRoom(context)
    await proveWritable(database.writer)
  } catch (error) {
    log.warn({ err: error }, 'The server is not ready')
    if (error instanceof DomainError) throw error
    throw new DomainError('UNAVAILABLE', 'The database cannot be read now; the log tells more.', { cause: error })
  }
}

/** @throws DomainError UNAVAILABLE if the next report may find no room: a proof is so small that it still fits on a full disk */
export function requireRoom({ config }: Context): void {
  const free = freeBeside(config.databaseFile)
  if (free >= leastRoom) return
  throw new DomainError(
    'UNAVAILABLE',
    `The disk of the database is full: ${Math.floor(free / 1024)} KiB are left. Make room there.`,
  )
}

/** @throws what the database throws */
export function requireReadable({ database }: Context): void {
  database.writer.read(({ tokens }) => tokens.requiresToken())
}

/**
 * @param patienceMs how long the proof is waited for
 * @throws DomainError UNAVAILABLE
 */
export async function proveWritable(writer: Writer, patienceMs = proofMs): Promise<void> {
  const now = performance.now()
  let known = proofs.get(writer)
  if (!known || now - known.at >= proofMs) {
    known = { at: now, proof: writer.write(({ proof }) => proof.write()) }
    proofs.set(writer, known)
  }
  const tooLong = new AbortController()
  const late = sleep(patienceMs, undefined, { signal: tooLong.signal, ref: false }).then(
    () => {
      const within = patienceMs === proofMs ? 'a second' : `${patienceMs / 1000} seconds`
      throw new DomainError('UNAVAILABLE', `The database could not be written within ${within}.`)
    },
    () => {},
  )
  try {
    await Promise.race([known.proof, late])
  } finally {
    tooLong.abort()
  }
}
