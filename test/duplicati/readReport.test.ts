// A realistic report of each family of releases, and what becomes of it. It is long because whole results stand in it.

import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/domain/report.ts'
import { parseJson } from '../../src/duplicati/json.ts'
import { readReport } from '../../src/duplicati/readReport.ts'
import { backup, ending, failedAtOnce, statistics } from './families.ts'

/** Reads a document, or its text. */
function read(document: unknown, machine: string | null = null): Report {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const result = readReport(parseJson(text), { machine, maxLogLines: 1000, text: () => text })
  if ('ignored' in result) throw new Error(`${result.ignored} was ignored`)
  return result.report
}

/** Some figures of the run, named with spaces between them. */
function pick({ run }: Report, names: string) {
  return Object.fromEntries(Object.entries(run).filter(([name]) => names.split(/\s+/).includes(name)))
}

describe('2.0.6 to 2.0.7.1, which send neither machine nor ids,', () => {
  const extra = { OperationName: 'Backup', 'backup-name': 'Photos' }

  it('report a success with all its figures', () => {
    const document = { Data: backup('2.0.6.3 (2.0.6.3_beta_2021-06-17)'), Extra: extra, LogLines: [] }
    expect(read(document, 'nas')).toMatchInlineSnapshot(`
      {
        "job": {
          "id": null,
          "name": "Photos",
        },
        "logLines": [],
        "machine": {
          "id": null,
          "name": "nas",
        },
        "run": {
          "addedFiles": 5,
          "addedFolders": 10,
          "addedSize": 7,
          "addedSymlinks": 14,
          "asText": false,
          "assignedQuota": null,
          "availableVersions": null,
          "beganAt": 2026-07-31T02:00:00.123Z,
          "bodyHash": null,
          "createdRemoteFolders": 1,
          "deletedFiles": 1,
          "deletedFolders": 2,
          "deletedRemoteFiles": 2,
          "deletedSymlinks": 15,
          "destinationHostSuffix": null,
          "destinationType": null,
          "downloadedFiles": 3,
          "downloadedSize": 52428800,
          "dryRun": false,
          "durationSeconds": 600.3765433,
          "endedAt": 2026-07-31T02:10:00.500Z,
          "errors": 0,
          "examinedFiles": 88321,
          "exception": null,
          "failedFiles": [],
          "filesWithError": 0,
          "freeQuota": null,
          "installationType": null,
          "interrupted": false,
          "lastBackupAt": 2026-07-31T02:00:00.000Z,
          "logLinesCut": 0,
          "logLinesDropped": 0,
          "mainOperation": "Backup",
          "messages": 20,
          "modifiedFiles": 3,
          "modifiedFolders": 12,
          "modifiedSize": 6,
          "modifiedSymlinks": 13,
          "nextScheduledRun": null,
          "notProcessedFiles": 9,
          "openedFiles": 4,
          "openedSize": 8,
          "operatingSystem": null,
          "operatingSystemDetail": null,
          "parsedResult": "Success",
          "partial": false,
          "prevented": false,
          "preventedReason": null,
          "quotaError": false,
          "quotaWarning": false,
          "remoteCalls": 12,
          "retries": 1,
          "sourceSize": 402653184000,
          "status": "SUCCESS",
          "storedFiles": 146,
          "storedSize": 70368744177664,
          "subResults": null,
          "timestampChangedFiles": 0,
          "tooLargeFiles": 11,
          "totalQuota": null,
          "unknownFiles": 1,
          "unknownSize": 1024,
          "updateChannel": null,
          "uploadedFiles": 8,
          "uploadedSize": 5368709120,
          "version": "2.0.6.3 (2.0.6.3_beta_2021-06-17)",
          "versions": 2,
          "warnings": 0,
        },
      }
    `)
  })

  it('report a failure as the exception itself', () => {
    const document = {
      Data: {
        ClassName: 'Duplicati.Library.Interface.UserInformationException',
        Message: 'The source folder is gone',
        Data: { HelpID: 'x' },
        InnerException: null,
        HelpURL: null,
        StackTraceString: '  at Duplicati.Library.Main.Controller.Backup ()',
        RemoteStackTraceString: null,
        RemoteStackIndex: 0,
        ExceptionMethod: null,
        HResult: -2146233088,
        Source: 'Duplicati.Library.Main',
      },
      Extra: extra,
      LogLines: ['2026-07-31 04:00:01 +02 - [Error-Duplicati.Library.Main.Controller-FailedOperation]: Failed\n  at x'],
    }
    const report = read(document, 'nas')
    expect({
      ...report,
      run: pick(
        report,
        `status parsedResult beganAt bodyHash exception
        errors sourceSize storedSize storedFiles versions uploadedSize version`,
      ),
    }).toMatchInlineSnapshot(`
      {
        "job": {
          "id": null,
          "name": "Photos",
        },
        "logLines": [
          {
            "level": "ERROR",
            "sequence": 0,
            "text": "2026-07-31 04:00:01 +02 - [Error-Duplicati.Library.Main.Controller-FailedOperation]: Failed
        at x",
          },
        ],
        "machine": {
          "id": null,
          "name": "nas",
        },
        "run": {
          "beganAt": null,
          "bodyHash": "b887d34ac92eac75912948f81f0b8bfe671d5dbe1b87b8225f5261ea737b7912",
          "errors": 0,
          "exception": "Duplicati.Library.Interface.UserInformationException: The source folder is gone
        at Duplicati.Library.Main.Controller.Backup ()",
          "parsedResult": "Fatal",
          "sourceSize": null,
          "status": "FATAL",
          "storedFiles": null,
          "storedSize": null,
          "uploadedSize": 0,
          "version": null,
          "versions": null,
        },
      }
    `)
    expect(read(document, 'nas')).toEqual(report)
    const other = { ...document, LogLines: [] }
    expect(read(other, 'nas').run.bodyHash).not.toBe(report.run.bodyHash)
  })
})

describe('2.0.8, which sends ids but no machine name,', () => {
  const version = '2.0.8.1 (2.0.8.1_beta_2024-05-07)'
  const extra = {
    OperationName: 'Backup',
    'backup-name': 'Photos',
    'machine-id': 'b1946ac92492d234',
    'backup-id': 'DB-1',
  }

  it('reports a success', () => {
    const document = { Data: { ...backup(version), Interrupted: false }, Extra: extra, LogLines: [], Exception: null }
    const report = read(document)
    const picked = pick(report, 'status beganAt bodyHash exception interrupted version')
    expect({ ...report, run: picked }).toMatchInlineSnapshot(`
      {
        "job": {
          "id": "DB-1",
          "name": "Photos",
        },
        "logLines": [],
        "machine": {
          "id": "b1946ac92492d234",
          "name": null,
        },
        "run": {
          "beganAt": 2026-07-31T02:00:00.123Z,
          "bodyHash": null,
          "exception": null,
          "interrupted": false,
          "status": "SUCCESS",
          "version": "2.0.8.1 (2.0.8.1_beta_2024-05-07)",
        },
      }
    `)
    expect(read(document, 'nas').machine).toEqual({ id: 'b1946ac92492d234', name: 'nas' })
  })

  it('reports a failure before it knew anything, whose zeros are not figures', () => {
    const exception = 'System.TimeoutException: The operation has timed out.\n   at a ---> System.IO.IOException: x'
    const data = { ...backup(version), ...failedAtOnce, Interrupted: false }
    const report = read({ Data: data, Extra: extra, LogLines: [], Exception: exception })
    const names = `status parsedResult beganAt endedAt durationSeconds bodyHash exception errors sourceSize uploadedSize
      storedSize storedFiles versions lastBackupAt`
    expect(pick(report, names)).toMatchInlineSnapshot(`
      {
        "beganAt": 2026-07-31T02:00:00.123Z,
        "bodyHash": null,
        "durationSeconds": null,
        "endedAt": null,
        "errors": 2,
        "exception": "System.TimeoutException: The operation has timed out.
         at a ---> System.IO.IOException: x",
        "lastBackupAt": null,
        "parsedResult": "Fatal",
        "sourceSize": null,
        "status": "FATAL",
        "storedFiles": null,
        "storedSize": null,
        "uploadedSize": 0,
        "versions": null,
      }
    `)
  })

  it('reports a failure after the destination was listed', () => {
    const data = { ...backup(version), ParsedResult: 'Fatal', ErrorsActualLength: 1 }
    const report = read({ Data: data, Extra: extra, LogLines: [], Exception: 'System.Exception: late' })
    expect(pick(report, 'status sourceSize storedSize storedFiles versions')).toEqual({
      status: 'FATAL',
      sourceSize: 402_653_184_000,
      storedSize: 70_368_744_177_664,
      storedFiles: 146,
      versions: 2,
    })
  })

  it('reports a run that a script stopped as a success without figures', () => {
    const data = {
      ...backup(version),
      ...failedAtOnce,
      ParsedResult: 'Success',
      ErrorsActualLength: 0,
      Interrupted: true,
    }
    const report = read({ Data: data, Extra: extra, LogLines: [], Exception: null })
    expect(pick(report, 'status interrupted sourceSize storedSize storedFiles versions')).toEqual({
      status: 'WARNING',
      interrupted: true,
      sourceSize: null,
      storedSize: null,
      storedFiles: null,
      versions: null,
    })
  })
})

describe('2.1.0, which sends the machine name,', () => {
  const version = '2.1.0.5 (2.1.0.5_stable_2025-03-04)'
  const ended = { ...ending(version), Interrupted: false, BackendStatistics: statistics(version) }

  it('reports what compaction, retention and verification did', () => {
    const compaction = {
      DeletedFileCount: 1,
      DownloadedFileCount: 2,
      UploadedFileCount: 3,
      DeletedFileSize: 4,
      DownloadedFileSize: 5,
      UploadedFileSize: 6,
      Dryrun: false,
      VacuumResults: null,
      MainOperation: 'Compact',
      ...ended,
    }
    const data = {
      ...backup(version),
      Interrupted: false,
      CompactResults: compaction,
      VacuumResults: { MainOperation: 'Vacuum', ...ended },
      DeleteResults: {
        DeletedSetsActualLength: 21,
        DeletedSets: [{ Item1: 3, Item2: '2026-07-01T04:00:00+02:00' }],
        Dryrun: false,
        MainOperation: 'Delete',
        CompactResults: compaction,
        ...ended,
      },
      RepairResults: { MainOperation: 'Repair', RecreateDatabaseResults: null, ...ended },
      TestResults: {
        MainOperation: 'Test',
        VerificationsActualLength: 2,
        Verifications: [
          { Key: 'duplicati-1.dlist.zip.aes', Value: [] },
          { Key: 'duplicati-2.dindex.zip.aes', Value: [{ Key: 'Extra', Value: 'unknown block' }] },
        ],
        ...ended,
      },
    }
    const extra = {
      OperationName: 'Backup',
      'backup-name': 'Photos',
      'machine-id': 'm',
      'backup-id': 'DB-1',
      'machine-name': 'nas',
    }
    const report = read({ Data: data, Extra: extra, LogLines: [], Exception: null })
    expect(report.machine).toEqual({ id: 'm', name: 'nas' })
    expect(pick(report, 'status uploadedSize deletedRemoteFiles subResults')).toMatchInlineSnapshot(`
      {
        "deletedRemoteFiles": 2,
        "status": "SUCCESS",
        "subResults": {
          "compaction": {
            "deletedFiles": 1,
            "deletedSize": 4,
            "downloadedFiles": 2,
            "downloadedSize": 5,
            "uploadedFiles": 3,
            "uploadedSize": 6,
          },
          "repair": {
            "recreatedDatabase": false,
          },
          "retention": {
            "deletedAt": [
              2026-07-01T02:00:00.000Z,
            ],
            "deletedVersions": 21,
          },
          "vacuum": true,
          "verification": {
            "checkedFiles": 2,
            "problems": [
              {
                "file": "duplicati-2.dindex.zip.aes",
                "status": "Extra",
                "text": "unknown block",
              },
            ],
          },
        },
        "uploadedSize": 5368709120,
      }
    `)
  })
})

describe('2.1.2 to 2.3.0.3, which tell of the machine, the destination and the schedule,', () => {
  const version = '2.2.0.3 (2.2.0.3_stable_2026-01-06)'
  const extra = {
    OperationName: 'Backup',
    'backup-name': 'Photos',
    'machine-id': 'm',
    'backup-id': 'DB-1',
    'machine-name': 'nas',
    'operating-system': 'Linux',
    'installation-type': 'linux-x64-cli.docker',
    'destination-type': 's3',
    'next-scheduled-run': '20260801T020000Z',
    'update-channel': 'Stable',
    'operating-system-detailed': 'Debian GNU/Linux 12',
    'destination-host-suffix': '.amazonaws.com',
  }
  const tag = 'Duplicati.Library.Main.Operation.DeleteHandler:RetentionPolicy'
  const lines = [
    `2026-07-31 04:00:00 +02 - [Information-Duplicati.Library.Main.Controller-StartingOperation]: The operation Backup has started`,
    `2026-07-31 04:09:00 +02 - [Information-${tag}-BackupList]: Backups to consider: 07/30/2026 04:00:00, 07/01/2026 04:00:00`,
    `2026-07-31 04:09:00 +02 - [Information-${tag}-AllBackupsToDelete]: All backups to delete: 07/01/2026 04:00:00`,
  ]
  const data = {
    ...backup(version),
    TimestampChangedFiles: 16,
    Interrupted: false,
    LockResults: null,
    RemoteSynchronizationResults: [],
  }

  it('report all of it, and the versions that are left', () => {
    const report = read({ Data: data, Extra: extra, LogLines: lines, Exception: null })
    const names = `operatingSystem operatingSystemDetail installationType updateChannel destinationType destinationHostSuffix
      nextScheduledRun timestampChangedFiles versions availableVersions subResults`
    expect(pick(report, names)).toMatchInlineSnapshot(`
      {
        "availableVersions": [
          2026-07-31T02:00:00.000Z,
          2026-07-30T02:00:00.000Z,
        ],
        "destinationHostSuffix": ".amazonaws.com",
        "destinationType": "s3",
        "installationType": "linux-x64-cli.docker",
        "nextScheduledRun": 2026-08-01T02:00:00.000Z,
        "operatingSystem": "Linux",
        "operatingSystemDetail": "Debian GNU/Linux 12",
        "subResults": null,
        "timestampChangedFiles": 16,
        "updateChannel": "Stable",
        "versions": 2,
      }
    `)
  })

  it('report other versions than they count, which are not believed', () => {
    const counted = { ...data, BackendStatistics: { ...statistics(version), BackupListCount: 3 } }
    const report = read({ Data: counted, Extra: extra, LogLines: lines, Exception: null })
    expect(pick(report, 'versions availableVersions')).toEqual({ versions: 3, availableVersions: null })
  })
})

describe('2.3.0.4 and later, which redact their lines,', () => {
  it('report warnings, sizes beyond 2^53 and what was synchronized', () => {
    const version = '2.3.1.0 (2.3.1.0_beta_2026-07-28)'
    const text = 'Failed to process file -redacted-\r\nSystem.IO.IOException: The file is in use\r\n   at x'
    const line = `2026-07-31 04:00:04 +02 - [Warning-Duplicati.Library.Main.Operation.Backup.FileEntry-FileLocked]: ${text}`
    const { MainOperation, BeginTime, EndTime, Duration, ...figures } = statistics(version)
    const document = {
      Data: {
        ...backup(version),
        ParsedResult: 'Warning',
        Interrupted: false,
        Duration: '1.21:18:20.7495731',
        WarningsActualLength: 18,
        LockResults: { MainOperation: 'SetLock', VolumesRead: 4, VolumesUpdated: 5, ...ending(version) },
        RemoteSynchronizationResults: [
          {
            Destination: 'ftp://me:secret@host',
            CopiedFileCount: 1,
            DeletedFileCount: 2,
            RenamedFileCount: 3,
            VerifiedFileCount: 4,
            FailedVerificationCount: 5,
            CopiedFileSize: 6,
          },
        ],
        BackendStatistics: { ...figures, TotalQuotaSpace: 'TOTAL', FreeQuotaSpace: 214_748_364 },
      },
      Extra: {
        'machine-id': 'm',
        'machine-name': 'BUERO-PC',
        'backup-id': 'DB-1',
        'backup-name': 'Büro',
        'next-scheduled-run': null,
        'destination-host-suffix': null,
        token: 'secret',
        RemoteUrl: 'ftp://me:secret@host',
      },
      LogLines: [line, '... and 17 more'],
      Exception: null,
    }
    const json = JSON.stringify(document).replace('"TOTAL"', '9223372036854771712')
    const report = read(json)
    expect({
      ...report,
      run: pick(
        report,
        `status warnings durationSeconds totalQuota freeQuota assignedQuota nextScheduledRun destinationHostSuffix
        subResults logLinesDropped`,
      ),
    }).toMatchInlineSnapshot(`
      {
        "job": {
          "id": "DB-1",
          "name": "Büro",
        },
        "logLines": [
          {
            "level": "WARNING",
            "sequence": 0,
            "text": "2026-07-31 04:00:04 +02 - [Warning-Duplicati.Library.Main.Operation.Backup.FileEntry-FileLocked]: Failed to process file -redacted-
      System.IO.IOException: The file is in use
         at x",
          },
          {
            "level": "INFORMATION",
            "sequence": 1,
            "text": "... and 17 more",
          },
        ],
        "machine": {
          "id": "m",
          "name": "BUERO-PC",
        },
        "run": {
          "assignedQuota": null,
          "destinationHostSuffix": null,
          "durationSeconds": 163100.7495731,
          "freeQuota": 214748364,
          "logLinesDropped": 0,
          "nextScheduledRun": null,
          "status": "WARNING",
          "subResults": {
            "lock": {
              "volumesRead": 4,
              "volumesUpdated": 5,
            },
            "synchronizations": [
              {
                "copiedFiles": 1,
                "copiedSize": 6,
                "deletedFiles": 2,
                "failedVerifications": 5,
                "renamedFiles": 3,
                "verifiedFiles": 4,
              },
            ],
          },
          "totalQuota": 9223372036854771712n,
          "warnings": 18,
        },
      }
    `)
  })
})
