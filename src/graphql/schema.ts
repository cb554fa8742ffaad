// The schema: every noun adds itself to the builder.

import { GraphQLSchema } from 'graphql'
import { heedMarks } from './answerNote.ts'
import { builder } from './builder.ts'
import { countListed } from './listedItems.ts'
import { readLoadedColumns } from './loadedColumns.ts'
import './server.ts'
import './backupJob.ts'
import './schedule.ts'
import './backup.ts'
import './backups.ts'
import './history.ts'
import './backupParts.ts'
import './logLine.ts'
import './transition.ts'
import './channel.ts'
import './notificationRule.ts'
import './notification.ts'
import './notifications.ts'
import './settings.ts'
import './summary.ts'
import './recordReport.ts'
import './serverMutations.ts'
import './backupJobMutations.ts'
import './attendJob.ts'
import './backupMutations.ts'
import './channelMutations.ts'
import './subscriptions.ts'
import './token.ts'

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
