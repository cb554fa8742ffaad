// The settings of the old database files: the rows of `configurations` and `db_version`, of which the guide's shape and 0.3
// have none. Keys by name are ambiguous on purpose: machines and jobs have colons in their names, two machines share one. Those of
// 0.9 are with everything that releases up to 1.4 added.

import { insert, oldMachines } from './oldDatabaseRows.ts'
import { type OldShape, since } from './oldDatabaseSchema.ts'

/** The rows of `configurations` in a file of `shape`, by key, as the text that stands in the file. */
export function oldSettings(shape: OldShape): Record<string, string> {
  if (!since(shape, '0.6')) return {}
  return {
    notifications: JSON.stringify(notifications(shape)),
    backup_settings: JSON.stringify(byJob(shape, schedules(shape))),
    overdue_tolerance: '1h',
    notification_frequency: 'every_day',
    cron_service: JSON.stringify({
      port: 9667,
      tasks: {
        'overdue-backup-check': { cronExpression: '*/20 * * * *', enabled: true },
        ...(since(shape, '0.9') ? { 'audit-log-cleanup': { cronExpression: '0 2 * * *', enabled: true } } : {}),
      },
    }),
    last_overdue_check: '2025-05-07T09:00:00.000Z',
    ...(since(shape, '0.7')
      ? { overdue_notifications: JSON.stringify(byJob(shape, overdueByServer)) }
      : { overdue_backup_notifications: JSON.stringify(byJob(shape, overdueByMachine)) }),
    ...(since(shape, '0.8') ? settingsOf08 : {}),
    ...(since(shape, '0.9') ? settingsOf09 : {}),
  }
}

/** The statements that add the settings and the versions that the file went through. */
export function oldSettingRows(shape: OldShape): string {
  const settings = Object.entries(oldSettings(shape)).map(([key, value]) => insert('configurations', { key, value }))
  const versions = Object.entries(databaseVersions)
    .filter(([release]) => since(shape, release as OldShape))
    .map(([, version]) => insert('db_version', { version, applied_at: '2025-05-01 00:00:00' }))
  return [...settings, ...versions].join('\n')
}

// An upgraded file keeps the versions that it had before.
const databaseVersions = { '0.6': '2.0', '0.7': '3.0', '0.8': '3.1', '0.9': '4.0' }

/** Gives each value the key of its job: the machine's name, or from 0.7 on the server's id, and the backup's name. */
function byJob<T>(shape: OldShape, values: [place: number, backupName: string, value: T][]): Record<string, T> {
  const entries = values.map(([place, backupName, value]) => {
    const machine = oldMachines[place] ?? { id: 'dddddddddddddddddddddddddddddddd', name: 'gone' }
    return [`${since(shape, '0.7') ? machine.id : machine.name}:${backupName}`, value]
  })
  return Object.fromEntries(entries)
}

const gone = 99

function schedules(shape: OldShape): [number, string, object][] {
  const later = {
    ...(since(shape, '0.8')
      ? { allowedWeekDays: [1, 2, 3, 4, 5], time: '02:00', ntfyEnabled: true, emailEnabled: false }
      : {}),
    ...(since(shape, '0.9') ? { ...noOthers, lastBackupDate: '2025-05-06T02:00:00.000Z' } : {}),
  }
  const mailed = since(shape, '0.8') ? { emailEnabled: true } : {}
  const others = since(shape, '0.9') ? additional : {}
  const schedule = (notificationEvent: string, expectedInterval: number | string, intervalUnit: string) => ({
    notificationEvent,
    expectedInterval,
    intervalUnit,
    overdueBackupCheckEnabled: notificationEvent !== 'off',
    // An upgrade from 0.6 wrote it, and it stayed.
    ...(shape === '0.7' ? { machineName: 'laptop:bob' } : {}),
    ...later,
  })
  return [
    [0, 'Photos: RAW', { ...schedule('warnings', since(shape, '0.8') ? '1D' : 1, 'days'), ...others }],
    [0, 'Documents', { ...schedule('all', 36, 'hours'), ...mailed }],
    // Before 0.7 these two are one key, and the later stood for both machines.
    [1, 'Photos: RAW', schedule('errors', 1, 'day')],
    [2, 'Photos: RAW', schedule('errors', 2, 'day')],
    [2, 'Mail «täglich»', schedule('off', 1, 'hour')],
    // A job and a machine that are no more.
    [0, 'Old: job', schedule('all', 7, 'days')],
    [gone, 'Photos', schedule('all', 7, 'days')],
    ...(since(shape, '0.9') ? ([[1, '__default__', additional]] as [number, string, object][]) : []),
  ]
}

const noOthers = { additionalEmails: '', additionalNtfyTopic: '', additionalNotificationEvent: '' }

const additional = {
  additionalEmails: 'team@example.org, boss@example.org',
  additionalNtfyTopic: 'another-topic',
  additionalNotificationEvent: 'errors',
}

const lastNotificationSent = '2025-05-06T03:20:00.000Z'

const overdueByMachine: [number, string, object][] = [
  [0, 'Photos: RAW', { lastNotificationSent, serverName: 'laptop:bob', lastBackupDate: '2025-05-02T02:00:00.000Z' }],
  [
    2,
    'Mail «täglich»',
    { lastNotificationSent, serverName: 'Büro-NAS 東京', lastBackupDate: '2025-05-04T23:59:59.999Z' },
  ],
]

const overdueByServer: [number, string, object][] = [
  [0, 'Photos: RAW', { lastNotificationSent, serverName: 'laptop:bob', lastBackupDate: '2025-05-02T02:00:00.000Z' }],
  [2, 'Mail «täglich»', { lastNotificationSent, serverName: 'Büro-NAS 東京' }],
]

const ntfy = { url: 'https://ntfy.example/', topic: 'duplistatus-ünïcode', accessToken: 'tk_not_a_real_token' }

function notifications(shape: OldShape) {
  const addresses = shape === '0.7' ? { serverAddresses: [] } : {}
  return { ntfy, backupSettings: byJob(shape, schedules(shape).slice(0, 2)), templates: templates(shape), ...addresses }
}

/** The templates hold every placeholder; 0.7 renamed the machine to server, but not where a user had written it. */
function templates(shape: OldShape) {
  const server = since(shape, '0.7')
    ? '{server_name} ({server_alias}, {server_note}, {server_url}), once {machine_name}'
    : '{machine_name}'
  const sizes = '{duration}, {uploaded_size} up, {storage_size} stored, {available_versions} versions'
  return {
    success: {
      title: `✅ {status} - {backup_name} @ ${server}`,
      message: `Backup {backup_name}\n${sizes}\n{warnings_count} warnings, {errors_count} errors`,
      priority: 'default',
      tags: 'duplicati, duplistatus, success',
    },
    warning: {
      title: `⚠️ {status} - {backup_name} @ ${server}`,
      message: `"{backup_name}": {warnings_count} {errors_count} \${not} {unknown_placeholder}`,
      priority: 'high',
      tags: 'duplicati, duplistatus, warning',
    },
    overdueBackup: {
      title: `🕑 Overdue - {backup_name} @ ${server}`,
      message:
        'Last {last_backup_date} ({last_elapsed}), expected {expected_date} ({expected_elapsed}), ' +
        'every {backup_interval_value} {backup_interval_type}, tolerance {overdue_tolerance}',
      priority: 'urgent',
      tags: 'duplicati, duplistatus, overdue',
    },
  }
}

/** User and password are encrypted with the key in oldSecrets.ts: "backups@mail.example" and "not a real password". */
const smtp = {
  host: 'mail.example',
  port: 587,
  username:
    '2f40b0238728193cd8cdf0480a731fb967ec44cd45550e82e4bef3a0d426b27f:e158ad625612c51981b7256b:e97a6cb00ee0f246d9ca04c9ecef3a78:3e08bba7deabe8ee4633a4fe0357b6fde4ca75b5',
  password:
    'aa010e7c7bda03c0d866cfad4690b361c02a36c54fec28f193f646d4f72680ae:2c7c5505e55a828920ef5f56:5c530a654acfb295fe5098f5a06082dd:03bf1399c9d6ad38fbdaf5790640ee4642223d',
  mailto: 'ops@example.org',
}

const settingsOf08 = {
  ntfy_config: JSON.stringify({ ...ntfy, topic: 'duplistatus-of-0.8' }),
  notification_templates: JSON.stringify(templates('0.8')),
  smtp_config: JSON.stringify({ ...smtp, secure: false }),
}

const settingsOf09 = {
  notification_templates: JSON.stringify({ language: 'en', ...templates('0.8') }),
  smtp_config: JSON.stringify({
    ...smtp,
    connectionType: 'ssl',
    senderName: 'The backups',
    fromAddress: 'backups@example.org',
    requireAuth: true,
  }),
  audit_retention_days: '90',
  master_key_fingerprint: 'a1b2c3d4e5f60718',
}
