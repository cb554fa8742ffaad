// The closed sets of the schema, explained value by value.

import { builder } from '../builder.ts'

export const BackupStatus = builder.enumType('BackupStatus', {
  description: 'How a run ended, judged from everything its report says and not from the stated result alone.',
  values: {
    SUCCESS: { description: 'Everything was backed up.' },
    WARNING: { description: 'It finished, but with warnings, only partly, or interrupted.' },
    ERROR: { description: 'It finished, but with errors or files that could not be read.' },
    FATAL: { description: 'It was aborted; nothing can be relied on.' },
    UNKNOWN: { description: 'The report does not say.' },
  } as const,
})

export const BackupOrigin = builder.enumType('BackupOrigin', {
  description: 'How a run came to be here.',
  values: {
    REPORTED: { description: 'Its report was posted here.' },
    COLLECTED: { description: "It was read from Duplicati's own log." },
    TAKEN_OVER: { description: 'It was in the database of an older release.' },
  } as const,
})

export const JobState = builder.enumType('JobState', {
  description:
    'How a job stands now: the first of these that holds. Of several jobs, the first in this order is the worst.',
  values: {
    PAUSED: { description: 'Somebody paused the job: nothing is expected of it.' },
    OVERDUE: { description: 'The expected run has not been reported, and the tolerance has passed too.' },
    LATE: { description: 'The expected run has not been reported, but the tolerance has not passed yet.' },
    FAILED: { description: 'The latest run ended as ERROR or FATAL, or since one did, all were stopped.' },
    WARNING: { description: 'The latest run ended as WARNING or UNKNOWN.' },
    OK: { description: 'The latest run was a success.' },
    NEW: { description: 'There is no run yet that counts.' },
  } as const,
})

export const LogLevel = builder.enumType('LogLevel', {
  description: 'The level Duplicati gave a log line.',
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
  description: 'Something worth telling of a job. A report is told of once: as RECOVERED where a rule wants that.',
  values: {
    OVERDUE: { description: 'The expected run has not been reported, and the tolerance has passed too.' },
    FAILED: { description: 'A run ended as ERROR or FATAL.' },
    WARNING: { description: 'A run ended as WARNING or UNKNOWN.' },
    SUCCESS: { description: 'A run was a success.' },
    RECOVERED: {
      description:
        'A whole run put an end to the job being overdue or failed. One that was stopped, or does not say how it ended, does not.',
    },
  } as const,
})

export const Priority = builder.enumType('Priority', {
  description: 'How loud a message is. What a channel makes of it is up to its kind.',
  values: {
    MIN: { description: 'It can be found by whoever looks for it.' },
    LOW: { description: 'It makes no sound.' },
    DEFAULT: { description: 'Like any other message.' },
    HIGH: { description: 'It wants to be seen soon.' },
    URGENT: { description: 'It wants to be seen now.' },
  } as const,
})
