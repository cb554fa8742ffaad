// What the evidence of a run says beside its status.

import type { Remark as RemarkOfRun } from '../../domain/remarks.ts'
import { builder } from '../builder.ts'

const RemarkKind = builder.enumType('RemarkKind', {
  description: 'The kinds of findings about a run.',
  values: {
    PREVENTED: { description: 'A script before the backup prevented it: nothing was saved.' },
    STOPPED: { description: 'Somebody stopped it. The status is at least WARNING.' },
    PARTIAL: { description: 'It ended before everything was saved. The status is at least WARNING.' },
    FILES_FAILED: { description: 'Some files could not be saved. The status is at least ERROR.' },
    NOTHING_EXAMINED: {
      description: 'It found no files, although the last good run did. The status is at least WARNING.',
    },
    SOURCE_SHRANK: {
      description:
        'It found less than a tenth of the files or bytes of the last good run, which had 100 files or more. The status is at least WARNING.',
    },
    VERSIONS_LOST: {
      description: 'The destination has no versions any more, although it had some. The status is at least WARNING.',
    },
    VERIFICATION_FAILED: {
      description: 'The verification of samples found missing or damaged files. The status is at least WARNING.',
    },
    CLOCK_WRONG: {
      description: 'According to its report, it began after the report was received. The status does not change.',
    },
    SENT_AS_TEXT: {
      description: 'The report was sent as text, which has no figures of the destination. The status does not change.',
    },
    MANY_FILES_CHANGED: {
      description:
        'Many more files were changed or deleted than in any earlier run, as when ransomware encrypts them. The status does not change.',
    },
    TOOK_LONG: {
      description: 'It took much longer than the runs of its job usually do. The status does not change.',
    },
    FEWER_VERSIONS: {
      description:
        'Many versions at the destination are gone since the run before, and some are left. The status does not change.',
    },
    DESTINATION_FILLS_UP: {
      description:
        'At the present growth the destination will be full within 30 days, or as setUnusualRule says. It is said once a week. The status does not change.',
    },
  } as const,
})

export const Remark = builder.objectRef<RemarkOfRun>('Remark').implement({
  description: 'A finding in the report of a run, beyond its status.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RemarkKind, description: 'The kind of finding.' }),
    message: t.exposeString('message', { description: 'A sentence with the figures.' }),
  }),
})
