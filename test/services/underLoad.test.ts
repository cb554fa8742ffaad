// A server that is killed, stopped and copied while clients post as fast as they can: what was answered with 200 is there, once.

import { copyFileSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { duplistatus } from '../support/cli.ts'
import { emptyDatabase } from '../support/compiled.ts'
import { newPlace, soak } from '../support/folders.ts'
import { type PostingClient, postingClients, runsOfClients } from '../support/postingClients.ts'
import { problemsIn } from '../support/problems.ts'
import { startProcess } from '../support/process.ts'
import { randomNumbers } from '../support/random.ts'

const seed = Number(process.env.SEED ?? 6)
const clientCount = 6
const answered = (clients: PostingClient[]) => clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)

/** Resolves when so many reports more were answered, and a few milliseconds later. */
async function moreAnswers(clients: PostingClient[], more: number, random: () => number) {
  const goal = answered(clients) + more
  while (answered(clients) < goal) await new Promise((resolve) => setTimeout(resolve, 5 * random()))
}

function newDatabase() {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  return file
}

it(
  'loses nothing that it answered when it is killed, and counts nothing twice',
  async () => {
    const kills = Number(process.env.KILLS ?? (soak ? 300 : 6))
    const random = randomNumbers(seed)
    const file = newDatabase()
    const clients = postingClients(clientCount)
    let unanswered = 0
    for (let kill = 0; kill < kills; kill++) {
      const server = startProcess({ DATABASE_URL: `file:${file}` })
      const address = await server.listening
      const posting = clients.map((client) => client.post(address))
      await moreAnswers(clients, Math.ceil(random() * 60), random)
      server.child.kill('SIGKILL')
      await Promise.all(posting)
      await server.exited
      const stored = runsOfClients(file, clientCount)
      expect(problemsIn(file)).toEqual([])
      for (const [index, { acknowledged }] of clients.entries()) {
        const runs = stored[index] ?? []
        expect(runs.slice(0, acknowledged.length)).toEqual(acknowledged)
        // One more may have been stored of which the answer was lost.
        expect(runs.length - acknowledged.length).toBeLessThanOrEqual(1)
        unanswered += runs.length - acknowledged.length
      }
    }
    expect(await duplistatus(file, 'verify')).toMatchObject({ code: 0 })
    console.info(
      `${kills} kills, ${answered(clients)} reports answered with 200, ${unanswered} stored of which the answer was lost`,
    )
  },
  soak ? 7_200_000 : 600_000,
)

it(
  'loses nothing, and leaves nobody without an answer, when it is stopped',
  async () => {
    const stops = soak ? 50 : 3
    const random = randomNumbers(seed)
    const file = newDatabase()
    const clients = postingClients(clientCount)
    for (let stop = 0; stop < stops; stop++) {
      const { child, listening, exited } = startProcess({ DATABASE_URL: `file:${file}` })
      const address = await listening
      const posting = clients.map((client) => client.post(address))
      await moreAnswers(clients, Math.ceil(random() * 60), random)
      child.kill('SIGTERM')
      await Promise.all(posting)
      expect(await exited).toBe(0)
      expect(readdirSync(dirname(file))).toEqual(['backups.db'])
      // Whatever was accepted was also answered.
      expect(runsOfClients(file, clientCount)).toEqual(clients.map(({ acknowledged }) => acknowledged))
      // Reading it leaves an empty log beside it; the next start takes that away.
    }
    expect(problemsIn(file)).toEqual([])
  },
  soak ? 3_600_000 : 600_000,
)

it(
  'is copied as of one moment while reports come',
  async () => {
    const copies = soak ? 50 : 3
    const file = newDatabase()
    const clients = postingClients(clientCount)
    const server = startProcess({ DATABASE_URL: `file:${file}` })
    const address = await server.listening
    const posting = clients.map((client) => client.post(address))
    for (let number = 1; number <= copies; number++) {
      await moreAnswers(clients, 10, randomNumbers(seed))
      const before = clients.map(({ acknowledged }) => acknowledged.length)
      const copy = `${file}-copy-${number}`
      expect(await duplistatus(file, 'backup', copy)).toMatchObject({ code: 0 })
      expect(problemsIn(copy)).toEqual([])
      for (const [index, runs] of runsOfClients(copy, clientCount).entries()) {
        const { acknowledged = [] } = clients[index] ?? {}
        expect(runs.length).toBeGreaterThanOrEqual(before[index] ?? 0)
        expect(acknowledged.slice(0, runs.length)).toEqual(runs.slice(0, acknowledged.length))
      }
    }
    for (const client of clients) client.stop()
    await Promise.all(posting)
  },
  soak ? 3_600_000 : 600_000,
)
