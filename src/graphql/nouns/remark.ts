// What the evidence of a run says beside its status.

import type { Remark as RemarkOfRun } from '../../domain/remarks.ts'
import { builder } from '../builder.ts'

const RemarkKind = builder.enumType('RemarkKind', {
  description: 'What is remarkable about a run.',
  values: {
    PREVENTED: { description: 'A script before the backup stopped it: nothing was saved.' },
    STOPPED: { description: 'Somebody stopped it. The status is WARNING at least.' },
    PARTIAL: { description: 'It ended before everything was saved. The status is WARNING at least.' },
    FILES_FAILED: { description: 'Some files could not be saved. The status is ERROR at least.' },
    NOTHING_EXAMINED: {
      description: 'It found no files, though the last good run did. The status is WARNING at least.',
    },
    SOURCE_SHRANK: {
      description:
        'It found less than a tenth of the files or bytes of the last good run, which had 100 files or more. The status is WARNING at least.',
    },
    VERSIONS_LOST: {
      description: 'No version is left at the destination, where there were some. The status is WARNING at least.',
    },
    VERIFICATION_FAILED: {
      description: 'The check of samples found files that are missing or damaged. The status is WARNING at least.',
    },
    CLOCK_WRONG: { description: 'It says that it began after its report was received. The status does not change.' },
    SENT_AS_TEXT: {
      description: 'The report was text, which says nothing of the destination. The status does not change.',
    },
  } as const,
})

export const Remark = builder.objectRef<RemarkOfRun>('Remark').implement({
  description: 'What the evidence of a run says beside its status.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RemarkKind, description: 'What it is.' }),
    message: t.exposeString('message', { description: 'A sentence with the figures.' }),
  }),
})
