import { expect, it } from 'vitest'
import { sortNameOf } from '../../src/domain/sortName.ts'

it.each([
  ['NAS', 'nas'],
  ['Ärzte', 'arzte'],
  ['A\u0308rzte', 'arzte'],
  ['Straße', 'strasse'],
  ['ÉCLAIR', 'eclair'],
  ['ﬁle', 'file'],
  ['東京', '東京'],
  ['ΟΔΟΣ', 'οδος'],
  ['', ''],
])('%j is sorted as %j', (name, sortName) => {
  expect(sortNameOf(name)).toBe(sortName)
})

it('is the same for a name that was made for sorting already', () => {
  for (const name of ['Ärzte', 'Straße', 'ΟΔΟΣ', 'İstanbul', 'ǅ']) {
    expect(sortNameOf(sortNameOf(name))).toBe(sortNameOf(name))
  }
})
