import { expect, it } from 'vitest'
import { type MessageFacts, messageValues } from '../../src/domain/messages/messageValues.ts'
import { placeholders } from '../../src/domain/messages/template.ts'

const now = new Date('2026-08-01T12:00:00.000Z')

const facts: MessageFacts = {
  event: 'OVERDUE',
  ofRun: false,
  remark: null,
  finding: null,
  server: { name: 'nas-01', alias: 'The NAS', notes: 'Basement', url: 'https://nas.example:8200' },
  job: { name: 'Photos: RAW', alias: 'Photos' },
  run: {
    status: 'ERROR',
    at: new Date('2026-07-30T00:00:00.000Z'),
    durationSeconds: 2271.85,
    examinedFiles: 88_321,
    sourceSize: 53_687_091_200n,
    uploadedSize: 1_234_567n,
    storedSize: 21_474_836_480n,
    versions: 14,
    messages: 20,
    warnings: 3,
    errors: 1,
    reason: 'System.IO.IOException: The disk is full',
    remarks: [{ kind: 'FILES_FAILED', message: '3 files could not be saved.' }],
    logLines: ['The disk is full', 'Could not read {status}'],
  },
  latestAt: new Date('2026-07-31T00:00:00.000Z'),
  dueAt: new Date('2026-08-01T00:00:00.000Z'),
  overdueAt: new Date('2026-08-01T01:00:00.000Z'),
  interval: { count: 1, unit: 'DAY' },
  toleranceSeconds: 3600,
  away: null,
  successor: null,
}

const nothing: MessageFacts = {
  event: 'RECOVERED',
  ofRun: true,
  remark: null,
  finding: null,
  server: { name: 'nas-01', alias: null, notes: null, url: null },
  job: { name: 'Photos', alias: null },
  run: null,
  latestAt: null,
  dueAt: null,
  overdueAt: null,
  interval: null,
  toleranceSeconds: 0,
  away: null,
  successor: null,
}

it('says everything that is known, by the clock of the time zone', () => {
  expect(messageValues(facts, now, 'Europe/Berlin')).toMatchInlineSnapshot(`
    {
      "available_versions": "14",
      "backup_alias": "Photos",
      "backup_date": "2026-07-30 02:00 CEST",
      "backup_interval": "1D",
      "backup_interval_type": "day",
      "backup_interval_value": "1",
      "backup_name": "Photos: RAW",
      "duration": "00:37:51",
      "errors_count": "1",
      "event": "Overdue",
      "exception": "System.IO.IOException: The disk is full",
      "expected_date": "2026-08-01 02:00 CEST",
      "expected_elapsed": "12 hours ago",
      "file_count": "88321",
      "file_size": "50 GB",
      "last_backup_date": "2026-07-31 02:00 CEST",
      "last_elapsed": "1 day ago",
      "log_text": "The disk is full
    Could not read {status}",
      "machine_name": "nas-01",
      "messages_count": "20",
      "overdue_date": "2026-08-01 03:00 CEST",
      "overdue_tolerance": "1 hour",
      "remarks": "",
      "server_alias": "The NAS",
      "server_alias_and_name": "The NAS (nas-01)",
      "server_name": "nas-01",
      "server_note": "Basement",
      "server_url": "https://nas.example:8200",
      "status": "Error",
      "storage_size": "20 GB",
      "uploaded_size": "1.18 MB",
      "warnings_count": "3",
    }
  `)
})

it('says what is not known as old releases did, and leaves empty what nobody wrote', () => {
  expect(messageValues(nothing, now, 'UTC')).toMatchInlineSnapshot(`
    {
      "available_versions": "N/A",
      "backup_alias": "Photos",
      "backup_date": "N/A",
      "backup_interval": "N/A",
      "backup_interval_type": "",
      "backup_interval_value": "N/A",
      "backup_name": "Photos",
      "duration": "N/A",
      "errors_count": "N/A",
      "event": "Recovered",
      "exception": "",
      "expected_date": "N/A",
      "expected_elapsed": "N/A",
      "file_count": "N/A",
      "file_size": "N/A",
      "last_backup_date": "N/A",
      "last_elapsed": "N/A",
      "log_text": "",
      "machine_name": "nas-01",
      "messages_count": "N/A",
      "overdue_date": "N/A",
      "overdue_tolerance": "No tolerance",
      "remarks": "",
      "server_alias": "nas-01",
      "server_alias_and_name": "nas-01",
      "server_name": "nas-01",
      "server_note": "",
      "server_url": "",
      "status": "N/A",
      "storage_size": "N/A",
      "uploaded_size": "N/A",
      "warnings_count": "N/A",
    }
  `)
})

it('has a value for every placeholder, and no other', () => {
  for (const each of [facts, nothing]) {
    expect(Object.keys(messageValues(each, now, 'UTC'))).toEqual(Object.keys(placeholders))
  }
})

it.each([
  [{ count: 1, unit: 'HOUR' } as const, '1h', '1', 'hour'],
  [{ count: 36, unit: 'HOUR' } as const, '36h', '36', 'hours'],
  [{ count: 2, unit: 'WEEK' } as const, '2W', '2', 'weeks'],
])('writes the interval %j in one word and in two', (interval, text, value, type) => {
  expect(messageValues({ ...facts, interval }, now, 'UTC')).toMatchObject({
    backup_interval: text,
    backup_interval_value: value,
    backup_interval_type: type,
  })
})

it.each([
  ['SUCCESS', 'Success'],
  ['UNKNOWN', 'Unknown'],
  ['WARNING', 'Warning'],
  ['ERROR', 'Error'],
  ['FATAL', 'Fatal'],
] as const)('names the status %s as Duplicati does', (status, name) => {
  const run = facts.run && { ...facts.run, status, durationSeconds: null, storedSize: null, versions: null }
  expect(messageValues({ ...facts, run }, now, 'UTC')).toMatchObject({
    status: name,
    duration: 'N/A',
    storage_size: 'N/A',
    available_versions: 'N/A',
  })
})
