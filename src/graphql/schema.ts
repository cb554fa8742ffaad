// The schema: every noun adds itself to the builder.

import { builder } from './builder.ts'
import './server.ts'
import './backupJob.ts'
import './backup.ts'
import './backups.ts'
import './backupParts.ts'
import './logLine.ts'
import './summary.ts'
import './recordReport.ts'

/** Fields and types stand in the order in which they are written: schema.graphql is read from top to bottom. */
export const schema = builder.toSchema({ sortSchema: false })
