// Clients that post reports one after the other as fast as they can, each of a job of its own, and remember what was answered.

import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { report } from './report.ts'

const firstRun = Date.parse('2026-07-01T00:00:00Z')

export interface PostingClient {
  /** The numbers of the runs that were answered with 200, in the order of the posts. */
  acknowledged: number[]
  /** Posts until the server does not answer any more, or it is told to stop: what was not answered is posted again next time. */
  post(address: string): Promise<void>
  stop(): void
}

/** Every third of the clients posts over GraphQL. */
export function postingClients(count: number): PostingClient[] {
  return Array.from({ length: count }, (_, index) => postingClient(index, index % 3 === 2))
}

function postingClient(index: number, overGraphql: boolean): PostingClient {
  const acknowledged: number[] = []
  let lost = false
  let stopped = false

  async function post(address: string): Promise<{ status: number; id: number; duplicate: boolean }> {
    const body = reportOf(index, acknowledged.length)
    if (!overGraphql) {
      const response = await fetch(`${address}/api/upload`, { method: 'POST', body: JSON.stringify(body) })
      const { backup, duplicate } = (await response.json()) as { backup: { id: number }; duplicate: boolean }
      return { status: response.status, id: backup.id, duplicate }
    }
    const query = 'mutation ($report: JSON!) { recordReport(report: $report) { duplicate backup { databaseId } } }'
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { report: body } }),
    })
    const { data } = (await response.json()) as {
      data: { recordReport: { duplicate: boolean; backup: { databaseId: number } } }
    }
    const { duplicate, backup } = data.recordReport
    return { status: response.status, id: backup.databaseId, duplicate }
  }

  return {
    acknowledged,
    post: async (address) => {
      while (!stopped) {
        let answer: Awaited<ReturnType<typeof post>>
        try {
          answer = await post(address)
        } catch (error) {
          if (!/fetch failed|terminated|other side closed/.test(String(error))) throw error
          lost = true
          return
        }
        expect(answer.status).toBe(200)
        // Only an answer that was lost may have been there before.
        if (!lost) expect(answer.duplicate).toBe(false)
        lost = false
        acknowledged.push(answer.id)
      }
    },
    stop: () => {
      stopped = true
    },
  }
}

function reportOf(client: number, number: number) {
  return report({
    data: { BeginTime: new Date(firstRun + number * 60_000).toISOString() },
    extra: { 'backup-id': `DB-${client}`, 'backup-name': `job-${client}`, 'machine-id': `machine-${client % 3}` },
    logLines: ['a line'],
  })
}

/** The numbers of the runs of each client that are in the file, in the order of the posts; fails if one is missing between them. */
export function runsOfClients(file: string, count: number): number[][] {
  const database = new Database(file, { readonly: true })
  const runs = database.prepare<[string], { id: number; at: number }>(
    'SELECT id, began_at AS at FROM backups WHERE backup_id = ? ORDER BY began_at',
  )
  const found = Array.from({ length: count }, (_, client) => runs.all(`DB-${client}`))
  database.close()
  for (const rows of found) expect(rows.map(({ at }) => (at - firstRun) / 60_000)).toEqual([...rows.keys()])
  return found.map((rows) => rows.map(({ id }) => id))
}
