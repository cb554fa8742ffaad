// Runs of all jobs, and what happens to them.

import { graphql } from 'react-relay'

export const backup = graphql`
  fragment backups_backup on Backup @refetchable(queryName: "backupsBackupRefetchQuery") {
    status
    beganAt
    uploadedSize
  }
`

export const backups = graphql`
  query backupsQuery($status: [BackupStatus!]) {
    backups(first: 50, filter: { status: $status }) @connection(key: "backups_backups") {
      edges {
        node {
          id
          ...backups_backup
        }
      }
    }
  }
`

// A new run comes first in the lists that are open, and its job is shown as it stands now.
export const recorded = graphql`
  subscription backupsRecordedSubscription($connections: [ID!]!) {
    backupRecorded @prependNode(connections: $connections, edgeTypeName: "BackupEdge") {
      ...backups_backup
      job {
        ...jobs_job
      }
    }
  }
`

export const record = graphql`
  mutation backupsRecordMutation($report: JSON!, $connections: [ID!]!) {
    recordReport(report: $report) {
      duplicate
      backup @prependNode(connections: $connections, edgeTypeName: "BackupEdge") {
        ...backups_backup
      }
    }
  }
`

// The run goes from the lists that are open.
export const remove = graphql`
  mutation backupsDeleteMutation($id: ID!, $connections: [ID!]!) {
    deleteBackup(id: $id) {
      deletedBackup {
        id @deleteEdge(connections: $connections)
      }
    }
  }
`
