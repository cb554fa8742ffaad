// The text form and the JSON of one run, as Duplicati posts them when it is given both kinds of address, and runs that are nearly
// the same.

import { describe, expect, it } from 'vitest'
import { at, later, posted, succeed, watchedJob } from './watchedJob.ts'

type Job = Awaited<ReturnType<typeof watchedJob>>

const epoch = (moment: string) => Math.floor(new Date(moment).getTime() / 1000)

/** The text of a run of ten minutes. */
function text(began: string, lines: string[] = ['ParsedResult: Success']) {
  return [
    'Duplicati Backup report for Photos (machine-1, DB-1, nas)',
    '',
    'ExaminedFiles: 1000',
    'SizeOfExaminedFiles: 50000',
    'MainOperation: Backup',
    ...lines,
    'Version: 2.2.0.3 (2.2.0.3_stable_2026-01-06)',
    `EndTime: 1.10.2026 (${epoch(began) + 600})`,
    `BeginTime: 1.10.2026 (${epoch(began)})`,
    'Duration: 00:10:00',
  ].join('\n')
}

const postText = (job: Job, body: string) => posted(job.app, `message=${encodeURIComponent(body)}`)

async function runs(job: Job) {
  const { backups } = (await succeed(
    job.app,
    '{ backups { nodes { databaseId beganAt status storedSize versions remarks { kind } } } }',
  )) as { backups: { nodes: object[] } }
  return backups.nodes
}

/** A fraction of a second after. */
const withMs = (moment: string, ms: string) => moment.replace('.000Z', `.${ms}Z`)

describe('a run that is told by its text, and then by its JSON', () => {
  it('is one run, under the number of the text, with what the JSON tells; nobody is told again', async () => {
    const job = await watchedJob()
    job.app.setTime(at('1 02:10:01'))
    expect(await postText(job, text(at('1 02:00')))).toMatchObject({ duplicate: false, backup: { id: 1 } })
    expect(await runs(job)).toMatchObject([
      { databaseId: 1, storedSize: null, versions: null, remarks: [{ kind: 'SENT_AS_TEXT' }] },
    ])
    expect(await job.told()).toEqual(['SUCCESS'])
    const began = withMs(at('1 02:00'), '1234567')
    expect(await job.run(began, 10, { next: at('2 02:00') })).toMatchObject({ duplicate: true, backup: { id: 1 } })
    expect(await runs(job)).toEqual([
      {
        databaseId: 1,
        beganAt: '2026-10-01T02:00:00.123Z',
        status: 'SUCCESS',
        storedSize: 70_000,
        versions: 7,
        remarks: [],
      },
    ])
    expect(await job.told()).toEqual([])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('2 02:00') })
  })

  it('tells a failure once, and its end once', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('2 02:10:01'))
    const failure = ['ParsedResult: Fatal', 'ErrorsActualLength: 1']
    await postText(
      job,
      text(at('2 02:00'), failure).replace(
        'ExaminedFiles',
        'Failed: no\nDetails: System.Exception: no\n\nExaminedFiles',
      ),
    )
    await job.run(withMs(at('2 02:00'), '999'), 10, {
      data: { ParsedResult: 'Fatal', ErrorsActualLength: 1 },
      exception: 'System.Exception: no',
      next: at('3 02:00'),
    })
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
    expect(await job.stand()).toMatchObject({ state: 'FAILED', dueAt: at('3 02:00') })
    job.app.setTime(at('3 02:10:01'))
    await postText(job, text(at('3 02:00')))
    await job.run(withMs(at('3 02:00'), '001'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await runs(job)).toHaveLength(3)
  })

  it('is completed late as well, when newer runs are there, and changes nothing of them', async () => {
    const job = await watchedJob()
    job.app.setTime(at('1 02:10:01'))
    await postText(job, text(at('1 02:00')))
    await job.run(at('2 02:00'), 10, { next: at('3 02:00') })
    const before = await job.stand()
    await job.run(withMs(at('1 02:00'), '500'), 10, { next: at('2 02:00'), sent: 86_400 + 60 })
    expect(await job.stand()).toEqual(before)
    expect(await job.told()).toEqual(['SUCCESS', 'SUCCESS'])
    expect(await runs(job)).toMatchObject([{ databaseId: 2 }, { databaseId: 1, storedSize: 70_000 }])
  })

  it('tells what its JSON says that is worse: that the run is unusual, or how it ended, and once', async () => {
    const job = await watchedJob({ events: ['FAILED', 'WARNING', 'SUCCESS', 'UNUSUAL'] })
    for (let day = 1; day <= 11; day++) await job.run(at(`${day} 02:00`), 10, { next: at(`${day + 1} 02:00`) })
    await job.told()
    const both = async (day: number, run: Parameters<typeof job.run>[2]) => {
      job.app.setTime(at(`${day} 02:10:01`))
      await postText(job, text(at(`${day} 02:00`)))
      for (let turn = 0; turn < 2; turn++) {
        await job.run(withMs(at(`${day} 02:00`), '250'), 10, { next: at(`${day + 1} 02:00`), ...run })
      }
      return job.told()
    }
    expect(await both(12, { data: { ModifiedFiles: 5000 } })).toEqual(['SUCCESS', 'UNUSUAL'])
    // No version is left, of which a text says nothing.
    expect(await both(13, { backend: { BackupListCount: 0 } })).toEqual(['SUCCESS', 'WARNING'])
  })

  it('twice each, as when Duplicati tries again, is one run', async () => {
    const job = await watchedJob()
    job.app.setTime(at('1 02:10:01'))
    const began = withMs(at('1 02:00'), '250')
    for (let turn = 0; turn < 2; turn++) {
      await postText(job, text(at('1 02:00')))
      await job.run(began, 10, { next: at('2 02:00') })
    }
    await postText(job, text(at('1 02:00')))
    expect(await runs(job)).toMatchObject([{ databaseId: 1, storedSize: 70_000 }])
    expect(await job.told()).toEqual(['SUCCESS'])
  })
})

describe('a run whose JSON comes after its text', () => {
  it('leaves the rhythm of a job as it is of which old runs are not kept', async () => {
    const job = await watchedJob()
    for (const day of [1, 2, 3, 4, 5]) await job.run(at(`${day} 02:00`), 10)
    await succeed(job.app, 'mutation { updateSettings(input: { keepPerJob: 1 }) { settings { keepPerJob } } }')
    await job.app.keepHouse()
    expect(await runs(job)).toHaveLength(1)
    expect(await job.stand()).toMatchObject({ dueAt: at('6 02:00') })
    job.app.setTime(at('6 02:10:01'))
    await postText(job, text(at('6 02:00')))
    const before = await job.stand()
    expect(before).toMatchObject({ dueAt: at('7 02:00') })
    expect(await job.run(withMs(at('6 02:00'), '500'), 10)).toMatchObject({ duplicate: true })
    expect((await job.stand()).dueAt?.slice(0, 16)).toBe('2026-10-07T02:00')
  })

  it('hours later, because it was tried again, still was run when its text came', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10)
    await job.act('updateBackupJob(id: 1, input: { schedule: { interval: "1D", timeZone: "UTC" } })')
    job.app.setTime(at('2 02:10:01'))
    await postText(job, text(at('2 02:00')))
    expect(await job.stand()).toMatchObject({ dueAt: at('3 02:00') })
    await job.run(at('2 02:00'), 10, { sent: 3 * 3600 })
    expect(await job.stand()).toMatchObject({ dueAt: at('3 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'SUCCESS'])
  })
})

describe('a run that is told by its JSON, and then by its text', () => {
  it.each(['000', '001', '1234567', '999', '9999999'])('is one run, which keeps what it has: .%s', async (ms) => {
    const job = await watchedJob()
    await job.run(withMs(at('1 02:00'), ms), 10, { next: at('2 02:00') })
    const [before, stand] = [await runs(job), await job.stand()]
    expect(await postText(job, text(at('1 02:00')))).toMatchObject({ duplicate: true, backup: { id: 1 } })
    expect(await runs(job)).toEqual(before)
    expect(await job.stand()).toEqual(stand)
    expect(await job.told()).toEqual(['SUCCESS'])
  })

  it('a second later is another run', async () => {
    const job = await watchedJob()
    await job.run(withMs(at('1 02:00'), '999'), 10)
    expect(await postText(job, text(at('1 02:00:01')))).toMatchObject({ duplicate: false, backup: { id: 2 } })
  })

  it('of another job in the same second is another run', async () => {
    const job = await watchedJob()
    await job.run(withMs(at('1 02:00'), '500'), 10)
    const other = text(at('1 02:00')).replace('Photos (machine-1, DB-1', 'Mail (machine-1, DB-2')
    expect(await postText(job, other)).toMatchObject({ duplicate: false, backup: { id: 2 } })
  })
})

describe('two JSON reports', () => {
  it('that differ in the last digit of the milliseconds are two runs', async () => {
    const job = await watchedJob()
    await job.run(withMs(at('1 02:00'), '123'), 10)
    const second = await job.run(withMs(at('1 02:00'), '124'), 10)
    expect(second).toMatchObject({ duplicate: false, backup: { id: 2 } })
    expect(await runs(job)).toHaveLength(2)
  })

  it('that differ within a millisecond are one', async () => {
    const job = await watchedJob()
    await job.run(withMs(at('1 02:00'), '1230000'), 10)
    expect(await job.run(withMs(at('1 02:00'), '1239999'), 10)).toMatchObject({ duplicate: true, backup: { id: 1 } })
  })

  it('of two runs in one second, of which the text told the first, are two runs', async () => {
    const job = await watchedJob()
    job.app.setTime(at('1 02:10:01'))
    await postText(job, text(at('1 02:00')))
    expect(await job.run(withMs(at('1 02:00'), '100'), 10)).toMatchObject({ duplicate: true, backup: { id: 1 } })
    expect(await job.run(withMs(at('1 02:00'), '900'), 10)).toMatchObject({ duplicate: false, backup: { id: 2 } })
  })

  it('after which the text of an overdue job tells of its end once', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(later(at('2 02:00'), 120))
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    job.app.setTime(at('2 05:10:01'))
    await postText(job, text(at('2 05:00')))
    await job.run(withMs(at('2 05:00'), '123'), 10, { next: at('3 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
  })
})
