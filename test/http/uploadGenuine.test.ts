// What genuine Duplicatis posted, 2.1.0.5, 2.3.0.4 and the release after it, and what is told of each run. It is long because each
// of them stands in it.

import { expect, it } from 'vitest'
import { readReportText } from '../../src/duplicati/reportText.ts'
import { fixture, startApp } from '../support/app.ts'

const query = `{
  backups { nodes {
    server { name machineIds } job { name backupId }
    status reportedResult beganAt durationSeconds dryRun partial interrupted exception
    errors warnings examinedFiles sourceSize uploadedSize storedSize versions
    logLines { nodes { level text } }
  } }
}`

interface Run {
  server: { name: string; machineIds: string[] }
  job: { name: string; backupId: string | null }
  exception: string | null
  logLines: { nodes: { level: string; text: string }[] }
  [field: string]: unknown
}

/** What is told of the run, a line for each kind of thing. */
async function told(file: string) {
  const app = await startApp({ now: '2026-11-30T05:00:00Z' })
  const body = await fixture(`genuine/${file}`)
  expect(await app.rest('POST', '/api/upload', body)).toMatchObject({ status: 200, body: { duplicate: false } })
  expect(await app.rest('POST', '/api/upload', body)).toMatchObject({ status: 200, body: { duplicate: true } })
  const { data } = await app.graphql(query)
  const [run] = (data as { backups: { nodes: [Run] } }).backups.nodes
  const { server, job } = run
  return [
    `${job.name} (${job.backupId?.slice(0, 8)}) on ${server.name} (${server.machineIds.join() || 'no id'})`,
    `${run.status}, stated ${run.reportedResult}`,
    `${run.beganAt}, ${run.durationSeconds} s`,
    ['dryRun', 'partial', 'interrupted'].filter((flag) => run[flag]).join() || 'no flags',
    `${run.errors} errors, ${run.warnings} warnings, ${run.examinedFiles} files, ${run.sourceSize} bytes, ${run.uploadedSize} uploaded`,
    `destination ${run.storedSize} bytes, ${run.versions} versions`,
    `exception ${run.exception?.split('\n', 1)[0]?.slice(0, 90) ?? null}`,
    ...run.logLines.nodes.map(({ level, text }) => `${level} ${/\[(.*?)\]/.exec(text)?.[1]?.split('.').at(-1)}`),
  ]
}

it('2.1.0.5-dry-run.json', async () => {
  expect(await told('2.1.0.5-dry-run.json')).toMatchInlineSnapshot(`
    [
      "By hand (undefined) on nas (1790f1e02f474eee9420385874024439)",
      "SUCCESS, stated Success",
      "2026-11-30T04:02:43.345Z, 0.0344911 s",
      "dryRun",
      "0 errors, 0 warnings, 41 files, 6000003 bytes, 0 uploaded",
      "destination 6030481 bytes, 1 versions",
      "exception null",
    ]
  `)
})

it('2.1.0.5-required-script-fails.json', async () => {
  expect(await told('2.1.0.5-required-script-fails.json')).toMatchInlineSnapshot(`
    [
      "By hand (DB-2) on nas (1790f1e02f474eee9420385874024439)",
      "FATAL, stated Fatal",
      "2026-11-30T04:02:37.120Z, 0.0029798 s",
      "no flags",
      "1 errors, 1 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception Duplicati.Library.Interface.UserInformationException: The script "/scripts/s1.sh" returned",
    ]
  `)
})

it('2.1.0.5-script-before-exit-1.json', async () => {
  expect(await told('2.1.0.5-script-before-exit-1.json')).toMatchInlineSnapshot(`
    [
      "By hand (undefined) on nas (1790f1e02f474eee9420385874024439)",
      "UNKNOWN, stated Success",
      "2026-11-30T04:02:31.974Z, 0.0111622 s",
      "interrupted",
      "0 errors, 0 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception null",
    ]
  `)
})

it('2.1.0.5-script-before-exit-3-text.txt', async () => {
  expect(await told('2.1.0.5-script-before-exit-3-text.txt')).toMatchInlineSnapshot(`
    [
      "By hand (undefined) on nas (1790f1e02f474eee9420385874024439)",
      "WARNING, stated Warning",
      "2026-11-30T04:02:33.000Z, 0.0026089 s",
      "interrupted",
      "0 errors, 1 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception null",
      "WARNING RunScript-InvalidExitCode",
    ]
  `)
})

it('2.1.0.5-script-before-exit-3.json', async () => {
  expect(await told('2.1.0.5-script-before-exit-3.json')).toMatchInlineSnapshot(`
    [
      "By hand (undefined) on nas (1790f1e02f474eee9420385874024439)",
      "WARNING, stated Warning",
      "2026-11-30T04:02:33.000Z, 0.0026089 s",
      "interrupted",
      "0 errors, 1 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception null",
    ]
  `)
})

it('2.1.0.5-source-missing-text.txt', async () => {
  expect(await told('2.1.0.5-source-missing-text.txt')).toMatchInlineSnapshot(`
    [
      "No source (DB-5) on nas (1790f1e02f474eee9420385874024439)",
      "FATAL, stated Fatal",
      "2026-11-30T04:03:54.000Z, 0.0009573 s",
      "no flags",
      "1 errors, 0 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception System.IO.IOException: Backup aborted since the source path /data/nosuch/ does not exist. ",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('2.1.0.5-source-missing.json', async () => {
  expect(await told('2.1.0.5-source-missing.json')).toMatchInlineSnapshot(`
    [
      "No source (DB-5) on nas (1790f1e02f474eee9420385874024439)",
      "FATAL, stated Fatal",
      "2026-11-30T04:03:54.812Z, 0.0009573 s",
      "no flags",
      "1 errors, 0 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception System.IO.IOException: Backup aborted since the source path /data/nosuch/ does not exist. ",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('2.1.0.5-stopped-after-current-file.json', async () => {
  expect(await told('2.1.0.5-stopped-after-current-file.json')).toMatchInlineSnapshot(`
    [
      "By hand (DB-2) on nas (1790f1e02f474eee9420385874024439)",
      "WARNING, stated Warning",
      "2026-11-30T04:06:34.949Z, 31.2617603 s",
      "partial",
      "0 errors, 1 warnings, 52 files, 48000004 bytes, 21034502 uploaded",
      "destination 45093488 bytes, 4 versions",
      "exception null",
      "WARNING BackupHandler-CancellationRequested",
      "WARNING BackupHandler-CancellationRequested",
      "WARNING BackupHandler-CancellationRequested",
      "WARNING BackupHandler-CancellationRequested",
    ]
  `)
})

it('aborted.json', async () => {
  expect(await told('aborted.json')).toMatchInlineSnapshot(`
    [
      "By hand (DB-2) on nas (299ec810395a42cdb1579396719702da)",
      "FATAL, stated Fatal",
      "2026-11-30T03:37:31.486Z, 14.7405631 s",
      "no flags",
      "2 errors, 0 warnings, 53 files, 18773581 bytes, 4198234 uploaded",
      "destination 12823682 bytes, 2 versions",
      "exception System.Threading.Tasks.TaskCanceledException: A task was canceled.",
      "ERROR BackupHandler-FatalError",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('command-line-dry-run.json', async () => {
  expect(await told('command-line-dry-run.json')).toMatchInlineSnapshot(`
    [
      "Genuine (undefined) on nas (no id)",
      "SUCCESS, stated Success",
      "2026-11-30T03:33:30.658Z, 0.6254811 s",
      "dryRun",
      "0 errors, 0 warnings, 51 files, 6773581 bytes, 0 uploaded",
      "destination 6814118 bytes, 2 versions",
      "exception null",
    ]
  `)
})

it('command-line-success.json', async () => {
  expect(await told('command-line-success.json')).toMatchInlineSnapshot(`
    [
      "Genuine (02B5F481) on nas (no id)",
      "SUCCESS, stated Success",
      "2026-11-30T03:33:23.917Z, 1.457489 s",
      "no flags",
      "0 errors, 0 warnings, 50 files, 6773552 bytes, 6807785 uploaded",
      "destination 6807785 bytes, 1 versions",
      "exception null",
    ]
  `)
})

it('failed-before-it-began.json', async () => {
  expect(await told('failed-before-it-began.json')).toMatchInlineSnapshot(`
    [
      "Documents (DB-1) on nas (299ec810395a42cdb1579396719702da)",
      "FATAL, stated Fatal",
      "2026-11-30T03:36:08.999Z, null s",
      "no flags",
      "1 errors, 0 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception Duplicati.Library.Interface.UserInformationException: The volume size must be at least twi",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('files-missing-at-destination.json', async () => {
  expect(await told('files-missing-at-destination.json')).toMatchInlineSnapshot(`
    [
      "Genuine (02B5F481) on nas (no id)",
      "FATAL, stated Fatal",
      "2026-11-30T03:34:21.029Z, 0.3840447 s",
      "no flags",
      "1 errors, 1 warnings, 0 files, null bytes, 0 uploaded",
      "destination 19697 bytes, 3 versions",
      "exception Duplicati.Library.Interface.RemoteListVerificationException: Found 1 files that are missin",
      "WARNING FilelistProcessor-MissingFile",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('next-release-aborted.json', async () => {
  expect(await told('next-release-aborted.json')).toMatchInlineSnapshot(`
    [
      "Head job (DB-1) on nas (no id)",
      "ERROR, stated Error",
      "2026-11-30T03:44:27.126Z, 10.1864133 s",
      "interrupted",
      "1 errors, 2 warnings, 56 files, 42773581 bytes, 4811031 uploaded",
      "destination 33838781 bytes, 2 versions",
      "exception null",
      "WARNING HttpReportStatus-HttpReportStatusSendError",
      "WARNING HttpReportStatus-HttpReportStatusSendError",
      "ERROR BackupHandler-FatalError",
    ]
  `)
})

it('next-release-stopped.json', async () => {
  expect(await told('next-release-stopped.json')).toMatchInlineSnapshot(`
    [
      "Head job (DB-1) on nas (no id)",
      "WARNING, stated Warning",
      "2026-11-30T03:43:56.991Z, 29.2924538 s",
      "interrupted",
      "0 errors, 3 warnings, 55 files, 33773581 bytes, 15018624 uploaded",
      "destination 18820157 bytes, 1 versions",
      "exception null",
      "WARNING HttpReportStatus-HttpReportStatusSendError",
      "WARNING HttpReportStatus-HttpReportStatusSendError",
      "WARNING HttpReportStatus-HttpReportStatusSendError",
    ]
  `)
})

it('next-release-success-no-machine-id.json', async () => {
  expect(await told('next-release-success-no-machine-id.json')).toMatchInlineSnapshot(`
    [
      "Head job (DB-1) on nas (no id)",
      "SUCCESS, stated Success",
      "2026-11-30T03:43:19.021Z, 37.0914161 s",
      "no flags",
      "0 errors, 0 warnings, 53 files, 18773581 bytes, 18820157 uploaded",
      "destination 18820157 bytes, 1 versions",
      "exception null",
    ]
  `)
})

it('script-after-exit-2.json', async () => {
  expect(await told('script-after-exit-2.json')).toMatchInlineSnapshot(`
    [
      "By hand (DB-2) on nas (299ec810395a42cdb1579396719702da)",
      "WARNING, stated Warning",
      "2026-11-30T03:37:07.869Z, 0.0640725 s",
      "no flags",
      "0 errors, 1 warnings, 51 files, 6773581 bytes, 0 uploaded",
      "destination 6811041 bytes, 1 versions",
      "exception null",
      "WARNING RunScript-InvalidExitCode",
    ]
  `)
})

it('script-before-exit-4.json', async () => {
  expect(await told('script-before-exit-4.json')).toMatchInlineSnapshot(`
    [
      "By hand (DB-2) on nas (299ec810395a42cdb1579396719702da)",
      "ERROR, stated Error",
      "2026-11-30T03:37:05.412Z, 0.0722564 s",
      "no flags",
      "1 errors, 0 warnings, 51 files, 6773581 bytes, 0 uploaded",
      "destination 6811041 bytes, 1 versions",
      "exception null",
    ]
  `)
})

it('source-missing.json', async () => {
  expect(await told('source-missing.json')).toMatchInlineSnapshot(`
    [
      "Genuine (02B5F481) on nas (no id)",
      "FATAL, stated Fatal",
      "2026-11-30T03:33:34.075Z, 0.0848252 s",
      "no flags",
      "1 errors, 0 warnings, 0 files, null bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception Duplicati.Library.Interface.UserInformationException: Backup aborted since the source path",
      "ERROR Controller-FailedOperation",
    ]
  `)
})

it('text-form.txt', async () => {
  expect(await told('text-form.txt')).toMatchInlineSnapshot(`
    [
      "Genuine (02B5F481) on nas (no id)",
      "SUCCESS, stated Success",
      "2026-11-30T03:34:05.000Z, 0.7892245 s",
      "no flags",
      "0 errors, 0 warnings, 51 files, 6773581 bytes, 0 uploaded",
      "destination null bytes, null versions",
      "exception null",
    ]
  `)
})

it.each([
  ['2.1.0.5-script-before-exit-1.json', { prevented: true, preventedReason: null, asText: false }],
  ['2.1.0.5-script-before-exit-3.json', { prevented: true, preventedReason: null, asText: false }],
  [
    '2.1.0.5-script-before-exit-3-text.txt',
    {
      ...{ prevented: true, asText: true },
      preventedReason: 'The script "/scripts/s3.sh" returned with exit code 3',
    },
  ],
  ['2.1.0.5-required-script-fails.json', { prevented: false, preventedReason: null, asText: false }],
  ['next-release-aborted.json', { prevented: false, preventedReason: null, asText: false }],
  ['text-form.txt', { prevented: false, preventedReason: null, asText: true }],
])('of %s, whether it was prevented', async (file, expected) => {
  const bytes = Uint8Array.from(Buffer.from(await fixture(`genuine/${file}`)))
  const read = await readReportText(bytes, { machine: null, maxLogLines: 100 })
  expect(read).toMatchObject({ report: { run: expected } })
})
