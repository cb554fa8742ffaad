// What GraphiQL shows in its first tab.

export const exampleOperations = `# Welcome to duplistatus.
# Press play and choose one of these operations.
# Ctrl-Space completes; the book opens the documentation.

# How is everything?
query Dashboard {
  summary {
    totalServers
    totalBackupJobs
    totalBackups
    overdueJobs
    lastBackupAt
  }
  servers {
    nodes {
      id
      displayName
      state
      lastSeen
      jobs {
        name
        state
        lastStatus
        dueAt
        versions
        storedSize
        latestBackup {
          beganAt
          durationSeconds
        }
      }
    }
  }
}

# Which jobs need attention?
query Trouble {
  backupJobs(filter: { state: [OVERDUE, LATE, FAILED, WARNING] }) {
    totalCount
    nodes {
      name
      state
      lastStatus
      dueAt
      server {
        displayName
      }
      latestBackup {
        warnings
        errors
        exception
        logLines(level: [ERROR, WARNING], first: 5) {
          nodes {
            text
          }
        }
      }
    }
  }
}

# The last runs of everything
query History {
  backups(first: 10) {
    nodes {
      id
      status
      beganAt
      durationSeconds
      sourceSize
      uploadedSize
      storedSize
      versions
      job {
        name
        server {
          displayName
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

# Give a server a name of your own
mutation Rename {
  updateServer(id: "Server:1", input: { alias: "My server", notes: "In the basement" }) {
    server {
      id
      displayName
      notes
      updatedAt
    }
  }
}
`
