// One job that is watched as a person would watch it: its runs are posted when they end, and a channel is told of everything.

import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

interface Options {
  /** The database of a server that ran before. */
  file?: string
  /** When the server starts; 1 October, 00:00, if left out. */
  now?: string
  events?: string[]
  repeat?: string
}

interface Run {
  /** The announced next run. */
  next?: string
  /** Seconds from the end of the run to its report. */
  sent?: number
  data?: Record<string, unknown>
  extra?: Record<string, unknown>
  backend?: Record<string, unknown>
  logLines?: string[]
  exception?: string | null
}

export interface Message {
  event: string
  reminder: boolean
  title: string
  message: string
  createdAt: string
}

export interface Stand {
  state: string
  dueAt: string | null
  overdueAt: string | null
  lastStatus: string | null
  lastSuccessAt: string | null
}

const everything = ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED']

/** A moment of October 2026 by its day, which may go on beyond the 31st: `2 02:00`, or `2 02:00:30`. */
export function at(text: string): string {
  const [day = '', hour = '', minute = '', second = '0'] = text.split(/[ :]/)
  return new Date(Date.UTC(2026, 9, Number(day), Number(hour), Number(minute), Number(second))).toISOString()
}

/** As Duplicati writes it in `next-scheduled-run`. */
const stamp = (moment: string) => `${moment.slice(0, 19).replaceAll(/[-:]/g, '')}Z`

export const later = (moment: string, minutes: number) =>
  new Date(new Date(moment).getTime() + minutes * 60_000).toISOString()

/** The channel and its rule are made, unless the database has them already. */
export async function watchedJob({ file, now, events = everything, repeat = 'ONCE' }: Options = {}) {
  const app = await startApp({ now: now ?? at('1 00:00'), ...(file === undefined ? {} : { file }) })
  if (file === undefined) {
    await succeed(
      app,
      `mutation {
        createChannel(input: { name: "Phone", settings: { ntfy: { topic: "t" } } }) { channel { id } }
        setNotificationRule(input: { channel: 1, events: [${events}], repeat: ${repeat} }) { notificationRule { id } }
      }`,
    )
  }
  let heard = file === undefined ? 0 : Number.NaN

  async function messages(): Promise<Message[]> {
    const { notifications } = (await succeed(
      app,
      '{ notifications(first: 100, orderBy: CREATED_AT_ASC) { nodes { event reminder title message createdAt } } }',
    )) as { notifications: { nodes: Message[] } }
    return notifications.nodes
  }
  /** What was told since this was asked last. */
  async function news(): Promise<Message[]> {
    const all = await messages()
    const fresh = all.slice(Number.isNaN(heard) ? 0 : heard)
    heard = all.length
    return fresh
  }
  if (file !== undefined) await news()

  return {
    app,
    news,
    told: async () => (await news()).map(({ event }) => event),
    /** The one job there is. What it remembers must be what its runs add up to. */
    stand: async (): Promise<Stand> => {
      const problems = problemsIn(app.file)
      if (problems.length > 0) throw new Error(problems.join('\n'))
      const { backupJobs } = (await succeed(
        app,
        '{ backupJobs { nodes { state dueAt overdueAt lastStatus lastSuccessAt } } }',
      )) as { backupJobs: { nodes: Stand[] } }
      const [job, ...others] = backupJobs.nodes
      if (!job || others.length > 0) throw new Error(`There are ${backupJobs.nodes.length} jobs`)
      return job
    },
    /** A run, reported when it has ended; the clock stands there then. */
    run: async (began: string, minutes: number, { next, sent = 30, data, extra, ...rest }: Run = {}) => {
      const ended = later(began, minutes)
      app.setTime(later(ended, sent / 60))
      const duration = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
      const days = minutes < 1440 ? '' : `${Math.floor(minutes / 1440)}.`
      const clock = minutes < 1440 ? duration : `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:00`
      const body = report({
        ...rest,
        data: { BeginTime: began, EndTime: ended, Duration: `${days}${clock}:00`, ...data },
        extra: { ...(next === undefined ? {} : { 'next-scheduled-run': stamp(next) }), ...extra },
      })
      return posted(app, body)
    },
    /** A mutation that answers a job. */
    act: (mutation: string) => succeed(app, `mutation { ${mutation} { backupJob { id } } }`),
  }
}

/** Posts a report that must be taken. */
export async function posted(app: TestApp, body: unknown, path = '/api/upload') {
  const { status, body: answer } = await app.rest('POST', path, body)
  if (status !== 200) throw new Error(JSON.stringify(answer))
  return answer as { success: true; backup?: { id: number }; duplicate?: boolean }
}

/** The data of an answer without errors. */
export async function succeed(app: TestApp, query: string): Promise<unknown> {
  const { data, errors } = await app.graphql(query)
  if (errors) throw new Error(`${query}\n${JSON.stringify(errors)}`)
  return data
}

export const failed = (exception = 'System.Exception: no') => ({ data: { ParsedResult: 'Fatal' }, exception })

/** A run that a script before it prevented, as 2.1 posts it. */
export const prevented = (ParsedResult = 'Success') => ({
  data: { ParsedResult, Interrupted: true, ExaminedFiles: 0, SizeOfExaminedFiles: 0, Duration: '00:00:00.0026089' },
  backend: { BytesUploaded: 0, KnownFileSize: 0, BackupListCount: 0 },
})

/** A run that a person stopped when it had saved a part. */
export const stopped = { data: { Interrupted: true, ExaminedFiles: 400 } }
