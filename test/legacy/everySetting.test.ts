// Of every setting of every old release, docs/upgrade.md says what becomes of it, and the tests of the take-over have one.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { configurations } from '../support/configurations.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { oldShapes, since } from '../support/oldDatabaseSchema.ts'
import { writeOldKey } from '../support/oldSecrets.ts'
import { oldSettingNames } from '../support/oldSettingNames.ts'

/** The names in the first column of the table, those of fields with the keys in the row above them. */
function documented(): Set<string> {
  const page = readFileSync(new URL('../../docs/upgrade.md', import.meta.url), 'utf8')
  const [, table = ''] = /\| old setting \|.*\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? []
  const names = new Set<string>()
  let keys: string[] = []
  for (const row of table.trim().split('\n')) {
    const [, first = '', becomes = ''] = row.split(/(?<!\\)\|/)
    const found = [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name))
    if (first.trim().startsWith('–')) {
      expect(becomes.trim(), row).not.toBe('')
      for (const key of keys) for (const name of found) names.add(`${key} ${name}`)
    } else {
      keys = found
      for (const key of keys) names.add(key)
    }
  }
  return names
}

const listed = Object.entries(oldSettingNames).flatMap(([key, fields]) => [
  key,
  ...fields.map((field) => `${key} ${field}`),
])

/** The names in a row, those of fields with the key. What was made of a server and a job is no name, but for the defaults. */
function namesIn(key: string, text: string): string[] {
  const value: unknown = /^[[{]/.test(text) ? JSON.parse(text) : text
  if (key === 'notifications') {
    return Object.entries(value as object).flatMap(([part, each]) => namesIn(`${key}.${part}`, JSON.stringify(each)))
  }
  const named = (name: string) => (name.endsWith(':__default__') ? ['__default__'] : name.includes(':') ? [] : [name])
  const fields = (each: unknown): string[] =>
    typeof each !== 'object' || each === null || Array.isArray(each)
      ? []
      : Object.entries(each).flatMap(([name, below]) => [...named(name), ...fields(below)])
  return [key, ...new Set(fields(value).map((field) => `${key} ${field}`))]
}

it('is in the table of the page about upgrades, and nothing else is', () => {
  const table = documented()
  expect(listed.filter((name) => !table.has(name))).toEqual([])
  // The same rows tell of both places that templates were kept in, and only one of them got a language. The last is a column.
  const others = [...table].filter((name) => !listed.includes(name))
  expect(others).toEqual(['notifications.templates language', 'servers.server_password'])
})

it('is taken over in some test, at a start with the old key', async () => {
  const fed = new Set<string>()
  const warnings: string[] = []
  for (const shape of oldShapes.filter((one) => since(one, '0.6'))) {
    const file = newPlace()
    writeOldDatabase(file, shape)
    writeOldKey(file)
    for (const [key, text] of configurations(file)) for (const name of namesIn(key, text ?? '')) fed.add(name)
    const logged: string[] = []
    await startApp({ file, logged })
    warnings.push(...logged.filter((line) => line.includes('was not taken over')))
  }
  expect(warnings).toEqual([])
  expect([...fed].filter((name) => !listed.includes(name))).toEqual([])
  const unfed = listed.filter((name) => !fed.has(name))
  // Only 0.6 and 0.7 kept settings of jobs there, and nothing later was added to them.
  expect(unfed.filter((name) => !name.startsWith('notifications.backupSettings '))).toEqual([])
})
