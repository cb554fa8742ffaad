// What the last runs of a job let expect, as seen over GraphQL.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const gib = 2 ** 30
const first = Date.UTC(2026, 7, 2, 2)

interface Reported {
  data?: Record<string, unknown>
  backend?: Record<string, unknown>
}

/** Runs at even distances, each of ten minutes. */
async function runs(app: TestApp, count: number, hours: number, reported: (index: number) => Reported) {
  for (let index = 0; index < count; index++) {
    const began = first + index * hours * 3_600_000
    const ended = new Date(began + 600_000)
    app.setTime(ended)
    const { data, backend } = reported(index)
    const times = { BeginTime: new Date(began).toISOString(), EndTime: ended.toISOString() }
    expect(await app.post(report({ data: { ...times, ...data }, backend }))).toMatchObject({ status: 200 })
  }
}

const fields = 'runs usualDurationSeconds usualChangedFiles growthPerDay freeSize fullAt'

async function outlookIn(app: TestApp) {
  const { data, errors } = await app.graphql(`{ backupJob(id: 1) { outlook { ${fields} } } }`)
  expect(errors).toBeUndefined()
  return (data as { backupJob: { outlook: object | null } }).backupJob.outlook
}

const growing = (total: number) => (index: number) => ({
  data: { ModifiedFiles: 20, DeletedFiles: index % 2 === 0 ? 5 : 7 },
  backend: {
    KnownFileSize: (10 + index) * gib,
    TotalQuotaSpace: total * gib,
    FreeQuotaSpace: (total - 10 - index) * gib,
  },
})

describe('the outlook of a job', () => {
  it('is not there before ten runs, and says of growth nothing before two weeks', async () => {
    const app = await startApp()
    await runs(app, 9, 24, growing(100))
    expect(await outlookIn(app)).toBeNull()
    await runs(app, 10, 24, growing(100))
    expect(await outlookIn(app)).toEqual({
      runs: 10,
      usualDurationSeconds: 600,
      usualChangedFiles: 26,
      growthPerDay: null,
      freeSize: null,
      fullAt: null,
    })
  })

  it('says when the destination will be full', async () => {
    const app = await startApp()
    await runs(app, 20, 24, growing(100))
    expect(await outlookIn(app)).toMatchObject({
      runs: 20,
      growthPerDay: gib,
      freeSize: 71 * gib,
      fullAt: new Date(first + (19 + 71) * 86_400_000).toISOString(),
    })
  })

  it('does not say so beyond two years', async () => {
    const app = await startApp()
    await runs(app, 20, 24, growing(29 + 730))
    expect(await outlookIn(app)).toMatchObject({ fullAt: new Date(first + (19 + 730) * 86_400_000).toISOString() })
    const other = await startApp()
    await runs(other, 20, 24, growing(29 + 731))
    expect(await outlookIn(other)).toMatchObject({ freeSize: 731 * gib, fullAt: null })
  })

  it('does not say so where nobody tells a quota, or nothing grows', async () => {
    const app = await startApp()
    await runs(app, 20, 24, (index) => ({ backend: { KnownFileSize: (10 + index) * gib } }))
    expect(await outlookIn(app)).toMatchObject({ growthPerDay: gib, freeSize: null, fullAt: null })
    const still = await startApp()
    await runs(still, 20, 24, () => ({ backend: { TotalQuotaSpace: gib, FreeQuotaSpace: 1000 } }))
    expect(await outlookIn(still)).toMatchObject({ growthPerDay: 0, freeSize: 1000, fullAt: null })
  })

  it('reaches back two weeks where a job runs often', async () => {
    const app = await startApp()
    await runs(app, 140, 3, growing(10_000))
    expect(await outlookIn(app)).toMatchObject({ runs: 140, growthPerDay: 8 * gib })
  })

  it('counts towards what one query may read', async () => {
    const app = await startApp({ environment: { MAX_QUERY_COST: '10' } })
    await runs(app, 20, 24, growing(100))
    const asked = Array.from({ length: 6 }, (_, index) => `a${index}: outlook { runs }`).join(' ')
    const { errors } = await app.graphql(`{ backupJob(id: 1) { ${asked} } }`)
    expect(errors?.at(-1)).toMatchObject({ extensions: { code: 'QUERY_TOO_COMPLEX' } })
  })
})
