import { describe, expect, it } from 'vitest'
import { eventFor } from '../../src/domain/messages/eventFor.ts'
import { closestRules, type NotificationEvent, type Rule, repeats } from '../../src/domain/messages/notification.ts'

const rule = (given: Partial<Rule>): Rule => ({
  channelId: 1,
  serverId: null,
  jobId: null,
  events: ['FAILED'],
  repeat: 'ONCE',
  ...given,
})
const all = rule({})
const server = rule({ serverId: 3 })
const job = rule({ jobId: 7, events: [] })
const other = rule({ channelId: 2 })

describe('closestRules', () => {
  it.each([
    ['none where there is none', [], []],
    ['the one for everything', [all], [all]],
    ['that of the server before the one for everything', [all, server], [server]],
    ['that of the job before the others, although it silences', [all, server, job], [job]],
    ['the same whatever their order', [job, server, all], [job]],
    ['of each channel its own', [other, all, server], [other, server]],
  ])('are %s', (_, rules, closest) => {
    expect(closestRules(rules)).toEqual(closest)
  })
})

describe('eventFor', () => {
  const told = (event: NotificationEvent, otherwise: NotificationEvent | null = null) => ({
    event,
    otherwise,
    reminder: null,
  })

  it.each([
    ['what is wanted', ['FAILED'], told('FAILED'), 'FAILED'],
    ['nothing that is not wanted', ['OVERDUE'], told('FAILED'), null],
    ['nothing where nothing is wanted', [], told('FAILED'), null],
    ['the first choice where both are wanted', ['SUCCESS', 'RECOVERED'], told('RECOVERED', 'SUCCESS'), 'RECOVERED'],
    ['the second choice where that alone is wanted', ['SUCCESS'], told('RECOVERED', 'SUCCESS'), 'SUCCESS'],
    ['the first choice where that alone is wanted', ['RECOVERED'], told('RECOVERED', 'SUCCESS'), 'RECOVERED'],
    ['neither where neither is', ['FAILED'], told('RECOVERED', 'SUCCESS'), null],
  ] as const)('is %s', (_, events, what, expected) => {
    expect(eventFor(rule({ events: [...events] }), what)).toBe(expected)
  })

  it('is, of a reminder, for those whose repeat it is', () => {
    const at = (day: string) => new Date(`2026-01-${day}T03:00:00.000Z`)
    const reminder = { toldAt: at('01'), after: at('01'), until: at('09') }
    const what = { event: 'OVERDUE', otherwise: null, reminder } as const
    const told = (events: NotificationEvent[]) => repeats.filter((repeat) => eventFor(rule({ events, repeat }), what))
    expect(told(['OVERDUE'])).toEqual(['DAILY', 'WEEKLY'])
    expect(told(['FAILED'])).toEqual([])
  })
})
