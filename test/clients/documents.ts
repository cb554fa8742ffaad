// What the frontends of these tests ask for, and the reports that come meanwhile.

import { graphql } from '../generated/gql.ts'
import { report } from '../support/report.ts'

export const servers = graphql(`
  query Servers {
    servers(first: 20) { edges { node { id name displayName } } }
  }
`)

export const server = graphql(`
  query Server($id: ID!) {
    node(id: $id) { ... on Server { id displayName } }
  }
`)

export const renameServer = graphql(`
  mutation RenameServer($id: ID!, $alias: String) {
    updateServer(id: $id, input: { alias: $alias }) { server { id displayName } }
  }
`)

export const backups = graphql(`
  query Backups($after: String) {
    backups(first: 3, after: $after) {
      edges { cursor node { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)

export const backupJob = graphql(`
  query BackupJob($id: ID!) {
    node(id: $id) { ... on BackupJob { id totals { runs } latestBackup { id } } }
  }
`)

export const backupRecorded = graphql(`
  subscription BackupRecorded {
    backupRecorded { id job { id totals { runs } latestBackup { id } } }
  }
`)

/** The report of a run on a day of March 2024. */
export const runOf = (day: number) => report({ data: { BeginTime: new Date(Date.UTC(2024, 2, day)).toISOString() } })
