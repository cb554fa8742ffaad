// The closed sets of the schema, explained value by value.

import { builder } from '../builder.ts'

export const BackupStatus = builder.enumType('BackupStatus', {
  description: 'How a run ended, judged from its whole report and not only from the result that the report states.',
  values: {
    SUCCESS: { description: 'Everything was backed up.' },
    WARNING: { description: 'It finished with warnings, or only in part, or it was interrupted.' },
    ERROR: { description: 'It finished, but with errors or with files that could not be read.' },
    FATAL: { description: 'It was aborted; nothing can be relied on.' },
    UNKNOWN: { description: 'The report does not say.' },
  } as const,
})

export const BackupOrigin = builder.enumType('BackupOrigin', {
  description: 'Where a run comes from.',
  values: {
    REPORTED: { description: 'Its report was posted here.' },
    COLLECTED: { description: "It was read from Duplicati's own log." },
    TAKEN_OVER: { description: 'It was in the database of an older release.' },
  } as const,
})

export const JobState = builder.enumType('JobState', {
  description: 'The state of a job: the first of these that applies. After PAUSED, the worst comes first.',
  values: {
    PAUSED: { description: 'Somebody paused the job, so no run is expected.' },
    OVERDUE: { description: 'The expected run has not been reported, and the tolerance has passed too.' },
    LATE: { description: 'The expected run has not been reported, but the tolerance has not passed yet.' },
    FAILED: { description: 'The latest run ended as ERROR or FATAL, or one did and all runs since then were stopped.' },
    WARNING: { description: 'The latest run ended as WARNING or UNKNOWN.' },
    OK: { description: 'The latest run was a success.' },
    NEW: { description: 'There is no run yet. Dry runs and prevented runs do not count.' },
  } as const,
})

export const LogLevel = builder.enumType('LogLevel', {
  description: 'The level that Duplicati gave a log line.',
  values: {
    ERROR: { description: 'Something failed.' },
    WARNING: { description: 'Something needs attention.' },
    INFORMATION: { description: 'Progress, and lines without a level.' },
    DRY_RUN: { description: 'What a dry run would have done.' },
    RETRY: { description: 'A transfer that was tried again.' },
    VERBOSE: { description: 'Details, file by file.' },
    PROFILING: { description: 'Timings for developers of Duplicati.' },
  } as const,
})

export const NotificationEvent = builder.enumType('NotificationEvent', {
  description:
    'An event that messages are sent about. Each run is reported to a channel once, as the first of these that applies and that the rule includes: OVERDUE, FAILED or RECOVERED, then UNUSUAL, then WARNING or SUCCESS.',
  values: {
    OVERDUE: { description: 'The expected run has not been reported, and the tolerance has passed too.' },
    FAILED: { description: 'A run ended as ERROR or FATAL.' },
    WARNING: { description: 'A run ended as WARNING or UNKNOWN.' },
    SUCCESS: { description: 'A run was a success.' },
    RECOVERED: {
      description:
        'A complete run ended the trouble of a job that was overdue or failed. A run that was stopped, or whose result is unknown, does not end it.',
    },
    UNUSUAL: {
      description:
        'Something about a run is unusual for its job, as its remarks say: see UnusualKind. A message about another event names it too.',
    },
    DIGEST: {
      description: 'A digest of all jobs, or of those with a tag, was due. Rules cannot list it: setDigest sets it.',
    },
  } as const,
})

export const Priority = builder.enumType('Priority', {
  description: 'The priority of a message. Its effect depends on the kind of channel.',
  values: {
    MIN: { description: 'Only for those who look for it.' },
    LOW: { description: 'Without a sound.' },
    DEFAULT: { description: 'A normal message.' },
    HIGH: { description: 'It should be seen soon.' },
    URGENT: { description: 'It should be seen at once.' },
  } as const,
})
