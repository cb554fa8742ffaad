// Answers of genuine Duplicati servers, as they were recorded.

import { readFileSync } from 'node:fs'

export type Generation = '2.1.0.5' | '2.3.0.4' | 'next'

export const generations: Generation[] = ['2.1.0.5', '2.3.0.4', 'next']

export interface Recorded<Body> {
  status: number
  headers: Record<string, string>
  body: Body
}

export interface LogRow {
  ID: number
  OperationID: number
  Timestamp: number
  Type: string
  Message: unknown
  Exception: unknown
}

/** @param name of the file, without its ending */
export function recorded<Body = unknown>(generation: Generation, name: string): Recorded<Body> {
  const file = new URL(`../../fixtures/duplicati-api/${generation}/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** All rows that were recorded of one job, newest first. */
export function recordedLog(generation: Generation): LogRow[] {
  const pages = { '2.1.0.5': ['log-page-1'], '2.3.0.4': ['log-page-1', 'log-page-2'], next: ['log'] }[generation]
  return pages.flatMap((page) => recorded<LogRow[]>(generation, page).body)
}
