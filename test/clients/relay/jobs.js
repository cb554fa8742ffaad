// A job with its runs, which are read in both directions.

import { graphql } from 'react-relay'

export const job = graphql`
  fragment jobs_job on BackupJob @refetchable(queryName: "jobsJobRefetchQuery") {
    displayName
    state
    latestBackup {
      id
      ...backups_backup
    }
  }
`

export const runs = graphql`
  fragment jobs_runs on BackupJob
  @refetchable(queryName: "jobsRunsPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    filter: { type: "BackupFilter" }
  ) {
    backups(first: $first, after: $after, last: $last, before: $before, filter: $filter)
      @connection(key: "jobs_backups", filters: ["filter"]) {
      edges {
        node {
          id
          ...backups_backup
        }
      }
    }
  }
`

export const jobQuery = graphql`
  query jobsQuery($id: ID!) {
    node(id: $id) {
      ...jobs_job @alias(as: "job")
      ...jobs_runs @arguments(first: 20) @alias(as: "runs")
    }
  }
`
