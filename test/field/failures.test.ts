// Failures as people reported them to other projects: what is told of each, what ends it, and what does not.

import { describe, expect, it } from 'vitest'
import { fixture } from '../support/app.ts'
import { at, failed, later, posted, prevented, stopped, succeed, watchedJob } from './watchedJob.ts'

/** What 2.0.6 and 2.0.7 send where the exception of a destination cannot be serialized. */
const nameless = {
  ...{ RequestUrl: 'https://graph.example/x', StatusCode: 'Unauthorized', Message: 'Unauthorized error', Data: {} },
  ...{ InnerException: null, StackTrace: 'at x', HelpLink: null, Source: 'y', HResult: -2146233088 },
}
const old = { OperationName: 'Backup', 'backup-name': 'Job' }

type Job = Awaited<ReturnType<typeof watchedJob>>

/** Posts what a 2.0.6 or 2.0.7 on a laptop has to say. */
async function laptop({ app }: Job, time: string, Data: object, Extra: object = old) {
  app.setTime(time)
  return posted(app, { Data, Extra, LogLines: [] }, '/api/upload?machine=laptop')
}
const oldRun = (time: string, more: object = {}) => ({
  ...{ MainOperation: 'Backup', ParsedResult: 'Success', BeginTime: time, EndTime: later(time, 10), ExaminedFiles: 9 },
  ...{ SizeOfExaminedFiles: 900, BackendStatistics: { KnownFileSize: 900, BackupListCount: 1 } },
  ...more,
})

describe('an exception that does not name its class (duplicati #4015, #4567, #5071)', () => {
  it.each<[string, object, object]>([
    ['as OneDrive throws it', nameless, old],
    ['without a word on the operation', nameless, { 'backup-name': 'Job' }],
    [
      'as several at once',
      { Message: 'One or more errors occurred.', HResult: -1, InnerExceptions: [nameless, { Message: 'Gone' }] },
      old,
    ],
    ['with nothing but an inner one', { Message: 'x', InnerException: nameless, StackTrace: null, HResult: 1 }, old],
  ])('is a failure after a failure, and is never told as its end: %s', async (_, data, extra) => {
    const job = await watchedJob({ events: ['FAILED', 'RECOVERED'] })
    await laptop(job, at('1 02:10'), oldRun(at('1 02:00')))
    expect(await job.told()).toEqual([])
    await laptop(job, at('2 02:00'), { ClassName: 'System.Exception', Message: 'before' })
    expect(await job.told()).toEqual(['FAILED'])
    await laptop(job, at('3 02:00'), data, extra)
    expect(await job.stand()).toMatchObject({ state: 'FAILED', lastStatus: 'FATAL', lastSuccessAt: at('1 02:00') })
    const news = await job.news()
    expect(news).toMatchObject([{ event: 'FAILED' }])
    if (data === nameless) expect(news[0]?.message).toMatch(/^Unauthorized error\nFatal at /)
    await laptop(job, at('4 02:10'), oldRun(at('4 02:00')))
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', lastSuccessAt: at('4 02:00') })
  })

  it('is told to a channel that wants FAILED alone, also as the first that is heard of the job', async () => {
    const job = await watchedJob({ events: ['FAILED'] })
    await laptop(job, at('1 02:00'), nameless)
    expect(await job.told()).toEqual(['FAILED'])
    expect(await succeed(job.app, '{ backups { nodes { status exception sourceSize } } }')).toEqual({
      backups: { nodes: [{ status: 'FATAL', exception: 'Unauthorized error\n   at x', sourceSize: null }] },
    })
  })
})

describe('a run of which nobody says how it ended', () => {
  const unknown = { data: { ParsedResult: undefined } }

  it.each([
    ['no result', unknown],
    ['a result that there is not', { data: { ParsedResult: 'Perhaps' } }],
    ['no result, and every figure zero', { data: { ParsedResult: null, ExaminedFiles: 0, SizeOfExaminedFiles: 0 } }],
  ])('does not end a failure; the success afterwards does: %s', async (_, changes) => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10)
    await job.run(at('2 02:00'), 10, failed())
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
    await job.run(at('3 02:00'), 10, changes)
    expect(await job.told()).toEqual(['WARNING'])
    expect((await job.stand()).state).not.toBe('OK')
    await job.run(at('4 02:00'), 10)
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('meets its due time, but is no end of being overdue', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('2 09:00'))
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    await job.run(at('2 10:00'), 10, { ...unknown, next: at('3 02:00') })
    expect(await job.told()).toEqual(['WARNING'])
    expect(await job.stand()).toMatchObject({ state: 'WARNING', dueAt: at('3 02:00') })
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })
})

describe('a run that a script prevented (duplicati #4344, #4222, #4927, #3605)', () => {
  it.each(['Success', 'Warning', 'Error'])(
    'stated as %s leaves a failure as it is, and tells nobody',
    async (result) => {
      const job = await watchedJob()
      await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
      await job.run(at('2 02:00'), 10, { ...failed(), next: at('3 02:00') })
      const before = await job.stand()
      expect(before).toMatchObject({ state: 'FAILED', dueAt: at('3 02:00'), overdueAt: at('3 03:00') })
      expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
      // By hand, before the due time; and at the due time, with the next run announced.
      await job.run(at('2 12:00'), 0, { ...prevented(result), next: at('3 02:00') })
      expect(await job.stand()).toEqual(before)
      await job.run(at('3 02:00'), 0, { ...prevented(result), next: at('4 02:00') })
      expect(await job.stand()).toEqual({ ...before, state: 'LATE' })
      expect(await job.told()).toEqual([])
      const { backups } = (await succeed(job.app, '{ backups { nodes { prevented remarks { kind } } } }')) as {
        backups: { nodes: object[] }
      }
      expect(backups.nodes.slice(0, 2)).toEqual(Array(2).fill({ prevented: true, remarks: [{ kind: 'PREVENTED' }] }))
    },
  )

  it.each(['Success', 'Warning', 'Error'])('stated as %s does not end being overdue', async (result) => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('2 04:00'))
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    const before = await job.stand()
    await job.run(at('2 05:00'), 0, { ...prevented(result), next: at('3 02:00') })
    expect(await job.told()).toEqual([])
    expect(await job.stand()).toEqual(before)
    await job.run(at('2 06:00'), 10, { next: at('3 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('every night for a week is a week without a backup: it is overdue once, and the success says so', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    for (let night = 2; night <= 8; night++) {
      await job.run(at(`${night} 02:00`), 0, { ...prevented(), next: at(`${night + 1} 02:00`) })
      expect(await job.stand()).toMatchObject({ state: night === 2 ? 'LATE' : 'OVERDUE', lastSuccessAt: at('1 02:00') })
    }
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    await job.run(at('9 02:00'), 10, { next: at('10 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('10 02:00'), lastSuccessAt: at('9 02:00') })
  })

  it('as the first of its job says nothing of it', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 0, { ...prevented('Error'), next: at('2 02:00') })
    expect(await job.told()).toEqual([])
    expect(await job.stand()).toMatchObject({ state: 'NEW', lastStatus: null, dueAt: null })
  })

  it('between the failure and the pause, the snooze and their ends recovers nothing', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('9 02:00') })
    await job.run(at('2 02:00'), 10, { ...failed(), next: at('9 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
    await job.act(`snoozeJob(id: 1, until: "${at('4 00:00')}")`)
    await job.run(at('3 02:00'), 0, prevented())
    job.app.setTime(at('4 00:01'))
    // A snooze that ends tells of a failure that lasts.
    expect(await job.told()).toEqual(['FAILED'])
    await job.act('pauseJob(id: 1)')
    await job.run(at('5 02:00'), 0, prevented())
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual([])
    expect(await job.stand()).toMatchObject({ state: 'FAILED' })
  })
})

describe('after a failure, what a genuine 2.1.0.5 posts', () => {
  const extra = { 'machine-id': '1790f1e02f474eee9420385874024439', 'backup-id': 'DB-2', 'backup-name': 'By hand' }
  const night = '2026-11-29T04:02:00.000Z'

  it.each([
    ['2.1.0.5-script-before-exit-1.json', [], 'FATAL'],
    ['2.1.0.5-script-before-exit-3.json', [], 'FATAL'],
    ['2.1.0.5-script-before-exit-3-text.txt', [], 'FATAL'],
    ['2.1.0.5-dry-run.json', [], 'FATAL'],
    ['2.1.0.5-stopped-after-current-file.json', ['WARNING'], 'WARNING'],
  ])('of a run that is not whole leaves it FAILED: %s', async (file, events, lastStatus) => {
    const job = await watchedJob()
    await job.run(night, 10, { ...failed(), extra })
    expect(await job.told()).toEqual(['FAILED'])
    job.app.setTime('2026-11-30T05:00:00Z')
    const genuine = await fixture(`genuine/${file}`)
    const sent = file.endsWith('.json')
      ? JSON.stringify({ ...JSON.parse(genuine), Extra: { ...JSON.parse(genuine).Extra, ...extra } })
      : genuine
    await posted(job.app, sent)
    expect(await job.told()).toEqual(events)
    expect(await job.stand()).toMatchObject({ state: 'FAILED', lastStatus, lastSuccessAt: null })
    await job.run('2026-12-01T04:02:00.000Z', 10, { extra })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it.each(['2.1.0.5-required-script-fails.json', '2.1.0.5-source-missing.json', '2.1.0.5-source-missing-text.txt'])(
    'of a run that failed, too, for another reason is told: %s',
    async (file) => {
      const job = await watchedJob()
      await job.run(night, 10, { ...failed(), extra })
      job.app.setTime('2026-11-30T05:00:00Z')
      await posted(job.app, await fixture(`genuine/${file}`))
      expect(await job.told()).toEqual(['FAILED', 'FAILED'])
    },
  )
})

describe('a script that prevents a run of 2.0.7 (duplicati #4222, #4418)', () => {
  const aborted = (Message: string) => ({
    ...{ ClassName: 'Duplicati.Library.Interface.OperationAbortException', Message, Data: null, InnerException: null },
    ...{ HelpURL: null, StackTraceString: '   at Duplicati.Library.Main.Controller.RunAction', HResult: -2146233088 },
  })

  it.each([
    ['The script "/s.sh" returned with exit code 1', 'UNKNOWN'],
    ['The script "/s.sh" returned with exit code 3', 'WARNING'],
    ['The script "/s.sh" returned with exit code 5', 'ERROR'],
    ['Das Skript "/5/s3.sh" wurde mit dem Code 1 beendet', 'UNKNOWN'],
    ['', 'ERROR'],
  ])('is no failure of every night: %j', async (message, status) => {
    const job = await watchedJob()
    await laptop(job, at('1 02:10'), oldRun(at('1 02:00')))
    for (const night of [2, 3, 4]) await laptop(job, at(`${night} 02:00`), aborted(message))
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', lastStatus: 'SUCCESS', lastSuccessAt: at('1 02:00') })
    const { backups } = (await succeed(job.app, '{ backups { nodes { status prevented } } }')) as {
      backups: { nodes: object[] }
    }
    expect(backups.nodes.slice(0, 3)).toEqual(Array(3).fill({ status, prevented: true }))
  })

  it('does not end a failure, and with a schedule of a person is overdue', async () => {
    const job = await watchedJob()
    await laptop(job, at('1 02:10'), oldRun(at('1 02:00')))
    await job.act(
      'updateBackupJob(id: 1, input: { schedule: { interval: "1D", timeOfDay: "02:00", timeZone: "UTC" } })',
    )
    await laptop(job, at('2 02:00'), { ClassName: 'System.Exception', Message: 'no' })
    const before = await job.stand()
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
    await laptop(job, at('3 02:00:05'), aborted('The script "/s.sh" returned with exit code 1'))
    expect(await job.stand()).toEqual({ ...before, state: 'LATE' })
    job.app.setTime(at('3 03:01'))
    expect(await job.told()).toEqual(['OVERDUE'])
  })

  it('but a required script that fails is a failure', async () => {
    const job = await watchedJob()
    await laptop(job, at('1 02:00'), {
      ...aborted('The script "/s.sh" returned with exit code 2'),
      ClassName: 'Duplicati.Library.Interface.UserInformationException',
    })
    expect(await job.told()).toEqual(['FAILED'])
  })
})

describe('a run that a person stopped', () => {
  const partial = { data: { PartialBackup: true, ExaminedFiles: 400 } }

  it.each([
    ['is stopped', stopped],
    ['is partial', partial],
    ['is stopped, and warns', { data: { ...stopped.data, ParsedResult: 'Warning', WarningsActualLength: 3 } }],
  ])('meets its due time, and leaves a failure as it is; the next whole run ends it: %s', async (_, changes) => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.run(at('2 02:00'), 10, { ...failed(), next: at('3 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
    await job.run(at('3 02:00'), 5, { ...changes, next: at('4 02:00') })
    expect(await job.told()).toEqual(['WARNING'])
    expect(await job.stand()).toEqual({
      ...{ state: 'FAILED', lastStatus: 'WARNING', lastSuccessAt: at('1 02:00') },
      ...{ dueAt: at('4 02:00'), overdueAt: at('4 03:00') },
    })
    await job.run(at('4 02:00'), 10, { next: at('5 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', lastSuccessAt: at('4 02:00') })
  })

  it('ends being overdue without an all-clear, which the next whole run gives', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('2 04:00'))
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    await job.run(at('2 05:00'), 5, { ...stopped, next: at('3 02:00') })
    expect(await job.told()).toEqual(['WARNING'])
    expect(await job.stand()).toMatchObject({ state: 'WARNING', dueAt: at('3 02:00') })
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('while the job is snoozed is no all-clear when the snooze ends', async () => {
    const job = await watchedJob({ events: ['OVERDUE', 'FAILED', 'RECOVERED'] })
    await job.run(at('1 02:00'), 10, { next: at('9 02:00') })
    await job.run(at('2 02:00'), 10, { ...failed(), next: at('9 02:00') })
    await job.act(`snoozeJob(id: 1, until: "${at('4 00:00')}")`)
    await job.run(at('3 02:00'), 5, { ...stopped, next: at('9 02:00') })
    job.app.setTime(at('4 00:01'))
    expect(await job.told()).toEqual(['FAILED', 'FAILED'])
  })
})

describe('a run that only tries', () => {
  it('does not end a failure, nor being overdue, and is told to nobody', async () => {
    const job = await watchedJob()
    const dry = { data: { Dryrun: true } }
    await job.run(at('1 02:00'), 10, { ...failed(), next: at('2 02:00') })
    const before = await job.stand()
    await job.run(at('1 05:00'), 10, { ...dry, next: at('9 02:00') })
    expect(await job.stand()).toEqual(before)
    job.app.setTime(at('2 04:00'))
    await job.run(at('2 05:00'), 10, dry)
    expect(await job.told()).toEqual(['FAILED', 'OVERDUE'])
    expect(await job.stand()).toEqual({ ...before, state: 'OVERDUE' })
  })
})

describe('a success that saved nothing', () => {
  it('because its source is gone (duplicati #4496) does not end a failure; one with files does', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.run(at('2 02:00'), 10, { ...failed(), next: at('3 02:00') })
    await job.run(at('3 02:00'), 10, { data: { ExaminedFiles: 0, SizeOfExaminedFiles: 0 }, next: at('4 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'FAILED', 'WARNING'])
    expect((await job.stand()).state).not.toBe('OK')
    await job.run(at('4 02:00'), 10, { next: at('5 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })
})

describe('reports that come in another order than the runs took place', () => {
  it('an old success that was long under way ends no failure (duplicati #4418)', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.run(at('3 02:00'), 10, { ...failed(), next: at('4 02:00') })
    const before = await job.stand()
    await job.run(at('2 02:00'), 10, { next: at('3 02:00'), sent: 86_400 + 1200 })
    expect(await job.stand()).toMatchObject({ ...before, lastSuccessAt: at('2 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE', 'FAILED'])
  })

  it('an old failure does not trouble a job that works again', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.run(at('2 02:00'), 10, { next: at('3 02:00') })
    await job.run(at('1 14:00'), 10, { ...failed(), sent: 13 * 3600 })
    expect(await job.told()).toEqual(['SUCCESS', 'SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
  })
})

describe('a job that fails every 15 minutes (healthchecks #1171)', () => {
  async function quarters(job: Job, from: string, hours: number, reason = () => 'System.Exception: no space left') {
    for (let minutes = 0; minutes < hours * 60; minutes += 15) {
      await job.run(later(from, minutes), 1, failed(reason()))
    }
  }

  it.each(['ONCE', 'DAILY', 'WEEKLY'])('is told once in 6 hours, and by the success: %s', async (repeat) => {
    const job = await watchedJob({ repeat })
    await quarters(job, at('1 06:00'), 6)
    expect(await job.told()).toEqual(['FAILED'])
    await job.run(at('1 12:00'), 1)
    expect(await job.told()).toEqual(['RECOVERED'])
    await quarters(job, at('1 12:15'), 1)
    expect(await job.told()).toEqual(['FAILED'])
  })

  it('is told again for another reason, but not for numbers and paths in it that differ', async () => {
    const job = await watchedJob()
    let number = 0
    await quarters(job, at('1 06:00'), 3, () => `System.IO.IOException: no space for /data/${++number}.zip (${number})`)
    await quarters(job, at('1 09:00'), 0.25, () => 'System.Net.WebException: (401) Unauthorized')
    await quarters(job, at('1 09:15'), 3, () => `System.IO.IOException: no space for /data/${++number}.zip (${number})`)
    const news = await job.news()
    expect(news.map(({ event, createdAt }) => [event, createdAt])).toEqual([
      ['FAILED', at('1 06:01:30')],
      ['FAILED', at('1 09:01:30')],
    ])
    expect(news[1]?.message).toMatch(/^System\.Net\.WebException: \(401\) Unauthorized\n/)
  })

  it.each([
    ['ONCE', 3],
    ['DAILY', 3],
    ['WEEKLY', 1],
  ])('for three days is told %s: %i times', async (repeat, times) => {
    const job = await watchedJob({ repeat })
    await quarters(job, at('1 06:00'), 66)
    const news = await job.news()
    expect(news.map(({ event }) => event)).toEqual(Array(times).fill('FAILED'))
    expect(news.map(({ reminder }) => reminder)).toEqual([false, true, true].slice(0, times))
  })

  it('nightly, with a run that takes longer or shorter, is told every night', async () => {
    const job = await watchedJob({ repeat: 'DAILY' })
    for (const [night, minutes] of [10, 25, 5, 18, 3].entries()) {
      await job.run(at(`${night + 1} 02:00`), minutes, failed())
    }
    expect(await job.told()).toEqual(Array(5).fill('FAILED'))
  })

  it('for eight days is told weekly twice', async () => {
    const job = await watchedJob({ repeat: 'WEEKLY' })
    for (let hour = 0; hour < 8 * 24; hour += 6) await job.run(later(at('1 02:00'), hour * 60), 1, failed())
    expect(await job.told()).toEqual(['FAILED', 'FAILED'])
  })
})

describe('a message of a failure', () => {
  const warnings = Array.from(
    { length: 166 },
    (_, number) =>
      `2026-10-01 02:00:00 +00 - [Warning-Duplicati.Library.Main.Operation.FilelistProcessor-MissingFile]: Missing file: ${number}.zip`,
  )
  const thrown = 'Duplicati.Library.Interface.UserInformationException: Found 166 files that are missing, run repair'

  it('says the reason before 166 warnings (duplicati #6683, #3286)', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 1, {
      data: { ParsedResult: 'Fatal', WarningsActualLength: 166, ErrorsActualLength: 1 },
      logLines: warnings,
      exception: `${thrown}\n   at Duplicati.Library.Main.Operation`,
    })
    const [{ message } = { message: '' }] = await job.news()
    expect(message.split('\n').slice(0, 3)).toEqual([
      thrown,
      'Fatal at 2026-10-01 02:00 UTC. Errors: 1, warnings: 166.',
      warnings[0],
    ])
  })

  it('says what an AggregateException is about (duplicati #3895, #4120, duplistatus #29)', async () => {
    const job = await watchedJob()
    await laptop(job, at('1 02:00'), {
      ...{ ClassName: 'System.AggregateException', Message: 'One or more errors occurred.' },
      InnerException: {
        ...{
          ClassName: 'System.Net.WebException',
          Message: 'The remote server returned an error: (401) Unauthorized.',
        },
        ...{ InnerException: null, StackTraceString: '   at y' },
      },
      StackTraceString: '   at x',
    })
    const [{ message } = { message: '' }] = await job.news()
    expect(message).toBe(
      'System.AggregateException: One or more errors occurred. ---> System.Net.WebException: The remote server returned an error: (401) Unauthorized.\nFatal at 2026-10-01 02:00 UTC. Errors: 0, warnings: 0.',
    )
  })

  it('says it too where newer releases write the inner exceptions below the stack', async () => {
    const job = await watchedJob()
    await job.run(
      at('1 02:00'),
      1,
      failed(
        'System.AggregateException: One or more errors occurred. (disk full)\r\n ---> System.IO.IOException: disk full\r\n   at y\r\n   --- End of inner exception stack trace ---\r\n   at x',
      ),
    )
    const [{ message } = { message: '' }] = await job.news()
    expect(message.split('\n')[0]).toBe(
      'System.AggregateException: One or more errors occurred. (disk full) ---> System.IO.IOException: disk full',
    )
  })

  it.each([
    ['bei', 'German'],
    ['в', 'Russian'],
    ['場所', 'Japanese'],
  ])('ends where the stack begins, also where Windows writes it with "%s", in %s (2.0.7)', async (word) => {
    const job = await watchedJob()
    const stack = `   ${word} System.Net.HttpWebRequest.GetResponse()\r\n   ${word} Duplicati.Library.Main.Controller.RunAction[T](T result)`
    await laptop(job, at('1 02:00'), { ClassName: 'System.Net.WebException', Message: 'Weg', StackTraceString: stack })
    expect((await job.news())[0]?.message).toMatch(/^System\.Net\.WebException: Weg\nFatal at /)
  })

  it('puts it where a template wants it, once', async () => {
    const job = await watchedJob()
    await succeed(
      job.app,
      'mutation { setTemplate(event: FAILED, template: { title: "T", message: "{status}: {exception}", priority: HIGH, tags: [] }) { __typename } }',
    )
    await job.run(at('1 02:00'), 1, { ...failed(`${thrown}\n   at x`), logLines: warnings })
    const [{ message } = { message: '' }] = await job.news()
    expect(message).toBe(`Fatal: ${thrown}`)
  })

  it('names the files of a success that could not save three (duplicati #2257)', async () => {
    const job = await watchedJob()
    const line = (path: string) =>
      `2026-10-01 02:00:00 +00 - [Warning-Duplicati.Library.Main.Operation.Backup.FileBlockProcessor.FileEntry-PathProcessingFailed]: Failed to process path: ${path}`
    await job.run(at('1 02:00'), 1, {
      data: { FilesWithError: 3 },
      logLines: ['/a.txt', '/b.txt', '/c.txt'].map(line),
    })
    const [{ event, message } = { event: '', message: '' }] = await job.news()
    expect(event).toBe('FAILED')
    expect(message).toMatch(/^3 files could not be saved: \/a\.txt, \/b\.txt, \/c\.txt\.\nError at /)
    expect(message.match(/could not be saved/g)).toHaveLength(1)
  })

  it.each([
    ['UTC', '2026-10-01 02:00 UTC'],
    ['Europe/Berlin', '2026-10-01 04:00 CEST'],
    ['Asia/Kathmandu', '2026-10-01 07:45 GMT+5:45'],
  ])('names the time zone (duplistatus #15): %s', async (timeZone, time) => {
    const job = await watchedJob()
    await succeed(job.app, `mutation { updateSettings(input: { timeZone: "${timeZone}" }) { settings { timeZone } } }`)
    await job.run(at('1 02:00'), 1, { ...failed(), next: at('2 02:00') })
    expect((await job.news())[0]?.message).toContain(`Fatal at ${time}. `)
  })
})
