import { describe, expect, it } from 'vitest'
import { namesakeOf } from '../../src/domain/identity.ts'

const known = { identified: true }
const free = { identified: false }

describe('namesakeOf', () => {
  it.each([
    ['an unknown id goes to the only namesake without an id', true, [{ id: 1, ...free }], 1],
    [
      'also beside namesakes that have one',
      true,
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      2,
    ],
    [
      'an unknown id does not choose between two',
      true,
      [
        { id: 1, ...free },
        { id: 2, ...free },
      ],
      undefined,
    ],
    ['an unknown id never joins a namesake that has another', true, [{ id: 1, ...known }], undefined],
    ['an unknown id without namesakes is something new', true, [], undefined],
    ['a name goes to its only bearer', false, [{ id: 1, ...known }], 1],
    [
      'a name that is shared goes to the bearer without an id',
      false,
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      2,
    ],
    [
      'of several such to the first',
      false,
      [
        { id: 1, ...free },
        { id: 2, ...free },
      ],
      1,
    ],
    [
      'a name that only others share is something new',
      false,
      [
        { id: 1, ...known },
        { id: 2, ...known },
      ],
      undefined,
    ],
    ['a name that nobody bears is something new', false, [], undefined],
  ])('%s', (_, hasId, namesakes, id) => {
    expect(namesakeOf(hasId, namesakes)).toBe(id)
  })
})
