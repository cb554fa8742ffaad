// Days of many servers, lived through by a real process that is killed again and again, with far ends that fail, hang and cut
// connections: what arrives is what a simulation that knows nothing of all that says should be told, everything once.

import Database from 'better-sqlite3'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { makeChannel, outbox } from '../support/channels.ts'
import { type ClockedProcess, startClockedProcess } from '../support/clockedProcess.ts'
import { newPlace } from '../support/folders.ts'
import type { HttpReceiver, Reaction } from '../support/httpReceiver.ts'
import { type Deed, listeners, type Run, simulate } from '../support/jobSimulation.ts'
import { type NtfyServer, startNtfyServer } from '../support/ntfyServer.ts'
import { randomNumbers } from '../support/random.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhookReceiver.ts'

const soak = Boolean(process.env.SOAK)
const size = {
  servers: Number(process.env.SERVERS ?? (soak ? 50 : 2)),
  jobs: Number(process.env.JOBS ?? (soak ? 4 : 2)),
  days: Number(process.env.DAYS ?? (soak ? 30 : 3)),
  kills: Number(process.env.KILLS ?? (soak ? 200 : 5)),
}
const seed = Number(process.env.SEED ?? 11)

const startAt = new Date('2026-08-01T00:00:00.000Z')
const hour = 60
const day = 24 * hour
const timeOf = (minute: number) => new Date(startAt.getTime() + minute * 60_000)
const minuteOf = (ms: number) => (ms - startAt.getTime()) / 60_000

it('tells everything once', async () => {
  const random = randomNumbers(seed)
  const chance = (probability: number) => random() < probability
  const file = newPlace()
  const channels = await startChannels(file)
  const nights = darkNights(random)
  const reports = planned(random).filter(({ minute }) => !nights.some(({ from, to }) => minute > from && minute < to))
  const outages = darkNights(random)
  const acts = plannedActs(random)
  const absences = new Map<number, number>()
  const looks: number[] = []
  const lastMinute = size.days * day
  const killProbability = size.kills / (size.days * 24)

  let clock = 0
  let asleepUntil = 0
  const running: { server: ClockedProcess | null } = { server: null }
  let kills = 0
  // How much each channel had accepted at each start.
  const starts: number[][] = []
  const lost: PlannedReport[] = []
  const done: PlannedAct[] = []

  /** Does it until it is done, by however many processes. */
  async function survive(work: (server: ClockedProcess) => Promise<void>) {
    for (;;) {
      try {
        if (!running.server) {
          running.server = await startClockedProcess(
            file,
            timeOf(clock),
            kills > 0 && chance(0.2) ? random() * 400 : null,
          )
          const absence = absenceIn(file)
          if (absence) absences.set(absence.until, absence.until - absence.from)
        }
        await work(running.server)
        return
      } catch (error) {
        if (!/ended|fetch failed|terminated|other side closed/.test(String(error))) throw error
        await running.server?.exited
        running.server = null
        kills += 1
        starts.push(channels.map(({ accepted }) => accepted().length))
      }
    }
  }

  async function look(minute: number) {
    clock = minute
    looks.push(minute)
    await survive((server) => server.reach(timeOf(minute), true))
  }

  // Nothing is due in the minutes in which something is done: it does not matter who is first.
  for (let slot = 0; slot < lastMinute; slot += 5) {
    const posted = reports.filter(({ minute }) => minute === slot + 2)
    const acting = acts.filter(({ minute }) => minute === slot + 3)
    const isHour = slot % hour === 0
    // The server itself is down, and what is posted meanwhile is lost.
    if (outages.some(({ from, to }) => slot > from && slot < to) && slot < lastMinute - 12 * hour) {
      running.server?.kill()
      await running.server?.exited
      running.server = null
      lost.push(...posted)
      continue
    }
    if (posted.length === 0 && acting.length === 0 && !isHour) continue
    // Nothing is given up here: the last hours are calm, no outage lasts for more than six, and none follows on another.
    const isCalm = slot > lastMinute - 12 * hour
    const mayBeOut = Math.floor(slot / (6 * hour)) % 2 === 0
    if (slot % (6 * hour) === 0) for (const { receiver } of channels) receiver.always(null)
    if (isHour && !isCalm) for (const channel of channels) disturb(channel, mayBeOut, random)
    if (soak && slot % day === 0) console.info(`day ${slot / day} of ${size.days}, ${kills} deaths`)
    if (isHour && !isCalm && chance(killProbability)) {
      const victim = running.server
      setTimeout(() => victim?.kill(), random() * 80)
    }
    // Nobody looks for some hours, unless a report comes.
    if (isHour && !isCalm && chance(0.02)) asleepUntil = slot + Math.ceil(random() * 40) * hour
    if (posted.length === 0 && acting.length === 0 && slot < asleepUntil) continue
    await look(slot + 1)
    if (posted.length > 0) {
      clock = slot + 2
      await survive(async (server) => {
        await server.reach(timeOf(clock), false)
        await Promise.all(posted.map((one) => post(server, one)))
      })
    }
    const known = jobsIn(file)
    const possible = acting.filter(({ job }) => known.has(nameOf(job)))
    if (possible.length === 0) continue
    clock = slot + 3
    await survive(async (server) => {
      await server.reach(timeOf(clock), false)
      await Promise.all(possible.map(({ job, deed }) => act(server, known.get(nameOf(job)) as number, deed, clock)))
    })
    done.push(...possible)
  }
  for (let minute = lastMinute + 1; isUnderWay(file); minute += 5) {
    await look(minute)
    // However long it takes to send what is there: a far end that hangs takes real time, of which the clock knows nothing.
    do await new Promise((resolve) => setTimeout(resolve, 50))
    while (isBusy(file, minute))
    // The longest wait between two tries is half a day.
    expect(minute).toBeLessThan(lastMinute + day)
  }
  running.server?.kill()
  await running.server?.exited

  // What the server was told of each job, in that order.
  const told = new Map<number, PlannedReport[]>()
  const jobs = Array.from({ length: size.servers * size.jobs }, (_, job) => {
    const deeds = new Map<number, Deed>(looks.map((minute) => [minute, { do: 'look' }]))
    for (const one of reports.toSorted((a, b) => a.minute - b.minute)) {
      if (one.job !== job || one.minute >= lastMinute || lost.includes(one)) continue
      const { minute, run, began, announced, reason } = one
      const unusual = isUnusual(one, told.get(job) ?? [])
      told.set(job, [...(told.get(job) ?? []), one])
      const announcedIn = announced === null ? null : announced - minute
      deeds.set(minute, {
        do: 'report',
        run,
        beganAgo: minute - began,
        took: minute - began,
        announcedIn,
        reason,
        unusual,
      })
    }
    for (const { minute, deed } of done.filter((one) => one.job === job)) deeds.set(minute, deed)
    return simulate(startAt, (looks.at(-1) ?? 0) + 1, deeds, absences)
  })
  expect(transitionsOf(file)).toEqual(
    jobs
      .flatMap(({ transitions }, job) =>
        transitions.map((line) => `${nameOf(job)}: ${line.replace('SCHEDULE', 'PAUSE')}`),
      )
      .sort(),
  )
  const rows = outbox(file)
  for (const [index, { id, listener, accepted }] of channels.entries()) {
    const told = jobs.flatMap(({ told }, job) =>
      (told[listener] ?? []).map((line) => `${nameOf(job)}: ${line.replace(' again', '')}`),
    )
    const keys = accepted()
    const once = [...new Set(keys)]
    const own = rows.filter(({ channelId }) => channelId === id)
    expect(once.flatMap((key) => linesOf(own, key)).sort()).toEqual(told.sort())
    // Those of a job in their order; and again only what was on its way when the process died.
    for (const job of new Set(own.map(({ job }) => job))) {
      const ofJob = new Set(own.filter((row) => row.job === job).map(({ key }) => key))
      // In the order in which it got into them, which is not always that of the messages.
      const inOrder = own.filter((row) => row.job === job).sort((one, other) => one.createdAt - other.createdAt)
      expect(once.filter((key) => ofJob.has(key))).toEqual([...new Set(inOrder.map(({ key }) => key))])
    }
    for (const [at, key] of keys.entries()) {
      if (keys.indexOf(key) === at) continue
      expect(keys[at - 1]).toBe(key)
      expect(starts.map((lengths) => lengths[index])).toContain(at)
    }
  }
  const sent = channels.map(({ accepted }) => accepted().length)
  const again = channels.map(({ accepted }) => accepted().length - new Set(accepted()).size)
  const tries = channels.map(({ receiver }) => receiver.requests.length)
  console.info(
    `${jobs.length} jobs, ${size.days} days, ${reports.length} reports, ${looks.length} looks, ${kills} deaths; ` +
      `accepted ${sent}, of these again ${again}, requests ${tries}`,
  )
  expect(kills).toBeGreaterThan(0)
}, 7_200_000)

interface PlannedReport {
  job: number
  minute: number
  began: number
  run: Run
  announced: number | null
  reason: string | null
  /** How many files it found changed. */
  files: number
}

/** What a person does. */
interface PlannedAct {
  job: number
  minute: number
  deed: Deed & { do: 'snooze' | 'unsnooze' | 'pause' | 'resume' | 'watchSuccess' }
}

/**
 * A run a day for each job: most of them on time, some late, some by hand, some failing again and again, some stopped or prevented,
 * some of a day and a half, some never.
 */
function planned(random: () => number): PlannedReport[] {
  const reports: PlannedReport[] = []
  for (let job = 0; job < size.servers * size.jobs; job++) {
    const hourOfDay = Math.floor(random() * 288) * 5
    const isWeak = random() < 0.2
    let manyFiles = 1000
    for (let today = 0; today < size.days; today++) {
      if (random() < (isWeak ? 0.4 : 0.05)) continue
      const late = random() < 0.15 ? Math.floor(random() * 48) * 5 : 0
      const began = today * day + hourOfDay + late + 2
      const isLong = random() < 0.04
      const minute = began + (isLong ? 20 * hour + Math.floor(random() * 240) * 5 : 5 + Math.floor(random() * 5) * 5)
      const roll = random()
      const run = outcomes.find(([share]) => roll < share)?.[1] ?? 'SUCCESS'
      const reason = reasons[Math.floor(random() * reasons.length)] ?? null
      const next = (today + 1) * day + hourOfDay
      // Duplicati reckons it when the run is queued.
      const announced = isLong || next > minute ? next : next + day
      // Each time far more than ever before.
      const isMany = random() < 0.1
      if (isMany) manyFiles *= 4
      reports.push({ job, minute, began, run, announced, reason, files: isMany ? manyFiles : 3 })
      if (random() < 0.1) {
        const byHand = { minute: minute + 60, began: minute + 50, announced: null, reason: null, files: 3 }
        reports.push({ job, run: 'SUCCESS', ...byHand })
      }
      // It is tried again and again.
      if (run === 'FAILED' && random() < 0.3) {
        for (let again = minute + 15; again < minute + 3 * hour; again += 15) {
          reports.push({ job, minute: again, began: again - 5, run, announced, reason, files: 3 })
        }
      }
    }
  }
  // A job has one report at a time.
  const taken = new Set<string>()
  return reports.filter(({ job, minute, began }) => {
    const isFree = !taken.has(`${job} ${minute}`) && !taken.has(`${job} ${began} began`)
    taken.add(`${job} ${minute}`).add(`${job} ${began} began`)
    return isFree && minute < size.days * day
  })
}

/** Whether the run changes more files than any before it, of a job that has ten runs over a week. */
function isUnusual(run: PlannedReport, before: PlannedReport[]): boolean {
  const canBeCompared = (one: PlannedReport) =>
    one.run !== 'STOPPED' && one.run !== 'PREVENTED' && !(one.run === 'FAILED' && one.reason !== null)
  const earlier = before.filter((one) => one.began < run.began && canBeCompared(one))
  const first = Math.min(...earlier.map(({ began }) => began))
  const most = Math.max(...earlier.map(({ files }) => files))
  return (
    canBeCompared(run) &&
    run.files > 1000 &&
    earlier.length >= 10 &&
    run.began - first >= 7 * day &&
    run.files > 2 * most
  )
}

/** How runs end, by their share up to there; the rest succeed. */
const outcomes = [
  [0.15, 'FAILED'],
  [0.25, 'WARNING'],
  [0.32, 'STOPPED'],
  [0.36, 'UNKNOWN'],
  [0.4, 'PREVENTED'],
] as const

const reasons = ['The disk is full', 'The disk is full', 'Access is denied', null]

/** Some nights and days in which the whole house is dark. */
function darkNights(random: () => number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(size.days / 8) }, () => {
    const from = random() * size.days * day
    return { from, to: from + random() * 40 * hour }
  })
}

/** Snoozes and pauses, most of which end in some days. The first job is not silenced: it is to have a success every day. */
function plannedActs(random: () => number): PlannedAct[] {
  const acts = new Map<string, PlannedAct>()
  const plan = (job: number, at: number, deed: PlannedAct['deed']) => {
    const minute = Math.floor(at / 5) * 5 + 3
    if (minute < size.days * day - 12 * hour) acts.set(`${job} ${minute}`, { job, minute, deed })
  }
  // Between two looks, so that it is told in the next one.
  plan(0, 20 * hour, { do: 'watchSuccess', minutes: day + 1.5 })
  for (let job = 1; job < size.servers * size.jobs; job++) {
    for (let today = 0; today < size.days; today++) {
      const at = (today + random()) * day
      const roll = random()
      if (roll < 0.1) {
        plan(job, at, { do: 'pause' })
        plan(job, at + random() * 2 * day, { do: 'resume' })
      } else if (roll < 0.25) {
        plan(job, at, { do: 'snooze', minutes: 5 * Math.ceil(random() * 400) })
        if (random() < 0.3) plan(job, at + random() * day, { do: 'unsnooze' })
      }
    }
  }
  return [...acts.values()]
}

async function act(server: ClockedProcess, id: number, deed: PlannedAct['deed'], minute: number) {
  if (deed.do === 'watchSuccess') return watchSuccess(server, id, deed.minutes / day)
  const until = deed.do === 'snooze' ? `, until: "${timeOf(minute + deed.minutes).toISOString()}"` : ''
  const name = { snooze: 'snoozeJob', unsnooze: 'snoozeJob', pause: 'pauseJob', resume: 'resumeJob' }[deed.do]
  const response = await fetch(`${server.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `mutation { ${name}(id: ${id}${until}) { backupJob { id } } }` }),
  })
  expect(await response.json()).toEqual({ data: { [name]: { backupJob: { id: `BackupJob:${id}` } } } })
}

async function watchSuccess(server: ClockedProcess, id: number, days: number) {
  const response = await fetch(`${server.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation { setUnusualRule(input: { kind: NO_SUCCESS, job: ${id}, threshold: ${days} }) { unusualRule { threshold } } }`,
    }),
  })
  expect(await response.json()).toEqual({ data: { setUnusualRule: { unusualRule: { threshold: days } } } })
}

async function post(server: ClockedProcess, { job, minute, began, run, announced, reason, files }: PlannedReport) {
  const stamp = (at: number) => timeOf(at).toISOString()
  const body = report({
    data: {
      BeginTime: stamp(began),
      EndTime: stamp(minute),
      Duration: `${Math.floor((minute - began) / day)}.${stamp(minute - began).slice(11, 19)}`,
      ParsedResult: { WARNING: 'Warning', FAILED: 'Error', UNKNOWN: 'Unknown' }[run as string] ?? 'Success',
      ModifiedFiles: files,
      Interrupted: run === 'STOPPED',
      // A run that was prevented counts as little as one that only pretends.
      Dryrun: run === 'PREVENTED',
    },
    exception: run === 'FAILED' ? reason : null,
    extra: {
      'machine-id': `machine-${Math.floor(job / size.jobs)}`,
      'machine-name': `server-${Math.floor(job / size.jobs)}`,
      'backup-id': `DB-${job}`,
      'backup-name': nameOf(job),
      'next-scheduled-run': announced && `${stamp(announced).slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
    },
  })
  const response = await fetch(`${server.address}/api/upload`, { method: 'POST', body: JSON.stringify(body) })
  expect(response.status).toBe(200)
}

const nameOf = (job: number) => `job-${job}`

interface Listening {
  receiver: HttpReceiver
  /** The keys of what it accepted, in that order. */
  accepted(): string[]
}

async function startChannels(file: string) {
  await (
    await createApp(readConfig({ DATABASE_URL: `file:${file}` }), pino({ level: 'silent' }), () => startAt)
  ).close()
  const channel = async (kind: string, listener: number, receiver: NtfyServer | WebhookReceiver) => ({
    id: await makeChannel(file, kind, receiver.settings, wanted(listener)),
    listener,
    receiver,
    accepted: () => receiver.received.map(({ key }) => String(key)),
  })
  return [
    await channel('WEBHOOK', 0, await startWebhookReceiver()),
    await channel('WEBHOOK', 1, await startWebhookReceiver()),
    await channel('NTFY', 2, await startNtfyServer()),
  ]
}

function wanted(listener: number) {
  const { events, repeat } = listeners[listener] as (typeof listeners)[number]
  return { events, repeat }
}

/** What the next requests of an hour come to, now and then. */
function disturb({ receiver, accepted }: Listening, mayBeOut: boolean, random: () => number) {
  const roll = random()
  if (roll < 0.03 && mayBeOut) receiver.always({ status: 503 })
  const reactions: Reaction[] = [
    { status: 500 },
    { status: 429, headers: { 'retry-after': '600' } },
    'DROP_UNREAD',
    'DROP_READ',
    // Until the server has had enough of it, which takes a quarter of a minute: a day of the long test.
    ...(soak && roll > 0.99 ? (['HANG'] as const) : []),
  ]
  // What waits for requests must not become a long row of failures of one message: it is tried ever more seldom, so that
  // there would be something for each of its tries.
  if (roll > 0.7 && disturbed.get(receiver) !== accepted().length) {
    disturbed.set(receiver, accepted().length)
    receiver.next(reactions[Math.floor(random() * reactions.length)] as Reaction)
  }
}

/** How much each had accepted when it was last disturbed. */
const disturbed = new Map<HttpReceiver, number>()

function isUnderWay(file: string): boolean {
  return outbox(file).some(({ status }) => status === 'PENDING' || status === 'SENDING')
}

/** Whether something is being sent, or could be. */
function isBusy(file: string, minute: number): boolean {
  return outbox(file).some(
    ({ status, nextAttemptAt }) =>
      status === 'SENDING' ||
      (status === 'PENDING' && nextAttemptAt !== null && new Date(nextAttemptAt) <= timeOf(minute)),
  )
}

/** What the message says, a line for each job that it is about. */
function linesOf(rows: { key: string; event: string; job: string; createdAt: number }[], key: string): string[] {
  const lines = rows
    .filter((one) => one.key === key)
    .map((row) => `${row.job}: ${minuteOf(row.createdAt)} ${row.event}`)
  return lines.length > 0 ? lines : [`nobody knows ${key}`]
}

/** The absence that the server remembers, in minutes. */
function absenceIn(file: string): { from: number; until: number } | null {
  const row = readRows<{ from: number | null; until: number | null }>(
    file,
    'SELECT away_from AS "from", away_until AS until FROM settings',
  )[0]
  return row?.from && row.until ? { from: minuteOf(row.from), until: minuteOf(row.until) } : null
}

/** The numbers of the jobs that are there, by name. */
function jobsIn(file: string): Map<string, number> {
  const rows = readRows<{ id: number; name: string }>(file, 'SELECT id, name FROM backup_jobs')
  return new Map(rows.map(({ id, name }) => [name, id]))
}

function readRows<Row>(file: string, sql: string): Row[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare<[], Row>(sql).all()
  } finally {
    database.close()
  }
}

function transitionsOf(file: string): string[] {
  return readRows<{ job: string; from: string; to: string; at: number; why: string }>(
    file,
    'SELECT j.name AS job, from_state AS "from", to_state AS "to", at, why FROM transitions t JOIN backup_jobs j ON j.id = t.job_id',
  )
    .map(({ job, from, to, at, why }) => `${job}: ${minuteOf(at)} ${from} ${to} ${why}`)
    .sort()
}
