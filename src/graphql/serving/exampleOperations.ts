// What GraphiQL opens at the first visit: a tab for each, named after its operation. The comments are as narrow as the editor
// is on a laptop.

export const exampleOperations = [
  `# Welcome to duplistatus! Each tab is an example:
# press play to run it, then change it.
# Ctrl-Space completes. The book on the left
# opens the documentation of every field.

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
        dueAt
        versions
        storedSize
      }
    }
  }
}
`,
  `# Which jobs need attention, and why?
query Trouble {
  backupJobs(
    filter: { state: [OVERDUE, LATE, FAILED, WARNING] }
  ) {
    totalCount
    nodes {
      name
      state
      dueAt
      server {
        displayName
      }
      latestBackup {
        warnings
        errors
        exception
        remarks {
          message
        }
        logLines(level: [ERROR, WARNING], first: 5) {
          nodes {
            text
          }
        }
      }
    }
  }
}
`,
  `# The last runs of everything. The next page is
# backups(first: 10, after: "<the endCursor>").
query History {
  backups(first: 10) {
    nodes {
      id
      status
      beganAt
      durationSeconds
      sourceSize
      uploadedSize
      job {
        name
      }
      server {
        displayName
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# Give a server a name of your own. What is left
# out stays as it is; null clears it.
mutation Rename {
  updateServer(
    id: "Server:1"
    input: { alias: "My server", notes: "In the basement" }
  ) {
    server {
      id
      displayName
      notes
      updatedAt
    }
  }
}
`,
  `# Be told: a channel, and what it is told. Take a
# topic that nobody guesses, and subscribe to it in
# the ntfy app. Then run
# testNotification(channel: "Channel:1").
mutation TellMe {
  createChannel(
    input: {
      name: "My phone"
      settings: { ntfy: { topic: "a-topic-of-mine" } }
    }
  ) {
    channel {
      id
    }
  }
  setNotificationRule(
    input: {
      channel: "Channel:1"
      events: [OVERDUE, FAILED, RECOVERED]
      repeat: DAILY
    }
  ) {
    notificationRule {
      events
      repeat
    }
  }
}
`,
  `# What became of the jobs, and what was told of it?
query WhatHappened {
  transitions(first: 10) {
    nodes {
      from
      to
      at
      reason
      job {
        name
      }
    }
  }
  notifications(first: 10) {
    nodes {
      title
      status
      answer
      channel {
        name
      }
    }
  }
}
`,
  `# Every run appears here when it is reported,
# until you press the button again.
subscription NewRuns {
  backupRecorded {
    id
    status
    beganAt
    durationSeconds
    job {
      name
    }
    server {
      displayName
    }
  }
}
`,
]
