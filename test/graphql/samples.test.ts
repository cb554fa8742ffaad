// Reports as Duplicati sends them, stored and read back field by field.

import { expect, it } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { fixture, startApp, type TestApp } from '../support/app.ts'

const everything = graphql(`
  query Everything($id: ID!) {
    node(id: $id) {
      ... on Backup {
        id databaseId legacyId status reportedResult beganAt endedAt receivedAt durationSeconds dryRun partial interrupted
        sourceSize uploadedSize storedSize examinedFiles versions availableVersions messages warnings errors exception
        logLinesDropped logLinesCut nextScheduledRun reportedJobId reportedJobName operation legacy
        source {
          openedFiles addedFiles modifiedFiles deletedFiles timestampChangedFiles notProcessedFiles tooLargeFiles
          filesWithError addedFolders modifiedFolders deletedFolders addedSymlinks modifiedSymlinks deletedSymlinks
          openedSize addedSize modifiedSize
        }
        destination {
          type hostSuffix storedFiles unknownFiles unknownSize lastVersionAt uploadedFiles downloadedFiles downloadedSize
          deletedFiles createdFolders remoteCalls retries totalQuota freeQuota assignedQuota quotaError quotaWarning
        }
        client { version operatingSystem operatingSystemDetail installationType updateChannel }
        parts {
          compaction { deletedFiles downloadedFiles uploadedFiles deletedSize downloadedSize uploadedSize }
          retention { deletedVersions deletedAt }
          verification { checkedFiles problems { file status text } }
          repaired recreatedDatabase vacuumed
          objectLock { volumesRead volumesUpdated }
          synchronizations { copiedFiles deletedFiles renamedFiles verifiedFiles failedVerifications copiedSize }
        }
        job {
          id backupId name state paused lastStatus latestBackupAt nextScheduledRun dueAt overdueAt sourceSize storedSize
          versions createdAt totals { runs succeeded warned failed uploadedSize dryRuns } latestBackup { id }
        }
        server {
          id databaseId name alias notes displayName url machineIds lastSeen createdAt updatedAt state latestBackup { id }
        }
        logLines(first: 3) { totalCount nodes { level sequence } pageInfo { hasNextPage } }
      }
    }
  }
`)

const logTexts = graphql(`
  query LogTexts($id: ID!, $after: String) {
    node(id: $id) {
      ... on Backup {
        logLines(first: 100, after: $after) { nodes { text } pageInfo { hasNextPage endCursor } }
      }
    }
  }
`)

it.each(['success', 'warning', 'fatal'])('gives the %s sample back as it came', async (name) => {
  const app = await startApp()
  const sample = await fixture(`${name}.json`)
  const { body } = await app.post(sample)
  expect(body).toEqual({ success: true, backup: { id: 1 }, duplicate: false })

  const { node } = await app.query(everything, { id: 'Backup:1' })

  await expect(JSON.stringify(node, null, 2)).toMatchFileSnapshot(`snapshots/${name}.json`)
  expect(await allLogLines(app, 'Backup:1')).toEqual(JSON.parse(sample).LogLines)
})

it('takes the restore sample, and stores nothing of it', async () => {
  const app = await startApp()
  expect(await app.post(await fixture('restore.json'))).toEqual({
    status: 200,
    body: { success: true, ignored: 'Restore' },
  })
  expect(await app.graphql('{ summary { totalServers totalBackups } servers { totalCount } }')).toEqual({
    data: { summary: { totalServers: 0, totalBackups: 0 }, servers: { totalCount: 0 } },
  })
})

async function allLogLines(app: TestApp, id: string, after: string | null = null): Promise<string[]> {
  const { node } = await app.query(logTexts, { id, after })
  if (!node || !('logLines' in node) || !node.logLines) throw new Error(`There is no ${id}`)
  const { nodes, pageInfo } = node.logLines
  const rest = pageInfo.hasNextPage ? await allLogLines(app, id, pageInfo.endCursor) : []
  return [...nodes.map(({ text }) => text), ...rest]
}
