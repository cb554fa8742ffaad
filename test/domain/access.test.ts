// The rule of who may do what, apart from where it is asked.

import { expect, it } from 'vitest'
import { type Caller, grantKey, grants, isLoopback, type Needs, type Scope, scopesOf } from '../../src/domain/access.ts'

const all: Needs[] = ['NOTHING', 'TOKEN', 'REPORT', 'READ', 'ADMIN']

it.each<[Scope | null, Needs[]]>([
  [null, ['NOTHING']],
  ['REPORT', ['NOTHING', 'TOKEN', 'REPORT']],
  ['READ', ['NOTHING', 'TOKEN', 'READ']],
  ['ADMIN', all],
])('%s is enough for %j', (scope, enough) => {
  expect(all.filter((needs) => grants(scope, needs))).toEqual(enough)
})

it.each<[Scope | null, Scope[]]>([
  [null, []],
  ['REPORT', ['REPORT']],
  ['READ', ['READ']],
  ['ADMIN', ['REPORT', 'READ', 'ADMIN']],
])('%s may do %j', (scope, scopes) => {
  expect(scopesOf(scope)).toEqual(scopes)
})

it.each<[Partial<Caller>, string]>([
  [{ scope: null }, 'NONE'],
  [{ scope: 'READ', name: 'a', tokenId: 1 }, 'READ'],
  [{ scope: 'READ', name: 'b', tokenId: 2 }, 'READ'],
  [{ scope: 'REPORT', serverId: 7 }, 'REPORT:7'],
  [{ scope: 'REPORT' }, 'REPORT'],
])('%j is answered as %s', (caller, key) => {
  expect(grantKey({ name: '', scope: null, serverId: null, tokenId: null, ...caller })).toBe(key)
})

it.each([
  ['localhost', true],
  ['::1', true],
  ['127.0.0.1', true],
  ['127.1', false],
  ['localhost.', false],
  ['localhost:', false],
  ['alocalhost', false],
])('%s names the machine itself: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
