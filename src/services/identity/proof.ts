// What a report proves beside whose it is.

import type { Report } from '../../domain/report.ts'
import type { StateChange } from '../jobs/watchJobs.ts'

/** Who a report says that it is of. */
export type Marks = Pick<Report, 'machine' | 'job'>

/** Filled while the owner of a report is looked for. */
export interface Proof {
  changes: StateChange[]
  /** What has other jobs or runs now. */
  touched: { type: 'Server' | 'BackupJob'; key: number }[]
  /** What is worth a line in the log: decisions that a person may want to mend. */
  notes: string[]
}
