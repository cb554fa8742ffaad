// This server itself was away when a report came (as in uptime-kuma #4085): the report is lost, and nobody is to be woken for that.

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { report } from '../support/report.ts'
import { at, watchedJob } from './watchedJob.ts'

/** A server with a job that is due on the 2nd at 02:00; then it is away. */
async function away(
  from: string,
  until: string,
  before: (job: Awaited<ReturnType<typeof watchedJob>>) => unknown = () => {},
) {
  const first = await watchedJob()
  await first.run(at('1 02:00'), 10, { next: at('2 02:00') })
  await before(first)
  first.app.setTime(from)
  await first.told()
  await first.app.close()
  return watchedJob({ file: first.app.file, now: until })
}

it('over the due time for 8 hours: it waits for another hour, and then says that it was away', async () => {
  const job = await away(at('2 01:00'), at('2 09:00'))
  expect(await job.stand()).toMatchObject({ state: 'LATE', dueAt: at('2 02:00'), overdueAt: at('2 10:00') })
  job.app.setTime(at('2 10:00'))
  expect(await job.told()).toEqual([])
  job.app.setTime(at('2 10:00:01'))
  const news = await job.news()
  expect(news).toMatchObject([{ event: 'OVERDUE' }])
  expect(news[0]?.message).toContain(
    'This server was not running from 2026-10-02 01:00 UTC to 2026-10-02 09:00 UTC: a report that was sent then is lost.',
  )
})

it('over the due time for 8 hours, and the job is run again within the hour: nobody hears of it', async () => {
  const job = await away(at('2 01:00'), at('2 09:00'))
  await job.run(at('2 09:30'), 10)
  expect(await job.told()).toEqual(['SUCCESS'])
  expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00'), overdueAt: at('3 03:00') })
})

it('for half an hour, which is less than the tolerance: the job is overdue when it would be, and it is said', async () => {
  const job = await away(at('2 01:50'), at('2 02:20'))
  expect(await job.stand()).toMatchObject({ state: 'LATE', overdueAt: at('2 03:00') })
  job.app.setTime(at('2 03:01'))
  const news = await job.news()
  expect(news).toMatchObject([{ event: 'OVERDUE' }])
  expect(news[0]?.message).toContain('This server was not running from 2026-10-02 01:50 UTC to 2026-10-02 02:20 UTC')
})

it('before the job was due: that is no excuse, and is not said', async () => {
  const job = await away(at('1 12:00'), at('2 01:59'))
  job.app.setTime(at('2 03:01'))
  const news = await job.news()
  expect(news).toMatchObject([{ event: 'OVERDUE', createdAt: at('2 03:01') }])
  expect(news[0]?.message).not.toContain('This server')
})

it('after the job was overdue, and that was told: it stays so, and is not told anew', async () => {
  const job = await away(at('2 05:00'), at('2 20:00'))
  expect(await job.stand()).toMatchObject({ state: 'OVERDUE', overdueAt: at('2 03:00') })
  job.app.setTime(at('2 23:00'))
  expect(await job.told()).toEqual([])
  await job.run(at('2 23:10'), 10)
  expect(await job.told()).toEqual(['RECOVERED'])
})

it('for two nights: both may have run, so that the next one is waited for no longer than an hour', async () => {
  const job = await away(at('1 20:00'), at('3 09:00'))
  job.app.setTime(at('3 09:59'))
  expect(await job.told()).toEqual([])
  job.app.setTime(at('3 10:01'))
  const news = await job.news()
  expect(news).toMatchObject([{ event: 'OVERDUE' }])
  expect(news[0]?.message).toContain('This server was not running from 2026-10-01 20:00 UTC to 2026-10-03 09:00 UTC')
})

it('twice, the second time for a moment, as for an upgrade: what the first did is not forgotten', async () => {
  const second = await away(at('2 01:00'), at('2 09:00'))
  second.app.setTime(at('2 09:10'))
  await second.app.close()
  const job = await watchedJob({ file: second.app.file, now: at('2 09:15') })
  expect(await job.stand()).toMatchObject({ state: 'LATE', overdueAt: at('2 10:00') })
  job.app.setTime(at('2 10:01'))
  expect((await job.news())[0]?.message).toContain('from 2026-10-02 01:00 UTC to 2026-10-02 09:00 UTC')
})

it('over the due time of a job with a schedule of a person, likewise', async () => {
  const job = await away(at('2 01:00'), at('2 09:00'), ({ act }) =>
    act('updateBackupJob(id: 1, input: { schedule: { interval: "1D", timeOfDay: "03:00", timeZone: "UTC" } })'),
  )
  expect(await job.stand()).toMatchObject({ state: 'LATE', dueAt: at('2 03:00'), overdueAt: at('2 10:00') })
})

it('over the due time of a paused job: nothing is expected of it', async () => {
  const job = await away(at('2 01:00'), at('2 09:00'), ({ act }) => act('pauseJob(id: 1)'))
  job.app.setTime(at('2 12:00'))
  await job.act('resumeJob(id: 1)')
  expect(await job.told()).toEqual([])
  expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
})

it('for a minute and a half, as for a restart: that is nothing to speak of', async () => {
  const job = await away(at('2 02:00'), at('2 02:01:30'))
  job.app.setTime(at('2 03:01'))
  expect((await job.news())[0]?.message).not.toContain('This server')
})

it('twice, the second time over the hour that the first one gave: it waits for another hour, so that nobody is woken', async () => {
  const second = await away(at('2 01:00'), at('2 09:00'))
  second.app.setTime(at('2 09:30'))
  await second.app.close()
  const job = await watchedJob({ file: second.app.file, now: at('2 11:00') })
  expect(await job.told()).toEqual([])
  expect(await job.stand()).toMatchObject({ state: 'LATE', overdueAt: at('2 12:00') })
  job.app.setTime(at('2 12:01'))
  expect((await job.news())[0]?.message).toContain('This server was not running from ')
})

it('asleep with its machine over the due time: as if it had been stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const config = readConfig({ DATABASE_URL: `file:${join(folder, 'backups.db')}` })
  let now = new Date(at('1 02:10'))
  const app = await createApp(config, createLogger('silent', { write: () => {} }), () => now)
  onTestFinished(() => app.close())
  const ask = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const request = new Request(`http://localhost${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await app.fetch(request, { address: '127.0.0.1', host: 'localhost' })).json()
  }
  await ask(
    '/api/upload',
    report({ data: { BeginTime: at('1 02:00') }, extra: { 'next-scheduled-run': '20261002T020000Z' } }),
  )
  now = new Date(at('2 01:00'))
  await app.notePresence(now)

  now = new Date(at('2 09:00'))
  app.watchTheClock()
  const state = async () =>
    (await ask('/graphql', { query: '{ backupJob(id: 1) { state overdueAt } }' })).data.backupJob
  await expect.poll(state).toEqual({ state: 'LATE', overdueAt: at('2 10:00') })
})
