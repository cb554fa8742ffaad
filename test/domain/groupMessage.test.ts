import { expect, it } from 'vitest'
import { groupMessage, isToldTogether, type Member, worstEvent } from '../../src/domain/messages/groupMessage.ts'
import { notificationEvents } from '../../src/domain/messages/notification.ts'

const failed = (id: number): Member => ({
  event: 'FAILED',
  title: `Failed: Job ${id} on nas`,
  message: `Reason ${id}\nDetails`,
})
const overdue: Member = { event: 'OVERDUE', title: 'Overdue: Mail on nas', message: 'Expected an hour ago.' }
const warned: Member = { event: 'WARNING', title: 'Warning: Music on nas', message: 'Warnings: 3.' }

it('counts them, and says of each what would be said of it alone, the worst first', () => {
  const { title, message } = groupMessage('The NAS', [warned, failed(1), overdue, failed(2)])
  expect(`${title}\n---\n${message}`).toMatchInlineSnapshot(`
    "4 backups on The NAS: 1 overdue, 2 failed, 1 with warnings
    ---
    Overdue: Mail on nas
    Expected an hour ago.

    Failed: Job 1 on nas
    Reason 1
    Details

    Failed: Job 2 on nas
    Reason 2
    Details

    Warning: Music on nas
    Warnings: 3."
  `)
})

it('has the titles alone of those beyond ten', () => {
  const { message } = groupMessage(
    'nas',
    Array.from({ length: 12 }, (_, id) => failed(id)),
  )
  expect(message.split('\n\n').slice(9)).toEqual([
    'Failed: Job 9 on nas\nReason 9\nDetails',
    'Failed: Job 10 on nas\nFailed: Job 11 on nas',
  ])
})

it('stays small, whatever is said of them', () => {
  const long = { ...failed(1), title: 'ü'.repeat(2000), message: 'x'.repeat(60_000) }
  const { title, message } = groupMessage('n'.repeat(10_000), Array(100).fill(long))
  expect(Buffer.byteLength(title)).toBeLessThanOrEqual(4 * 1024)
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64 * 1024)
})

it('is for troubles alone', () => {
  expect(notificationEvents.filter(isToldTogether)).toEqual(['OVERDUE', 'FAILED', 'WARNING'])
})

it('is as bad as the worst of them', () => {
  expect(worstEvent(['WARNING', 'FAILED'])).toBe('FAILED')
  expect(worstEvent(['FAILED', 'OVERDUE', 'WARNING'])).toBe('OVERDUE')
  expect(worstEvent(['WARNING'])).toBe('WARNING')
})
