// The schema: every noun adds itself to the builder.

import { GraphQLSchema } from 'graphql'
import { builder } from './builder.ts'
import { readLoadedColumns } from './lists/loadedColumns.ts'
import { heedMarks } from './serving/answerNote.ts'
import { countListed } from './serving/listedItems.ts'
import './nouns/server.ts'
import './nouns/backupJob.ts'
import './nouns/schedule.ts'
import './nouns/tag.ts'
import './nouns/backup.ts'
import './nouns/backups.ts'
import './nouns/history.ts'
import './nouns/outlook.ts'
import './nouns/runningBackup.ts'
import './nouns/backupParts.ts'
import './nouns/logLine.ts'
import './nouns/transition.ts'
import './nouns/channel.ts'
import './nouns/notificationRule.ts'
import './nouns/unusualRule.ts'
import './nouns/notification.ts'
import './nouns/notifications.ts'
import './nouns/settings.ts'
import './nouns/summary.ts'
import './nouns/recordReport.ts'
import './nouns/serverMutations.ts'
import './nouns/backupJobMutations.ts'
import './nouns/attendJob.ts'
import './nouns/attendJobs.ts'
import './nouns/backupMutations.ts'
import './nouns/channelMutations.ts'
import './nouns/digest.ts'
import './nouns/subscriptions.ts'
import './nouns/change.ts'
import './nouns/connection.ts'
import './nouns/token.ts'
import './nouns/viewer.ts'

const built = builder.toSchema({ sortSchema: false })

/**
 * The types stand where they are first mentioned, from Query on, and fields in the order in which they are written:
 * schema.graphql is read from top to bottom.
 */
export const schema = heedMarks(
  countListed(
    readLoadedColumns(
      new GraphQLSchema({
        ...built.toConfig(),
        types: [],
        description: `The state of the backups of your Duplicati installations. A *server* is a machine that runs Duplicati. A *job* is one named
backup on a server. A *backup* is one run of a job, as described by its *report*. A job is *due* when its next report is
expected, *late* after that, and *overdue* when the tolerance has passed too. A *transition* is a change of the state of a
job. A *channel* is a way to notify people, a *rule* decides which events it gets, and a *notification* is one message to it.

Lists are Relay connections with up to 100 items per page. Arguments for ids accept \`Server:1\` or just \`1\`. Every error
has a code in \`extensions.code\`; for wrong input, \`extensions.issues\` lists everything that is wrong.`,
      }),
    ),
  ),
)
