// Which jobs an old file has: those that the old release showed, by server and name, whatever ids their reports came under.

import { pino } from 'pino'
import { expect, it } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { startApp } from '../support/app.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { oldMachines, oldRun, runSql, uuid } from '../support/oldDatabaseRows.ts'
import { report } from '../support/report.ts'
import { change } from '../support/states.ts'

const machineId = oldMachines[3]?.id as string
const machineName = oldMachines[3]?.name as string

/** A file whose fourth machine, which has no runs otherwise, has these; each is of a day of June. */
function fileWith(runs: [day: number, backupId: string | null, name: string | null, changes?: object][]): string {
  const file = newPlace()
  writeOldDatabase(file, '0.8')
  change(
    file,
    runs
      .map(([day, id, name, changes]) =>
        runSql(
          '0.8',
          oldRun(
            uuid(100 + day),
            3,
            [id ?? '', name ?? ''],
            `2025-06-${String(day).padStart(2, '0')}T02:00:00.000Z`,
            changes,
          ),
        ),
      )
      .join('\n'),
  )
  return file
}

/** The jobs of that machine, and what the log says of them. */
async function takeOver(file: string) {
  const logged: string[] = []
  const write = (line: string) => void logged.push(JSON.parse(line).msg)
  await prepareFile(file, new Date('2026-08-01T12:00:00.000Z'), pino({ level: 'warn' }, { write }))
  const app = await startApp({ file })
  const { data } = await app.graphql(
    '{ server(by: { id: 4 }) { jobs { databaseId name backupIds totals { runs } latestBackup { legacyId } } } }',
  )
  const { jobs } = (data as { server: { jobs: Job[] } }).server
  return {
    app,
    jobs: jobs.map(
      ({ databaseId, name, backupIds, totals, latestBackup }) =>
        `${databaseId} ${name}: ${totals.runs} runs, the latest ${Number(latestBackup?.legacyId.slice(-4)) - 100}, ids ${[...backupIds].sort()}`,
    ),
    logged: logged.filter((line) => line.includes(machineName)),
  }
}

interface Job {
  databaseId: number
  name: string
  backupIds: string[]
  totals: { runs: number }
  latestBackup: { legacyId: string } | null
}

const marks = (backupId: string, name: string) => ({
  extra: { 'machine-id': machineId, 'machine-name': machineName, 'backup-id': backupId, 'backup-name': name },
})

it('makes one job of a name that was imported anew under another id, and goes on with its reports', async () => {
  const { app, jobs, logged } = await takeOver(
    fileWith([
      [1, 'DB-1', 'Home'],
      [2, 'DB-1', 'Home'],
      [5, 'DB-7', 'Home'],
    ]),
  )
  expect(jobs).toEqual(['6 Home: 3 runs, the latest 5, ids DB-1,DB-7'])
  expect(logged).toEqual([
    'Home of never reported was reported under DB-7 (1 run) and DB-1 (2 runs): it is one job, BackupJob:6, which continues with the reports of DB-7.',
  ])
  await app.post(report(marks('DB-7', 'Home')))
  expect(await app.graphql('{ backupJob(id: 6) { totals { runs } } }')).toMatchObject({
    data: { backupJob: { totals: { runs: 4 } } },
  })
})

it('keeps two names apart under which one id was reported; the id goes to the one that ran last', async () => {
  const { app, jobs, logged } = await takeOver(
    fileWith([
      [3, 'DB-1', 'Holiday'],
      [1, 'DB-1', 'Home'],
      [2, 'DB-1', 'Home'],
      [6, 'DB-1', 'Home'],
      [7, 'DB-1', 'Photos'],
    ]),
  )
  expect(jobs).toEqual([
    '6 Holiday: 1 runs, the latest 3, ids ',
    '7 Home: 3 runs, the latest 6, ids ',
    '8 Photos: 1 runs, the latest 7, ids DB-1',
  ])
  expect(logged).toEqual([
    'DB-1 of never reported was reported with 3 names, Photos (BackupJob:8) and Home (BackupJob:7) and Holiday (BackupJob:6): they stay separate jobs, and new reports of DB-1 belong to Photos, which ran last.',
  ])
  await app.post(report(marks('DB-1', 'Photos')))
  expect(await app.graphql('{ backupJob(id: 8) { totals { runs } } }')).toMatchObject({
    data: { backupJob: { totals: { runs: 2 } } },
  })
})

it('unites what belongs together where ids were numbered anew', async () => {
  const { app, jobs } = await takeOver(
    fileWith([
      [1, 'DB-1', 'Home'],
      [2, 'DB-2', 'Work'],
      [3, 'DB-1', 'Home'],
      [11, 'DB-2', 'Home'],
      [12, 'DB-1', 'Work'],
      [13, 'DB-2', 'Home'],
    ]),
  )
  expect(jobs).toEqual(['6 Home: 4 runs, the latest 13, ids DB-2', '7 Work: 2 runs, the latest 12, ids DB-1'])
  // Old reports that are posted again are found again, wherever their ids have gone since.
  for (const [day, id, name] of [
    [1, 'DB-1', 'Home'],
    [2, 'DB-2', 'Work'],
    [12, 'DB-1', 'Work'],
  ] as const) {
    const BeginTime = `2025-06-${String(day).padStart(2, '0')}T02:00:00.000Z`
    expect(await app.post(report({ ...marks(id, name), data: { BeginTime } }))).toMatchObject({
      body: { duplicate: true },
    })
  }
  await app.post(report(marks('DB-1', 'Work')))
  await app.post(report(marks('DB-2', 'Home')))
  expect(await app.graphql('{ backupJobs(filter: { server: 4 }) { nodes { name totals { runs } } } }')).toMatchObject({
    data: {
      backupJobs: {
        nodes: [
          { name: 'Home', totals: { runs: 5 } },
          { name: 'Work', totals: { runs: 3 } },
        ],
      },
    },
  })
})

it('calls runs without a name after their id, and those without either unknown', async () => {
  const { jobs } = await takeOver(
    fileWith([
      [1, 'DB-1', null],
      [2, null, null],
      [3, null, 'Home'],
      [4, 'DB-2', 'Home'],
    ]),
  )
  expect(jobs).toEqual([
    '6 DB-1: 1 runs, the latest 1, ids DB-1',
    '8 Home: 2 runs, the latest 4, ids DB-2',
    '7 unknown: 1 runs, the latest 2, ids ',
  ])
})

it('takes runs that a script stopped before they began as such', async () => {
  const nothing = {
    interrupted: 1,
    examined_files: 0,
    opened_files: 0,
    added_files: 0,
    modified_files: 0,
    deleted_files: 0,
    size: 0,
    size_of_examined_files: 0,
    uploaded_size: 0,
    bytes_downloaded: 0,
    known_file_size: 0,
    backup_list_count: 0,
  }
  const file = fileWith([
    [1, 'DB-1', 'Home', nothing],
    [2, 'DB-1', 'Home', { ...nothing, status: 'Error', parsed_result: 'Error' }],
    [3, 'DB-1', 'Home', { ...nothing, status: 'Warning', parsed_result: 'Warning' }],
    [4, 'DB-1', 'Home', { ...nothing, status: 'Warning', parsed_result: 'Success' }],
    [5, 'DB-1', 'Home', { ...nothing, status: 'Fatal', parsed_result: 'Fatal' }],
    [6, 'DB-1', 'Home', { ...nothing, uploaded_size: 1 }],
    [7, 'DB-1', 'Home', { ...nothing, warnings: '2 ' }],
  ])
  const { app } = await takeOver(file)
  const { data } = await app.graphql(
    '{ backupJob(id: 6) { totals { runs } backups { nodes { status prevented remarks { kind } } } } }',
  )
  expect(data).toMatchInlineSnapshot(`
    {
      "backupJob": {
        "backups": {
          "nodes": [
            {
              "prevented": true,
              "remarks": [
                {
                  "kind": "PREVENTED",
                },
              ],
              "status": "UNKNOWN",
            },
            {
              "prevented": false,
              "remarks": [],
              "status": "SUCCESS",
            },
            {
              "prevented": false,
              "remarks": [],
              "status": "FATAL",
            },
            {
              "prevented": true,
              "remarks": [
                {
                  "kind": "PREVENTED",
                },
              ],
              "status": "UNKNOWN",
            },
            {
              "prevented": true,
              "remarks": [
                {
                  "kind": "PREVENTED",
                },
              ],
              "status": "WARNING",
            },
            {
              "prevented": true,
              "remarks": [
                {
                  "kind": "PREVENTED",
                },
              ],
              "status": "ERROR",
            },
            {
              "prevented": true,
              "remarks": [
                {
                  "kind": "PREVENTED",
                },
              ],
              "status": "UNKNOWN",
            },
          ],
        },
        "totals": {
          "runs": 2,
        },
      },
    }
  `)
})
