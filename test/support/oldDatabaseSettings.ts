// The settings of the old database files: the rows of `configurations` and `db_version`, of which the guide's shape and 0.3
// have none. Keys by name are ambiguous on purpose: machines and jobs have colons in their names, two machines share one.

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
      tasks: { 'overdue-backup-check': { cronExpression: '*/20 * * * *', enabled: true } },
    }),
    last_overdue_check: '2025-05-07T09:00:00.000Z',
    ...(since(shape, '0.7')
      ? { overdue_notifications: JSON.stringify(byJob(shape, overdueByServer)) }
      : { overdue_backup_notifications: JSON.stringify(byJob(shape, overdueByMachine)) }),
    ...(since(shape, '0.8') ? settingsOf08 : {}),
    ...(since(shape, '0.9') ? { audit_retention_days: '90' } : {}),
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
  const weekdays = since(shape, '0.8') ? { allowedWeekDays: [1, 2, 3, 4, 5], time: '02:00' } : {}
  const schedule = (notificationEvent: string, expectedInterval: number | string, intervalUnit: string) => ({
    notificationEvent,
    expectedInterval,
    intervalUnit,
    overdueBackupCheckEnabled: notificationEvent !== 'off',
    ...weekdays,
  })
  return [
    [0, 'Photos: RAW', schedule('warnings', since(shape, '0.8') ? '1D' : 1, 'days')],
    [0, 'Documents', schedule('all', 36, 'hours')],
    // Before 0.7 these two are one key, and the later stood for both machines.
    [1, 'Photos: RAW', schedule('errors', 1, 'day')],
    [2, 'Photos: RAW', schedule('errors', 2, 'day')],
    [2, 'Mail «täglich»', schedule('off', 1, 'hour')],
    // A job and a machine that are no more.
    [0, 'Old: job', schedule('all', 7, 'days')],
    [gone, 'Photos', schedule('all', 7, 'days')],
  ]
}

const lastNotificationSent = '2025-05-06T03:20:00.000Z'

const overdueByMachine: [number, string, object][] = [
  [0, 'Photos: RAW', { lastNotificationSent, lastBackupDate: '2025-05-02T02:00:00.000Z' }],
  [2, 'Mail «täglich»', { lastNotificationSent, lastBackupDate: '2025-05-04T23:59:59.999Z' }],
]

const overdueByServer: [number, string, object][] = [
  [0, 'Photos: RAW', { lastNotificationSent, serverName: 'laptop:bob' }],
  [2, 'Mail «täglich»', { lastNotificationSent, serverName: 'Büro-NAS 東京' }],
]

const ntfy = { url: 'https://ntfy.example/', topic: 'duplistatus-ünïcode', accessToken: 'tk_not_a_real_token' }

function notifications(shape: OldShape) {
  return { ntfy, backupSettings: byJob(shape, schedules(shape).slice(0, 2)), templates: templates(shape) }
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

const settingsOf08 = {
  ntfy_config: JSON.stringify({ ...ntfy, topic: 'duplistatus-of-0.8' }),
  notification_templates: JSON.stringify(templates('0.8')),
  smtp_config: '3f1c0de5:not-to-be-decrypted-without-the-key-file:9a8b7c',
}
