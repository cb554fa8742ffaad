import { describe, expect, it } from 'vitest'
import { type IdentifiedJob, namesakeOf, twinOf } from '../../src/domain/identity.ts'

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

describe('twinOf', () => {
  const job = (backupId: string | null, name: string): IdentifiedJob => ({ backupId, name })

  it.each<[string, IdentifiedJob[], IdentifiedJob[], IdentifiedJob | undefined]>([
    ['id and name are the same', [job('DB-1', 'P')], [job('DB-1', 'P')], job('DB-1', 'P')],
    ['the name is the same, and the id another', [job('DB-1', 'P')], [job('DB-2', 'P')], job('DB-2', 'P')],
    ['the id is the same, and the name another', [job('DB-1', 'P')], [job('DB-1', 'Q')], undefined],
    ['the id and the name belong to two', [job('DB-1', 'P')], [job('DB-1', 'Q'), job('DB-2', 'P')], job('DB-2', 'P')],
    ['the names differ in case', [job('DB-1', 'P')], [job('DB-1', 'p')], undefined],
    ['there is nothing else', [job('DB-1', 'P')], [], undefined],
    ['this one has no id', [job(null, 'P')], [job('DB-1', 'P')], job('DB-1', 'P')],
    ['the other has no id', [job('DB-1', 'P')], [job(null, 'P')], job(null, 'P')],
    ['neither has an id', [job(null, 'P')], [job(null, 'P')], job(null, 'P')],
    ['others share the name', [job('DB-1', 'P')], [job('DB-2', 'P'), job('DB-3', 'P')], undefined],
    [
      'others share the name, one with its id',
      [job('DB-1', 'P')],
      [job('DB-2', 'P'), job('DB-1', 'P')],
      job('DB-1', 'P'),
    ],
    [
      'others share the name, one without id as it',
      [job(null, 'P')],
      [job('DB-1', 'P'), job(null, 'P')],
      job(null, 'P'),
    ],
    ['a sibling shares the name', [job('DB-1', 'P'), job('DB-2', 'P')], [job('DB-3', 'P')], undefined],
    [
      'a sibling shares the name, and has the id of the other',
      [job('DB-1', 'P'), job('DB-2', 'P')],
      [job('DB-2', 'P')],
      undefined,
    ],
    [
      'a sibling shares the name, but not the id',
      [job('DB-2', 'P'), job('DB-1', 'P')],
      [job('DB-2', 'P')],
      job('DB-2', 'P'),
    ],
    ['a sibling has no id either', [job(null, 'P'), job(null, 'P')], [job(null, 'P')], undefined],
    ['others have no ids either', [job(null, 'P')], [job(null, 'P'), job(null, 'P')], undefined],
    ['a sibling has another name', [job('DB-1', 'P'), job('DB-2', 'Q')], [job('DB-2', 'P')], job('DB-2', 'P')],
  ])('of the first of the jobs, when %s', (_, [first, ...siblings], others, twin) => {
    if (!first) throw new Error('There is no job')
    expect(twinOf(first, [first, ...siblings], others)).toEqual(twin)
  })
})
