// Finds the server and the job that a report belongs to, or makes them. What is no report only finds them.

import type { Tables } from '../../database/writer.ts'
import { jobOf, knownJobOf } from './identifyJob.ts'
import { knownServer, serverOf } from './identifyServer.ts'
import type { Marks, Proof } from './proof.ts'

export interface Owner extends Proof {
  serverId: number
  jobId: number
}

/**
 * The server and the job, inside a transaction.
 *
 * @param at the run's place in time
 */
export function identify(tables: Tables, marks: Marks, at: Date, now: Date): Owner {
  const proof: Proof = { changes: [], touched: [], notes: [] }
  const serverId = serverOf(tables, marks, at, now, proof)
  const jobId = jobOf(tables, serverId, marks, at, now, proof)
  return { ...proof, serverId, jobId }
}

/** The server and the job that a report with these marks would be of; null if there is no such job yet. It writes nothing. */
export function findOwner(tables: Tables, marks: Marks): { serverId: number; jobId: number } | null {
  const serverId = knownServer(tables, marks)
  const jobId = serverId === undefined ? undefined : knownJobOf(tables, serverId, marks)
  return serverId === undefined || jobId === undefined ? null : { serverId, jobId }
}
