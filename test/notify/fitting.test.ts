// Texts are cut to what a service takes, between characters.

import { expect, it } from 'vitest'
import { fitting, jsonSize } from '../../src/notify/fitting.ts'

it.each([
  ['', 0, {}, ''],
  ['abc', 3, {}, 'abc'],
  ['abcd', 3, {}, 'ab…'],
  ['a🎉🎉', 4, {}, 'a🎉…'],
  ['🎉🎉', 3, {}, '🎉…'],
  ['🎉🎉', 2, {}, '…'],
  ['üüü', 5, { size: Buffer.byteLength }, 'ü…'],
  ['a"b"c', 6, { size: jsonSize }, 'a"…'],
  ['a&amp;b', 6, { piece: /&\w+;|./gsu }, 'a…'],
  ['a\nb\nc', 4, {}, 'a\nb…'],
  ['abcdefghij', 9, { mark: '… (cut)' }, 'ab… (cut)'],
])('cuts %j to %d', (text, limit, how, expected) => {
  expect(fitting(text, limit, how)).toBe(expected)
})
