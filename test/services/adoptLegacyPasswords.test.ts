// The passwords of servers in an old file after the upgrade: kept, with our own key, for the address they were given for, and shown
// nowhere.

import Database from 'better-sqlite3'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { secretKey } from '../../src/database/file/secretKey.ts'
import { start, startApp } from '../support/app.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { encryptAsOld, writeOldKey } from '../support/oldSecrets.ts'
import { problemsIn } from '../support/problems.ts'
import { change } from '../support/states.ts'

const encrypted = { 1: encryptAsOld('open sesame'), 3: encryptAsOld('päss "3"'), 4: '', 99: encryptAsOld('gone') }

/** A file that was taken over, whose first server has an address, before the first start. */
async function takenOver({ withKey }: { withKey: boolean }): Promise<string> {
  const file = newPlace()
  writeOldDatabase(file, '0.9')
  await prepareFile(file, start, pino({ level: 'silent' }))
  change(file, `INSERT OR REPLACE INTO configurations VALUES ('server_passwords', '${JSON.stringify(encrypted)}')`)
  if (withKey) writeOldKey(file)
  return file
}

function rows(file: string, sql: string): Record<string, unknown>[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare<[], Record<string, unknown>>(sql).all()
  } finally {
    database.close()
  }
}

const passwords = (file: string) =>
  new Map(
    rows(
      file,
      'SELECT id, coalesce(c.credential, s.password) AS password FROM servers s LEFT JOIN connections c ON c.server_id = s.id ORDER BY id',
    ).map(({ id, password }) => [id, password]),
  )
const row = "SELECT * FROM configurations WHERE key = 'server_passwords'"

it('are kept with our own key, each for its address alone, and no longer with the old one', async () => {
  const file = await takenOver({ withKey: true })
  const logged: string[] = []
  const app = await startApp({ file, logged })
  await app.close()

  const kept = passwords(file)
  expect([kept.get(2), kept.get(4)]).toEqual([null, null])
  const { open } = secretKey(file, null)
  expect(open(String(kept.get(1)), 'Server password for https://laptop.example:8200')).toBe('open sesame')
  expect(open(String(kept.get(3)), 'Server password for no address')).toBe('päss "3"')
  expect(() => open(String(kept.get(1)), 'Server password for https://elsewhere.example:8200')).toThrow('another key')
  expect(rows(file, row)).toEqual([])
  expect(JSON.stringify([...kept, ...logged])).not.toMatch(/open sesame|päss/)
  expect(logged.join('')).not.toContain('passwords of servers')
  expect(problemsIn(file)).toEqual([])
})

it('stay in the copy without the key, and the log says how many', async () => {
  const file = await takenOver({ withKey: false })
  const logged: string[] = []
  await startApp({ file, logged })
  expect(logged.map((line) => JSON.parse(line).msg).filter((line) => /passwords of servers/.test(line))).toEqual([
    '3 passwords of servers stay in the copy, because there is no .duplistatus.key beside the database',
  ])
  expect([...passwords(file).values()]).toEqual([null, null, null, null])
  expect(rows(file, row)).toEqual([])
})

it('are shown by nothing, and go along with the address when servers are merged', async () => {
  const file = await takenOver({ withKey: true })
  const logged: string[] = []
  const app = await startApp({ file, logged })
  const sealed = String(passwords(file).get(3))
  const fields = await app.graphql('{ __type(name: "Server") { fields { name } } }')
  expect(JSON.stringify(fields)).not.toMatch(/password/i)
  const answers = [
    await app.rest('GET', '/api/summary'),
    await app.rest('GET', '/api/servers'),
    await app.graphql('{ servers { nodes { id name alias notes url } } }'),
    await app.graphql('mutation { updateServer(id: "Server:3", input: { notes: "new" }) { server { notes } } }'),
    await app.graphql('mutation { mergeServers(from: "Server:3", into: "Server:2") { server { id } } }'),
  ]
  expect(answers.at(-1)).toMatchObject({ data: { mergeServers: { server: { id: 'Server:2' } } } })
  expect(JSON.stringify([answers, logged])).not.toContain(sealed)
  expect(passwords(file).get(2)).toBe(sealed)
})
