// The parts of realistic reports, as releases of Duplicati send them.

const notSet = '0001-01-01T00:00:00'

/** What ends every result. */
export const ending = (version: string) => ({
  ParsedResult: 'Success',
  Version: version,
  EndTime: '2026-07-31T02:10:00.5Z',
  BeginTime: '2026-07-31T02:00:00.1234567Z',
  Duration: '00:10:00.3765433',
  MessagesActualLength: 20,
  WarningsActualLength: 0,
  ErrorsActualLength: 0,
})

export const statistics = (version: string) => ({
  RemoteCalls: 12,
  BytesUploaded: 5_368_709_120,
  BytesDownloaded: 52_428_800,
  FilesUploaded: 8,
  FilesDownloaded: 3,
  FilesDeleted: 2,
  FoldersCreated: 1,
  RetryAttempts: 1,
  UnknownFileSize: 1024,
  UnknownFileCount: 1,
  KnownFileCount: 146,
  KnownFileSize: 70_368_744_177_664,
  LastBackupDate: '2026-07-31T04:00:00+02:00',
  BackupListCount: 2,
  TotalQuotaSpace: 0,
  FreeQuotaSpace: 0,
  AssignedQuotaSpace: -1,
  ReportedQuotaError: false,
  ReportedQuotaWarning: false,
  MainOperation: 'Backup',
  ...ending(version),
  EndTime: notSet,
  Duration: '00:00:00',
})

/** `Data` of a backup, in the oldest form. */
export const backup = (version: string) => ({
  DeletedFiles: 1,
  DeletedFolders: 2,
  ModifiedFiles: 3,
  ExaminedFiles: 88_321,
  OpenedFiles: 4,
  AddedFiles: 5,
  SizeOfModifiedFiles: 6,
  SizeOfAddedFiles: 7,
  SizeOfExaminedFiles: 402_653_184_000,
  SizeOfOpenedFiles: 8,
  NotProcessedFiles: 9,
  AddedFolders: 10,
  TooLargeFiles: 11,
  FilesWithError: 0,
  ModifiedFolders: 12,
  ModifiedSymlinks: 13,
  AddedSymlinks: 14,
  DeletedSymlinks: 15,
  PartialBackup: false,
  Dryrun: false,
  MainOperation: 'Backup',
  CompactResults: null,
  VacuumResults: null,
  DeleteResults: null,
  RepairResults: null,
  TestResults: null,
  ...ending(version),
  BackendStatistics: statistics(version),
})

/** What of `Data` is zero or unset when a run fails at once. */
export const failedAtOnce = {
  ...Object.fromEntries(
    Object.entries(backup('')).flatMap(([key, value]) => (typeof value === 'number' ? [[key, 0]] : [])),
  ),
  ParsedResult: 'Fatal',
  EndTime: notSet,
  Duration: '00:00:00',
  ErrorsActualLength: 2,
  BackendStatistics: {
    ...statistics('2.0.8.1 (2.0.8.1_beta_2024-05-07)'),
    KnownFileSize: 0,
    KnownFileCount: 0,
    BackupListCount: 0,
    BytesUploaded: 0,
    LastBackupDate: notSet,
  },
}
