// A server whose Duplicati is an emulated one: what both know, and what only Duplicati knows.

import { startApp, type TestApp } from './app.ts'
import { type Emulator, type EmulatorOptions, password, startDuplicati } from './duplicati/emulator.ts'
import { addRun, type EmulatedJob, emulatedJob } from './duplicati/jobs.ts'
import type { Generation } from './duplicati/recorded.ts'
import { report } from './report.ts'

export interface Connected {
  app: TestApp
  duplicati: Emulator
  /** Photos, with a run on the first of August at 02:00 that was reported too. */
  photos: EmulatedJob
}

/** A moment of August 2026, like `2 02:00`. */
export function at(text: string): Date {
  const [day = '', hour = '', minute = ''] = text.split(/[ :]/)
  return new Date(Date.UTC(2026, 7, Number(day), Number(hour), Number(minute)))
}

/** A report of the run of a job that began then, as Duplicati posts it. */
export function reportOf(job: EmulatedJob, beganAt: Date, data: Record<string, unknown> = {}, rest: object = {}) {
  return report({
    data: {
      BeginTime: beganAt.toISOString(),
      EndTime: new Date(beganAt.getTime() + 60_000).toISOString(),
      Duration: '00:01:00',
      ExaminedFiles: 3,
      ...data,
    },
    extra: { 'backup-id': `DB-${job.id}`, 'backup-name': job.name },
    ...rest,
  })
}

/** The Duplicati is running, and not connected yet. */
export async function startBoth(
  generation: Generation = '2.3.0.4',
  options: EmulatorOptions & { environment?: Record<string, string>; file?: string } = {},
): Promise<Connected> {
  const { environment, file, ...emulated } = options
  const duplicati = await startDuplicati(generation, emulated)
  const app = await startApp({
    now: at('1 12:00').toISOString(),
    ...(environment ? { environment } : {}),
    ...(file ? { file } : {}),
  })
  const photos = emulatedJob('1', { name: 'Photos' })
  duplicati.jobs.push(photos)
  addRun(photos, at('1 02:00'))
  if (!file) await app.post(reportOf(photos, at('1 02:00')))
  return { app, duplicati, photos }
}

/** Connects the first server, if nothing else is said. */
export async function connect(
  { app, duplicati }: Pick<Connected, 'app' | 'duplicati'>,
  given: { server?: number; credential?: string; certificateFingerprint?: string | null; url?: string } = {},
) {
  const {
    server = 1,
    credential = `{ password: "${password}" }`,
    certificateFingerprint = null,
    url = duplicati.url,
  } = given
  return app.graphql(`mutation { connectServer(input: {
    server: ${server}, url: "${url}", credential: ${credential}, certificateFingerprint: ${JSON.stringify(certificateFingerprint)}
  }) { server { connection { state url } } } }`)
}

export interface Collection {
  collected: number
  known: number
  busy: string[]
  problem: string | null
}

export async function collect(app: TestApp, server = 1): Promise<Collection> {
  const { data, errors } = (await app.graphql(
    `mutation { collectServer(server: ${server}) { collected known busy problem } }`,
  )) as { data: { collectServer: Collection }; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data.collectServer
}
