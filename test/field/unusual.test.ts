// What nobody reports: the event UNUSUAL, whom it is told to beside what else a run is, and from where on something is unusual.

import { describe, expect, it } from 'vitest'
import { at, failed, succeed, watchedJob } from './watchedJob.ts'

type Job = Awaited<ReturnType<typeof watchedJob>>

const many = { data: { ModifiedFiles: 5000, DeletedFiles: 12 } }
const everything = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED', 'UNUSUAL']

/** A job with a run a night up to the eleventh. */
async function usualJob(events: string[] = everything): Promise<Job> {
  const job = await watchedJob({ events })
  for (let day = 1; day <= 11; day++) await night(job, day)
  await job.told()
  return job
}

const night = (job: Job, day: number, run: Parameters<Job['run']>[2] = {}) => job.run(at(`${day} 02:00`), 10, run)

const rule = (job: Job, fields: string) =>
  succeed(
    job.app,
    `mutation { setUnusualRule(input: { ${fields} }) { unusualRule { id kind threshold tag job { id } } } }`,
  )

describe('an unusual run', () => {
  it('is told with what is unusual, and with how it ended', async () => {
    const job = await usualJob()
    await night(job, 12, many)
    expect(await job.news()).toMatchObject([
      {
        event: 'UNUSUAL',
        reminder: false,
        title: 'Unusual: Photos on nas',
        message: `5000 files were changed and 12 have vanished from the source: usually it is about 0 together, and it was never more than 0.
Success at 2026-10-12 02:00 UTC in 00:10:00.`,
      },
    ])
    expect(await job.stand()).toMatchObject({ state: 'OK' })
  })

  it.each([
    [['UNUSUAL'], {}, ['UNUSUAL']],
    [['SUCCESS'], {}, ['SUCCESS']],
    [['WARNING', 'UNUSUAL'], { data: { ...many.data, ParsedResult: 'Warning' } }, ['UNUSUAL']],
    [['WARNING'], { data: { ...many.data, ParsedResult: 'Warning' } }, ['WARNING']],
    [['OVERDUE', 'FAILED', 'RECOVERED'], {}, []],
    [['FAILED', 'UNUSUAL'], { data: { ...many.data, ParsedResult: 'Error' } }, ['FAILED']],
    [['UNUSUAL'], { data: { ...many.data, ParsedResult: 'Error' } }, ['UNUSUAL']],
  ])('is told to a channel that wants %j once', async (events, run, told) => {
    const job = await usualJob(events)
    await night(job, 12, { ...many, ...run })
    const news = await job.news()
    expect(news.map(({ event }) => event)).toEqual(told)
    for (const { message } of news) expect(message).toContain('5000 files were changed')
  })

  it('is told as the end of a trouble, which names what is unusual', async () => {
    const job = await usualJob()
    await night(job, 12, failed())
    await night(job, 13, many)
    expect(await job.news()).toMatchObject([
      { event: 'FAILED' },
      { event: 'RECOVERED', message: expect.stringContaining('5000 files were changed') },
    ])
  })

  it('is told though a repeated failure is not', async () => {
    const job = await usualJob()
    const error = { data: { ParsedResult: 'Error' }, logLines: [] }
    await night(job, 12, error)
    await job.run(at('12 04:00'), 10, error)
    await job.run(at('12 06:00'), 10, { data: { ...many.data, ParsedResult: 'Error' } })
    expect(await job.told()).toEqual(['FAILED', 'UNUSUAL'])
  })

  it('is told to nobody while the job is snoozed, of an old run, or where a remark on the evidence says it already', async () => {
    const job = await usualJob()
    await job.run(at('10 12:00'), 10, { ...many, sent: 2 * 86_400 })
    await night(job, 12, { data: { ...many.data, ExaminedFiles: 10, SizeOfExaminedFiles: 10 } })
    await job.act(`snoozeJob(id: 1, until: "${at('14 00:00')}")`)
    await night(job, 13, { data: { ModifiedFiles: 50_000 } })
    expect(await job.told()).toEqual(['WARNING'])
  })
})

describe('from where on something is unusual', () => {
  it('is what the closest rule says: of the job, of a tag, or of everything', async () => {
    const job = await usualJob()
    const limits = async () => {
      const { backupJob } = (await succeed(job.app, '{ backupJob(id: 1) { unusualLimits { kind threshold } } }')) as {
        backupJob: { unusualLimits: { kind: string; threshold: number | null }[] }
      }
      return Object.fromEntries(backupJob.unusualLimits.map(({ kind, threshold }) => [kind, threshold]))
    }
    expect(await limits()).toEqual({
      MANY_FILES_CHANGED: 1000,
      TOOK_LONG: 3600,
      FEWER_VERSIONS: 3,
      DESTINATION_FILLS_UP: 30,
      NO_SUCCESS: null,
    })
    await rule(job, 'kind: MANY_FILES_CHANGED, threshold: 10000')
    expect(await limits()).toMatchObject({ MANY_FILES_CHANGED: 10_000, TOOK_LONG: 3600 })
    await rule(job, 'kind: MANY_FILES_CHANGED, threshold: 200, tag: "Home"')
    await rule(job, 'kind: MANY_FILES_CHANGED, threshold: 100, tag: "mobile"')
    await succeed(job.app, 'mutation { updateServer(id: 1, input: { tags: ["home", "mobile"] }) { server { id } } }')
    expect(await limits()).toMatchObject({ MANY_FILES_CHANGED: 100 })
    await succeed(job.app, 'mutation { updateBackupJob(id: 1, input: { tags: ["home"] }) { backupJob { id } } }')
    expect(await limits()).toMatchObject({ MANY_FILES_CHANGED: 200 })
    await rule(job, 'kind: MANY_FILES_CHANGED, threshold: null, job: 1')
    expect(await limits()).toMatchObject({ MANY_FILES_CHANGED: null })
    await night(job, 12, many)
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(
      await succeed(job.app, '{ unusualRules { totalCount nodes { id kind threshold tag job { id } } } }'),
    ).toEqual({
      unusualRules: {
        totalCount: 4,
        nodes: [
          { id: 'UnusualRule:1', kind: 'MANY_FILES_CHANGED', threshold: 10_000, tag: null, job: null },
          { id: 'UnusualRule:2', kind: 'MANY_FILES_CHANGED', threshold: 200, tag: 'home', job: null },
          { id: 'UnusualRule:3', kind: 'MANY_FILES_CHANGED', threshold: 100, tag: 'mobile', job: null },
          { id: 'UnusualRule:4', kind: 'MANY_FILES_CHANGED', threshold: null, tag: null, job: { id: 'BackupJob:1' } },
        ],
      },
    })
    expect(
      await succeed(
        job.app,
        'mutation { deleteUnusualRule(id: "UnusualRule:4") { deletedUnusualRule { threshold } } }',
      ),
    ).toEqual({ deleteUnusualRule: { deletedUnusualRule: { threshold: null } } })
    await night(job, 13, { data: { ModifiedFiles: 50_000 } })
    expect(await job.told()).toEqual(['UNUSUAL'])
  })

  it('applies to each kind', async () => {
    const job = await usualJob(['UNUSUAL'])
    await rule(job, 'kind: TOOK_LONG, threshold: 1200')
    await job.run(at('12 02:00'), 25)
    await rule(job, 'kind: FEWER_VERSIONS, threshold: 2')
    await night(job, 13, { backend: { BackupListCount: 5 } })
    expect((await job.news()).map(({ message }) => message.split('\n')[0])).toEqual([
      'The run took 00:25:00 hours: usually it takes about 00:10:00, and in the last 100 days it never took more than 00:10:00.',
      '5 versions are left at the destination: there were 7 after the run before.',
    ])
  })

  it.each([
    ['kind: TOOK_LONG, threshold: 0', 'threshold', 'must be from 1 to 31622400, or null'],
    ['kind: NO_SUCCESS, threshold: 0.5', 'threshold', 'must be from 1 to 3660, or null'],
    ['kind: NO_SUCCESS, threshold: 3, job: 1, tag: "home"', 'tag', 'must be left out if job is given'],
    ['kind: NO_SUCCESS, threshold: 3, tag: " "', 'tag', 'must not be blank'],
  ])('is refused as %s', async (fields, path, message) => {
    const job = await watchedJob()
    await night(job, 1)
    const { errors } = await job.app.graphql(`mutation { setUnusualRule(input: { ${fields} }) { unusualRule { id } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] } }])
  })

  it.each([
    ['setUnusualRule(input: { kind: TOOK_LONG, job: 7 }) { unusualRule { id } }', 'There is no BackupJob:7.'],
    ['deleteUnusualRule(id: 7) { deletedUnusualRule { id } }', 'There is no UnusualRule:7.'],
  ])('says what is not there: %s', async (mutation, message) => {
    const job = await watchedJob()
    expect(await job.app.graphql(`mutation { ${mutation} }`)).toMatchObject({
      errors: [{ message, extensions: { code: 'NOT_FOUND' } }],
    })
  })
})

describe('a job without a success', () => {
  const warning = { data: { ParsedResult: 'Warning' } }
  const look = async (job: Job, moment: string) => {
    job.app.setTime(at(moment))
    await job.app.catchUp()
    return job.news()
  }

  it('is told once when it had none for more days than its rule allows, and again after the next', async () => {
    const job = await watchedJob({ events: ['UNUSUAL'] })
    await night(job, 1)
    await rule(job, 'kind: NO_SUCCESS, threshold: 3, job: 1')
    for (const day of [2, 3]) await night(job, day, warning)
    // At the very moment it is not more than three days.
    expect(await look(job, '4 02:00')).toEqual([])
    expect(await look(job, '4 02:01')).toMatchObject([
      {
        event: 'UNUSUAL',
        title: 'Unusual: Photos on nas',
        message:
          'No run has been a success for more than 3 days: the last success was on 2026-10-01.\nWarning at 2026-10-03 02:00 UTC in 00:10:00.',
      },
    ])
    await night(job, 5, warning)
    expect(await look(job, '20 00:00')).toEqual([])
    await night(job, 20)
    expect(await look(job, '23 02:01')).toMatchObject([{ event: 'UNUSUAL' }])
  })

  it('is told of one that never had one, by when it is known', async () => {
    const job = await watchedJob({ events: ['UNUSUAL'] })
    await night(job, 1, failed())
    await rule(job, 'kind: NO_SUCCESS, threshold: 7')
    expect(await look(job, '8 02:10')).toEqual([])
    expect(await look(job, '8 02:11')).toMatchObject([
      { message: expect.stringContaining('No run has been a success for more than 7 days: it has never had one.') },
    ])
  })

  it('waits for the end of a snooze or of a pause, from which on a run is expected again', async () => {
    const job = await watchedJob({ events: ['UNUSUAL'] })
    await night(job, 1)
    await rule(job, 'kind: NO_SUCCESS, threshold: 3')
    await job.act(`snoozeJob(id: 1, until: "${at('6 00:00')}")`)
    expect(await look(job, '6 00:00')).toEqual([])
    expect(await look(job, '6 00:01')).toMatchObject([{ event: 'UNUSUAL' }])
    await night(job, 7)
    await job.act('pauseJob(id: 1)')
    expect(await look(job, '12 00:00')).toEqual([])
    await job.act('resumeJob(id: 1)')
    expect(await look(job, '15 00:00')).toEqual([])
    expect(await look(job, '15 00:01')).toMatchObject([{ event: 'UNUSUAL' }])
  })
})
