import { describe, expect, it } from 'vitest'
import {
  adopterOf,
  clonesOf,
  type IdentifiedJob,
  nameBearerOf,
  partsOf,
  tellsAlone,
  twinOf,
  wrongSuccessors,
} from '../../src/domain/identity.ts'

const known = { identified: true }
const free = { identified: false }

describe('adopterOf', () => {
  it.each([
    ['an unknown id goes to the only namesake without an id', [{ id: 1, ...free }], 1],
    [
      'also beside namesakes that have one',
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      2,
    ],
    [
      'it does not choose between two',
      [
        { id: 1, ...free },
        { id: 2, ...free },
      ],
      undefined,
    ],
    ['it never joins a namesake that has another', [{ id: 1, ...known }], undefined],
    ['without namesakes it is something new', [], undefined],
  ])('%s', (_, namesakes, id) => {
    expect(adopterOf(namesakes)).toBe(id)
  })
})

describe('nameBearerOf', () => {
  it.each([
    ['a name goes to its only bearer', [{ id: 1, ...known }], [], 1],
    [
      'a name that is shared goes to the bearer without an id',
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      [],
      2,
    ],
    [
      'of several such to the first',
      [
        { id: 1, ...free },
        { id: 2, ...free },
      ],
      [],
      1,
    ],
    [
      'a name that only others share is something new',
      [
        { id: 1, ...known },
        { id: 2, ...known },
      ],
      [],
      undefined,
    ],
    [
      'the one that has the job from such reports comes first',
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      [1],
      1,
    ],
    [
      'two that have it say nothing',
      [
        { id: 1, ...known },
        { id: 2, ...free },
      ],
      [1, 2],
      2,
    ],
    ['a name that nobody bears is something new', [], [], undefined],
  ])('%s', (_, namesakes, withThisJob, id) => {
    expect(nameBearerOf(namesakes, withThisJob)).toBe(id)
  })
})

describe('clonesOf', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 9, day))
  const seen = (name: string, first: number, last = first) => ({ name, firstAt: at(first), lastAt: at(last) })

  it.each([
    ['a name that nobody had before is a rename', [seen('web-1', 1)], 'web-2', 2, null],
    ['the name that it has now tells nothing', [seen('web-1', 1), seen('web-2', 2)], 'web-2', 3, null],
    ['a name that comes back is another machine', [seen('web-1', 1), seen('web-2', 2)], 'web-1', 3, ['web-1', 'web-2']],
    ['also the younger one', [seen('web-1', 1, 5), seen('web-2', 2, 4)], 'web-2', 6, ['web-1', 'web-2']],
    ['not with a run that is reported again', [seen('web-1', 1), seen('web-2', 2)], 'web-1', 1, null],
    ['nor with one that began before the change', [seen('web-1', 1), seen('web-2', 3)], 'web-1', 2, null],
    [
      'one machine does not begin two runs in one moment',
      [seen('web-1', 1), seen('web-2', 2)],
      'web-1',
      2,
      ['web-1', 'web-2'],
    ],
    ['also if they did so before', [seen('web-1', 1), seen('web-2', 1)], 'web-1', 2, ['web-1', 'web-2']],
    ['a first report proves nothing', [], 'web-1', 1, null],
  ])('%s', (_, names, name, day, clones) => {
    expect(clonesOf(names, name, at(day))).toEqual(clones)
  })
})

describe('wrongSuccessors', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 9, day))
  const old = { succeededAt: null, lastAt: at(3) }
  const next = { succeededAt: at(5), lastAt: at(6) }
  const last = { succeededAt: at(9), lastAt: at(9) }

  it.each([
    ['an old id that reports again takes its job back', old, [old, next], 6, [next]],
    ['from all that came after it', old, [next, last], 10, [next, last]],
    ['one in between from those after itself', next, [old, last], 10, [last]],
    ['not with a run from before the change', old, [next], 4, []],
    ['but with one of its very moment', old, [next], 5, [next]],
    ['not with a run that is reported again', { ...old, lastAt: at(6) }, [next], 6, []],
    ['the last one takes nothing', last, [old, next], 12, []],
  ])('%s', (_, reported, others, day, wrong) => {
    expect(wrongSuccessors(reported, others, at(day))).toEqual(wrong)
  })
})

describe('partsOf', () => {
  const run = (machineId: string | null, backupId: string | null, backupName: string | null) => ({
    machineId,
    backupId,
    backupName,
  })
  const byMachine = ({ machineId }: { machineId: string | null }) => (machineId === null ? null : machineId === 'b')

  it('lets runs without the mark follow their id and name, and tells of which nobody can say it', () => {
    const [a, b] = [run('a', 'DB-1', 'System'), run('b', 'DB-1', 'Documents')]
    const [oldA, oldB, byName, both] = [
      run(null, 'DB-1', 'System'),
      run(null, 'DB-1', 'Documents'),
      run(null, null, 'Documents'),
      run(null, 'DB-9', 'Photos'),
    ]
    expect(partsOf([a, b, oldA, oldB, byName, both], byMachine)).toEqual({
      splitOff: [b, oldB, byName],
      staying: [a, oldA],
      untold: [both],
    })
  })

  it('lets a run stay whose id and name both parts reported', () => {
    const runs = [run('a', 'DB-1', 'System'), run('b', 'DB-1', 'System'), run(null, 'DB-1', 'System')]
    expect(partsOf(runs, byMachine).untold).toEqual([runs[2]])
  })
})

describe.each([
  ['DB-1', false],
  ['db-12', false],
  ['DB-', true],
  ['02B5F481A574D2E3D180A55D423005B3BE7DA113CC8F09E8A3E383A6BBBC45D5', true],
  ['my-own', true],
])('the id %s', (id, tells) => {
  it(tells ? 'tells a job without a machine-id' : 'needs a machine-id', () => {
    expect(tellsAlone(id)).toBe(tells)
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
