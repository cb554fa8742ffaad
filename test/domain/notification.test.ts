import { describe, expect, it } from 'vitest'
import { eventFor } from '../../src/domain/messages/eventFor.ts'
import {
  closestRules,
  type FittingRule,
  type NotificationEvent,
  type Rule,
  type RuleWay,
  repeats,
} from '../../src/domain/messages/notification.ts'

const rule = (way: RuleWay, given: Partial<Rule> = {}): FittingRule => ({
  way,
  channelId: 1,
  serverId: null,
  jobId: null,
  tag: null,
  events: ['FAILED'],
  repeat: 'ONCE',
  ...given,
})
const all = rule('ALL')
const serverTag = rule('SERVER_TAG', { tag: 'rack', events: ['WARNING'] })
const server = rule('SERVER', { serverId: 3, events: ['OVERDUE'] })
const tag = rule('JOB_TAG', { tag: 'photos', events: ['SUCCESS', 'FAILED'], repeat: 'MONTHLY' })
const otherTag = rule('JOB_TAG', { tag: 'nightly', events: ['OVERDUE', 'FAILED'], repeat: 'WEEKLY' })
const silentTag = rule('JOB_TAG', { tag: 'test', events: [] })
const job = rule('JOB', { jobId: 7, events: [] })
const other = rule('ALL', { channelId: 2 })

describe('closestRules', () => {
  const told = ({ channelId, events, repeat }: Rule) => ({ channelId, events, repeat })

  it.each([
    ['none where there is none', [], []],
    ['the one for everything', [all], [all]],
    ['that of a tag of the server before the one for everything', [all, serverTag], [serverTag]],
    ['that of the server before that of its tag', [all, serverTag, server], [server]],
    ['that of a tag of the job before that of its server', [all, serverTag, server, silentTag], [silentTag]],
    ['that of the job before the others, although it silences', [all, serverTag, server, tag, job], [job]],
    ['the same whatever their order', [job, tag, server, serverTag, all], [job]],
    ['of each channel its own', [other, all, server], [other, server]],
  ])('are %s', (_, rules, closest) => {
    expect(closestRules(rules)).toEqual(closest.map(told))
  })

  it('of several tags add up to what any of them wants, as often as any wants it', () => {
    const sum = [{ channelId: 1, events: ['OVERDUE', 'FAILED', 'SUCCESS'], repeat: 'WEEKLY' }]
    expect(closestRules([all, tag, server, silentTag, otherTag])).toEqual(sum)
    expect(closestRules([otherTag, silentTag, tag])).toEqual(sum)
  })
})

describe('eventFor', () => {
  const told = (event: NotificationEvent, ...otherwise: NotificationEvent[]) => ({
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
    ['the first of many that is wanted', ['SUCCESS', 'UNUSUAL'], told('RECOVERED', 'UNUSUAL', 'SUCCESS'), 'UNUSUAL'],
  ] as const)('is %s', (_, events, what, expected) => {
    expect(eventFor({ events: [...events], repeat: 'ONCE' }, what)).toBe(expected)
  })

  it('is, of a reminder, for those whose repeat it is', () => {
    const at = (day: string) => new Date(`2026-01-${day}T03:00:00.000Z`)
    const reminder = { toldAt: at('01'), after: at('01'), until: at('09') }
    const what = { event: 'OVERDUE' as const, otherwise: [], reminder }
    const told = (events: NotificationEvent[]) => repeats.filter((repeat) => eventFor({ events, repeat }, what))
    expect(told(['OVERDUE'])).toEqual(['DAILY', 'WEEKLY'])
    expect(told(['FAILED'])).toEqual([])
    const unusual = { ...what, event: 'FAILED' as const, otherwise: ['UNUSUAL' as const] }
    // What is new about it is told whoever is not to be reminded.
    expect(repeats.map((repeat) => eventFor({ events: ['FAILED', 'UNUSUAL'], repeat }, unusual))).toEqual([
      'FAILED',
      'FAILED',
      'FAILED',
      'UNUSUAL',
    ])
  })
})
