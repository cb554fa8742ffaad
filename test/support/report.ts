// Makes reports: a small good one, of which a test changes what it is about.

interface Changes {
  data?: Record<string, unknown>
  extra?: Record<string, unknown>
  backend?: Record<string, unknown>
  logLines?: unknown
  exception?: unknown
}

/** A report of Duplicati 2.2 with the given parts put over a small successful run. */
export function report({ data, extra, backend, logLines = [], exception = null }: Changes = {}) {
  return {
    Data: {
      MainOperation: 'Backup',
      ParsedResult: 'Success',
      Version: '2.2.0.3 (2.2.0.3_stable_2026-01-06)',
      BeginTime: '2026-07-31T02:00:00.1234567Z',
      EndTime: '2026-07-31T02:10:00.1234567Z',
      Duration: '00:10:00',
      ExaminedFiles: 1000,
      SizeOfExaminedFiles: 50_000,
      BackendStatistics: { BytesUploaded: 500, KnownFileSize: 70_000, BackupListCount: 7, ...backend },
      ...data,
    },
    Extra: {
      'machine-id': 'machine-1',
      'machine-name': 'nas',
      'backup-id': 'DB-1',
      'backup-name': 'Photos',
      ...extra,
    },
    LogLines: logLines,
    Exception: exception,
  }
}
