// When two failures have the same reason.

import { expect, it } from 'vitest'
import { isKnownReason, withReason } from '../../src/domain/messages/failureReason.ts'

it.each([
  ['the same words', 'The disk is full', 'The disk is full', true],
  ['another number', 'Found 3 files that are missing', 'Found 1,204 files that are missing', true],
  ['another id', 'Volume b5f1c7e0-9f0a-4d1e is damaged', 'Volume 0a11c7e0-1f0a-4dff is damaged', true],
  ['another path', 'Cannot read /home/anna/a.txt', 'Cannot read /srv/b', true],
  ['another path of Windows', String.raw`Cannot read C:\a\b`, String.raw`Cannot read D:\c`, true],
  ['another file in quotes', 'Missing "my first file.zip"', 'Missing "another.zip"', true],
  ['another address', 'No answer from https://a.example/x', 'No answer from https://b.example/y', true],
  ['other capitals', 'access denied', 'Access Denied', true],
  ['other words', 'The disk is full', 'Access denied', false],
  ['a word more', 'Access denied', 'Access denied again', false],
])('%s: known or not', (_, before, now, known) => {
  expect(isKnownReason(withReason(null, before), now)).toBe(known)
})

it('is known where it comes in turn with another', () => {
  const both = withReason(withReason(null, 'The disk is full'), 'Access denied')
  expect(['The disk is full', 'Access denied', 'Timeout'].map((one) => isKnownReason(both, one))).toEqual([
    true,
    true,
    false,
  ])
})

it('is never another where one is not known', () => {
  expect([isKnownReason(null, 'x'), isKnownReason('x', null), withReason('x', null), withReason(null, null)]).toEqual([
    true,
    true,
    'x',
    null,
  ])
})

it('remembers the last ten', () => {
  const letters = 'abcdefghijk'.split('')
  const known = letters.reduce<string | null>(withReason, null)
  expect(letters.filter((letter) => !isKnownReason(known, letter))).toEqual(['a'])
})
