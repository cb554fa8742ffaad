// What clients rely on stays: the schema is held against the one that was released last, which is renewed with a release only.

import { readFileSync } from 'node:fs'
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

it('breaks nothing of the released schema that is not acknowledged', () => {
  const breaking = findBreakingChanges(buildSchema(read('released.graphql')), schema)
  const acknowledged = read('acknowledgedChanges.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(breaking.map(({ description }) => description).sort()).toEqual(acknowledged.sort())
})

describe('a deprecation', () => {
  it('says since when, wherever there is one', () => {
    expect(undated(schema)).toEqual([])
  })

  it('leaves the old names of fields with what they said', async () => {
    const app = await startApp()
    await app.post(report({ data: { ParsedResult: 'Error', BeginTime: '2026-08-01T11:00:00Z' } }))
    const { data } = await app.graphql(`{
      server(by: { id: 1 }) { history { failed failures } transitions { nodes { reason why } } }
    }`)
    const { history, transitions } = (data as { server: Record<string, unknown> }).server as {
      history: { failed: number; failures: number }[]
      transitions: { nodes: { reason: string; why: string }[] }
    }
    expect(history.at(-1)).toEqual({ failed: 1, failures: 1 })
    expect(transitions.nodes).toEqual([{ reason: 'REPORT', why: 'REPORT' }])
  })

  it('is found without a date on a field, an argument, an input field and an enum value', () => {
    const sdl = `
      type Query { a(b: Int @deprecated(reason: "no"), c: Int): Int @deprecated d: E @deprecated(reason: "since 2026-11-23: use a") }
      input I { e: Int @deprecated(reason: "2026") }
      enum E { F @deprecated(reason: "old") G }`
    expect(undated(buildSchema(sdl))).toEqual(['Query.a', 'Query.a(b)', 'I.e', 'E.F'])
  })
})

/** Everything whose deprecation does not name the day since when. */
function undated(any: GraphQLSchema): string[] {
  const found: string[] = []
  const look = (name: string, { deprecationReason: reason }: { deprecationReason?: string | null | undefined }) => {
    if (typeof reason === 'string' && !/\b\d{4}-\d{2}-\d{2}\b/.test(reason)) found.push(name)
  }
  for (const type of Object.values(any.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field)
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field)
        for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name})`, argument)
      }
    }
  }
  return found
}
