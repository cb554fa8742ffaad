// Every order of servers and jobs, page by page, forwards and backwards, on random rows with many equals and nulls: held against a plain
// sort. The cursors go on, too, when the rows that they are of are gone.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { type JobState, jobStates, severityOf, worstState } from '../../src/domain/jobState.ts'
import { sortNameOf } from '../../src/domain/sortName.ts'
import { plain, startApp, type TestApp } from '../support/app.ts'
import { soak } from '../support/folders.ts'
import { type Dice, diceFor } from '../support/random.ts'
import { change } from '../support/states.ts'

interface Server {
  id: number
  name: string
  alias: string | null
  states: JobState[]
}

interface Job {
  id: number
  name: string
  alias: string | null
  state: JobState
  due: number | null
  source: bigint | null
  stored: bigint | null
  seconds: number | null
}

const names = ['a', 'A', 'Ä', 'Zoo', 'zoo', 'éclair', 'Eclair', 'straße', 'STRASSE', '東京', '😀', 'b', '_', '10', '9']
const sizes = [0n, 1n, 5n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 62n]

/** Writes servers and jobs while nobody judges them. */
function fill(file: string, dice: Dice): { servers: Server[]; jobs: Job[] } {
  const maybe = <Item>(items: readonly Item[]) => (dice.chance(0.3) ? null : dice.pick(items))
  const servers: Server[] = []
  const jobs: Job[] = []
  const database = new Database(file)
  const addServer = database.prepare(
    'INSERT INTO servers (id, name, alias, sort_name, severity, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 0, 0)',
  )
  const addJob = database.prepare(`
    INSERT INTO backup_jobs (id, server_id, name, alias, sort_name, state, severity, state_since, paused, lateness_watched, due_at, source_size,
      stored_size, latest_seconds, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, ?, 0, 0)`)
  for (let id = 1; id <= 12; id += 1) {
    const server: Server = { id, name: dice.pick(names), alias: maybe(names), states: [] }
    const count = dice.below(7)
    const own: Job[] = Array.from({ length: count }, (_, index) => ({
      id: jobs.length + index + 1,
      name: dice.pick(names),
      alias: maybe(names),
      state: dice.pick(jobStates),
      due: maybe([0, 1, 1_785_000_000_000, 1_785_000_000_001]),
      source: maybe(sizes),
      stored: maybe(sizes),
      seconds: maybe([0, 0.25, 0.5, 60, 3600.125]),
    }))
    server.states = own.map(({ state }) => state)
    addServer.run(id, server.name, server.alias, displayName(server), severityOf(worstState(server.states)))
    for (const job of own) {
      const { state, due, source, stored, seconds } = job
      const paused = state === 'PAUSED' ? 1 : 0
      addJob.run(
        job.id,
        id,
        job.name,
        job.alias,
        displayName(job),
        state,
        severityOf(state),
        paused,
        due,
        source,
        stored,
        seconds,
      )
    }
    servers.push(server)
    jobs.push(...own)
  }
  database.close()
  return { servers, jobs }
}

type Value = number | bigint | string | null

function compared(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return (a as number) < (b as number) ? -1 : Number((a as number) > (b as number))
}

/** The ids in the order, those without a value where it says. */
function sorted<Row extends { id: number }>(
  rows: Row[],
  order: string,
  value: (row: Row) => Value,
  nulls: 'small' | 'last',
) {
  const sign = /DESC/.test(order) ? -1 : 1
  return rows
    .toSorted((a, b) => {
      const [x, y] = [value(a), value(b)]
      if (x !== y && (x === null || y === null)) {
        if (nulls === 'last') return x === null ? 1 : -1
        return x === null ? -sign : sign
      }
      return sign * (x === y ? a.id - b.id : compared(x, y) || a.id - b.id)
    })
    .map(({ id }) => id)
}

const displayName = ({ name, alias }: { name: string; alias: string | null }) => sortNameOf(alias ?? name)
const ofServers: Record<string, (server: Server) => Value> = {
  DISPLAY_NAME_ASC: displayName,
  DISPLAY_NAME_DESC: displayName,
  SEVERITY_ASC: ({ states }) => severityOf(worstState(states)),
  SEVERITY_DESC: ({ states }) => severityOf(worstState(states)),
  NAME_DESC: ({ name }) => name,
}
const ofJobs: Record<string, (job: Job) => Value> = {
  DISPLAY_NAME_ASC: displayName,
  DISPLAY_NAME_DESC: displayName,
  SEVERITY_ASC: ({ state }) => severityOf(state),
  SEVERITY_DESC: ({ state }) => severityOf(state),
  NAME_ASC: ({ name }) => name,
  DUE_AT_ASC: ({ due }) => due,
  DUE_AT_DESC: ({ due }) => due,
  DUE_AT_ASC_NULLS_LAST: ({ due }) => due,
  SOURCE_SIZE_ASC: ({ source }) => source,
  SOURCE_SIZE_DESC: ({ source }) => source,
  STORED_SIZE_ASC: ({ stored }) => stored,
  STORED_SIZE_DESC: ({ stored }) => stored,
  LATEST_DURATION_ASC: ({ seconds }) => seconds,
  LATEST_DURATION_DESC: ({ seconds }) => seconds,
}
const nullsOf = (order: string) => (/^DUE_AT_(ASC|DESC)$/.test(order) ? 'small' : 'last')

interface Page {
  nodes: { databaseId: number }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }
}

async function read(app: TestApp, list: string, order: string, args: string): Promise<Page> {
  const { data, errors } = await app.graphql(
    `{ ${list}(orderBy: ${order}, ${args}) { nodes { databaseId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  )
  expect(errors).toBeUndefined()
  return (data as Record<string, Page>)[list] as Page
}

async function walk(app: TestApp, list: string, order: string, dice: Dice, way: 'forwards' | 'backwards') {
  const ids: number[] = []
  for (let cursor = ''; ; ) {
    const size = 1 + dice.below(5)
    const forwards = way === 'forwards'
    const page = await read(app, list, order, `${forwards ? 'first' : 'last'}: ${size}${cursor}`)
    const found = page.nodes.map(({ databaseId }) => databaseId)
    ids.splice(forwards ? ids.length : 0, 0, ...found)
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo
    if (!(forwards ? hasNextPage : hasPreviousPage)) return ids
    cursor = forwards ? `, after: "${endCursor}"` : `, before: "${startCursor}"`
  }
}

const seeds = soak ? Array.from({ length: 100 }, (_, index) => index) : plain ? [1] : [1, 2]

it.each(seeds)(
  'is that of a plain sort: seed %i',
  async (seed) => {
    const dice = diceFor(seed, 0)
    const app = await startApp()
    const { servers, jobs } = fill(app.file, dice)
    const expected = [
      ...Object.entries(ofServers).map(
        ([order, value]) => ['servers', order, sorted(servers, order, value, nullsOf(order))] as const,
      ),
      ...Object.entries(ofJobs).map(
        ([order, value]) => ['backupJobs', order, sorted(jobs, order, value, nullsOf(order))] as const,
      ),
    ]
    for (const [list, order, ids] of expected) {
      expect([order, await walk(app, list, order, dice, 'forwards')]).toEqual([order, ids])
      expect([order, await walk(app, list, order, dice, 'backwards')]).toEqual([order, ids])
      // Between two cursors, either of which may be among the nulls.
      const from = dice.below(ids.length)
      const to = from + dice.below(ids.length - from)
      const start = (await read(app, list, order, `first: ${from + 1}`)).pageInfo.endCursor
      const end = (await read(app, list, order, `first: ${to + 1}`)).pageInfo.endCursor
      for (const size of ['first: 100', 'last: 100']) {
        const between = await read(app, list, order, `${size}, after: "${start}", before: "${end}"`)
        expect([order, between.nodes.map(({ databaseId }) => databaseId)]).toEqual([order, ids.slice(from + 1, to)])
      }
    }
    const cursors = new Map<string, string>()
    const middle = Math.floor(jobs.length / 2)
    for (const order of Object.keys(ofJobs)) {
      cursors.set(order, (await read(app, 'backupJobs', order, `first: ${middle}`)).pageInfo.endCursor)
    }
    const gone = new Set(jobs.filter(({ id }) => id % 2 === 0).map(({ id }) => id))
    change(app.file, 'DELETE FROM backup_jobs WHERE id % 2 = 0')
    for (const [list, order, ids] of expected) {
      if (list !== 'backupJobs') continue
      const after = await read(app, list, order, `first: 100, after: "${cursors.get(order)}"`)
      const left = ids.slice(middle).filter((id) => !gone.has(id))
      expect([order, after.nodes.map(({ databaseId }) => databaseId)]).toEqual([order, left])
    }
  },
  120_000,
)
