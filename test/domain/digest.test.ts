import { describe, expect, it } from 'vitest'
import { createDigest, type DigestJob, type DigestRuns } from '../../src/domain/messages/digest.ts'
import { defaultTemplates, digestPlaceholders, render, templateIssues } from '../../src/domain/messages/template.ts'

const now = new Date('2026-08-01T06:00:00Z')
const since = new Date('2026-07-31T06:00:00Z')
const hourMs = 3_600_000

const fine: DigestJob = {
  server: 'nas',
  name: 'Photos',
  state: 'OK',
  stateSince: new Date('2026-07-01T02:00:00Z'),
  lastStatus: 'SUCCESS',
  latestAt: new Date('2026-08-01T02:00:00Z'),
  isSnoozed: false,
  acknowledged: null,
  storedSize: null,
  storedBefore: null,
  totalQuota: null,
  freeQuota: null,
  quotaWarning: false,
}
const ago = (hours: number) => new Date(now.getTime() - hours * hourMs)
const noRuns: DigestRuns = { succeeded: 0, warned: 0, failed: 0, missed: 0 }

function digest(jobs: Partial<DigestJob>[], runs = noRuns, tag: string | null = null) {
  const builder = createDigest({ period: 'DAILY', tag, since }, now, 'Europe/Berlin')
  for (const job of jobs) builder.add({ ...fine, ...job })
  const { title, message } = builder.compose(defaultTemplates.DIGEST, runs)
  return `${title}\n${message}`
}

it('says that all is well', () => {
  expect(digest([{}, { name: 'Music' }], { ...noRuns, succeeded: 2 })).toMatchInlineSnapshot(`
    "All 2 backups are fine
    Since 2026-07-31 08:00 CEST: 2 succeeded, 0 with warnings, 0 failed, 0 missed."
  `)
})

it('says what is wrong and since when, the worst and the oldest first', () => {
  const text = digest(
    [
      { name: 'Fine' },
      { name: 'Warned', state: 'WARNING', lastStatus: 'WARNING', stateSince: ago(100) },
      { name: 'Failed', state: 'FAILED', lastStatus: 'FATAL', stateSince: ago(2), acknowledged: 'FAILED' },
      { name: 'Overdue', state: 'OVERDUE', stateSince: ago(1), isSnoozed: true },
      { name: 'Older', state: 'OVERDUE', stateSince: ago(50), acknowledged: 'FAILED' },
      { name: 'Late', state: 'LATE', stateSince: ago(1) },
      { name: 'Late and failed', state: 'LATE', lastStatus: 'ERROR', stateSince: ago(1), latestAt: ago(25) },
      { name: 'New', state: 'NEW', lastStatus: null },
      { name: 'Paused', state: 'PAUSED', lastStatus: 'FATAL' },
    ],
    { succeeded: 3, warned: 1, failed: 2, missed: 4 },
    'offsite',
  )
  expect(text).toMatchInlineSnapshot(`
    "5 of 8 backups tagged offsite need attention: 2 overdue, 2 failed, 1 with warnings (2 late, 1 never ran, 1 paused)
    Overdue: Older on nas, since 2026-07-30 06:00 CEST (2 days ago)
    Overdue: Overdue on nas (snoozed), since 2026-08-01 07:00 CEST (1 hour ago)
    Failed: Late and failed on nas, since 2026-07-31 07:00 CEST (1 day ago)
    Failed: Failed on nas (acknowledged), since 2026-08-01 06:00 CEST (2 hours ago)
    Warning: Warned on nas, since 2026-07-28 04:00 CEST (4 days ago)
    Since 2026-07-31 08:00 CEST: 3 succeeded, 1 with warnings, 2 failed, 4 missed."
  `)
})

it('says what grew most, and what is almost full', () => {
  const gib = 2 ** 30
  const text = digest([
    { name: 'Little', storedBefore: gib, storedSize: gib + 1024 },
    { name: 'Most', storedBefore: gib, storedSize: 4 * gib },
    { name: 'Some', storedBefore: gib, storedSize: 2 * gib },
    { name: 'More', storedBefore: gib, storedSize: 3 * gib },
    { name: 'Shrunk', storedBefore: gib, storedSize: 1 },
    { name: 'Same', storedBefore: gib, storedSize: gib },
    { name: 'Just enough', totalQuota: 1000, freeQuota: 100 },
    { name: 'Not enough', totalQuota: 1000, freeQuota: 99 },
    { name: 'Warned', quotaWarning: true },
    { name: 'Warned early', totalQuota: 1000, freeQuota: 500, quotaWarning: true },
    { name: 'Unlimited', totalQuota: -1, freeQuota: -1 },
  ])
  expect(text).toMatchInlineSnapshot(`
    "All 11 backups are fine (3 almost full)
    Since 2026-07-31 08:00 CEST: 0 succeeded, 0 with warnings, 0 failed, 0 missed.
    Grew most:
    Most on nas: 3 GB more, 4 GB now
    More on nas: 2 GB more, 3 GB now
    Some on nas: 1 GB more, 2 GB now
    Almost full:
    Warned on nas: Duplicati warns of the quota
    Not enough on nas: 99 Bytes of 1000 Bytes free
    Warned early on nas: 500 Bytes of 1000 Bytes free"
  `)
})

it.each([
  [[], null, 'There are no backups'],
  [[], 'offsite', 'There are no backups tagged offsite'],
  [[{}], null, 'The backup is fine'],
  [[{ state: 'PAUSED' }], null, 'The only backup is paused'],
  [[{ state: 'PAUSED' }, { state: 'PAUSED' }], 'a', 'All 2 backups tagged a are paused'],
  [[{ state: 'FAILED' }], null, '1 of 1 backup needs attention: 1 failed'],
  [[{ state: 'FAILED' }, { state: 'WARNING' }, {}], null, '2 of 3 backups need attention: 1 failed, 1 with warnings'],
] as [Partial<DigestJob>[], string | null, string][])('sums up %j of the tag %s', (jobs, tag, summary) => {
  expect(digest(jobs, noRuns, tag).split('\n')[0]).toBe(summary)
})

describe('of very many jobs', () => {
  const troubled = (count: number) =>
    Array.from({ length: count }, (_, id) => ({
      name: `Job ${id}`,
      state: 'FAILED' as const,
      stateSince: ago(count - id),
    }))

  it('names 20 of those in trouble, and says how many there are beyond', () => {
    expect(digest(troubled(20)).split('\n')).toHaveLength(22)
    const lines = digest(troubled(21)).split('\n')
    expect(lines).toHaveLength(23)
    expect(lines.slice(20, 22)).toEqual([expect.stringMatching(/^Failed: Job 19 on nas, since /), 'and 1 more'])
  })

  it('stays small, however long the names are', () => {
    const jobs = troubled(20_000).map((job) => ({
      ...job,
      name: 'ü'.repeat(1000),
      server: 'x'.repeat(1000),
      quotaWarning: true,
    }))
    const text = digest(jobs)
    expect(Buffer.byteLength(text)).toBeLessThan(16_000)
    expect(text).toContain('and 19980 more')
    expect(text).toContain('and 19995 more')
  })
})

it('has words that may be saved, of placeholders that are all filled', () => {
  const builder = createDigest({ period: 'WEEKLY', tag: null, since }, now, 'UTC')
  const names = Object.keys(digestPlaceholders)
  const all = { ...defaultTemplates.DIGEST, message: names.map((name) => `${name}={${name}}`).join('\n') }
  expect(templateIssues(all, 'DIGEST')).toEqual([])
  expect(templateIssues(defaultTemplates.DIGEST, 'DIGEST')).toEqual([])
  expect(builder.compose(all, noRuns).message).not.toContain('{')
  expect(templateIssues({ ...all, message: '{backup_name}' }, 'DIGEST')[0]?.message).toContain(
    '{backup_name} is not a placeholder',
  )
  expect(templateIssues({ ...all, message: '{summary}' }, 'FAILED')[0]?.message).toContain(
    '{summary} is not a placeholder',
  )
  expect(render(all, {}).message).toContain('{summary}')
})
