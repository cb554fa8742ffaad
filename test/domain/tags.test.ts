import { expect, it } from 'vitest'
import { tagOf, tagsOf } from '../../src/domain/tags.ts'

it.each([
  ['Off Site', 'off site'],
  ['  offsite\t', 'offsite'],
  ['two \n\u00a0 words', 'two words'],
  ['ÄRGER', 'ärger'],
  ['A\u0308rger', 'ärger'],
  ['', ''],
  [' \t ', ''],
])('%j is kept as %j', (text, tag) => {
  expect(tagOf(text)).toBe(tag)
})

it('several are kept each once, in the order of the alphabet', () => {
  expect(tagsOf(['b', ' A', 'a', 'B ', 'c'])).toEqual(['a', 'b', 'c'])
  expect(tagsOf([])).toEqual([])
})
