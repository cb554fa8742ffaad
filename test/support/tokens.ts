// An app that demands tokens, and tokens of every kind.

import Database from 'better-sqlite3'
import { startApp, type TestApp } from './app.ts'
import { report } from './report.ts'

export interface GuardedApp extends TestApp {
  /** A token of the scope ADMIN. */
  admin: string
  /** The answer to a request that holds a token, in the header. */
  as(token: string | null, path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>
  /** The answer to a query of somebody who holds a token. */
  ask(token: string | null, query: string, variables?: object): Promise<{ status: number; body: unknown }>
  /** Makes a token, and returns it. */
  newToken(input: { scope: string; name?: string; server?: string; expiresAt?: string }): Promise<string>
}

/** Starts an app that others can reach, with one report in it: that of Server:1, which is machine-1. */
export async function startGuarded(options: Parameters<typeof startApp>[0] = {}): Promise<GuardedApp> {
  const app = await startApp({ ...options, environment: { HOST: '0.0.0.0', ...options.environment } })
  const admin = app.firstToken ?? ''
  const as: GuardedApp['as'] = async (token, path, init = {}) => {
    const headers = new Headers(init.headers)
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    const response = await app.fetch(path, { ...init, headers })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: isJson ? JSON.parse(text) : text }
  }
  const ask: GuardedApp['ask'] = (token, query, variables = {}) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    return as(token, '/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  }
  const newToken: GuardedApp['newToken'] = async (input) => {
    const mutation = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }'
    const { body } = await ask(admin, mutation, { input: { name: 'test', ...input } })
    return (body as { data: { createToken: { secret: string } } }).data.createToken.secret
  }
  await as(admin, '/api/upload', { method: 'POST', body: JSON.stringify(report()) })
  return { ...app, admin, as, ask, newToken }
}

/** Makes the database one that was taken over: clients of older releases are let in without a token. */
export function asTakenOver(file: string): void {
  const database = new Database(file)
  database.exec('UPDATE access SET require_token = 0')
  database.close()
}
