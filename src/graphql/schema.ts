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
import './nouns/backupParts.ts'
import './nouns/logLine.ts'
import './nouns/transition.ts'
import './nouns/channel.ts'
import './nouns/notificationRule.ts'
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
import './nouns/subscriptions.ts'
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
        description: `How the backups of your Duplicati installations are. A *server* is a machine that runs Duplicati. A *job* is one named
backup on it. A *backup* is one run of a job, as its *report* tells. A job is *due* when its next report is expected, *late*
after that, and *overdue* when the tolerance has passed too. A *transition* is a change of its state. A *channel* is a way to
tell people, a *rule* says what it is told, and a *notification* is one message to it.

Lists are Relay connections of up to 100 items a page. An argument that takes an id takes \`Server:1\` or only \`1\`. Errors
carry a code in \`extensions.code\` and, for wrong input, everything that is wrong in \`extensions.issues\`.`,
      }),
    ),
  ),
)
