// The names of all settings that the releases 0.6 to 1.4 wrote, as found in files of each of them: the keys of `configurations`, with the
// fields of each, at whatever depth.

const templates = ['success', 'warning', 'overdueBackup', 'title', 'message', 'priority', 'tags']
const ntfy = ['url', 'topic', 'accessToken']
const told = ['lastNotificationSent', 'serverName', 'lastBackupDate']
const jobs = [
  'notificationEvent',
  'overdueBackupCheckEnabled',
  'expectedInterval',
  'intervalUnit',
  'machineName',
  'allowedWeekDays',
  'time',
  'ntfyEnabled',
  'emailEnabled',
  'lastBackupDate',
  'additionalEmails',
  'additionalNtfyTopic',
  'additionalNotificationEvent',
  '__default__',
]

export const oldSettingNames: Record<string, string[]> = {
  'notifications.ntfy': ntfy,
  'notifications.backupSettings': jobs,
  'notifications.templates': templates,
  'notifications.serverAddresses': [],
  ntfy_config: ntfy,
  notification_templates: [...templates, 'language'],
  smtp_config: [
    'host',
    'port',
    'username',
    'password',
    'mailto',
    'connectionType',
    'secure',
    'senderName',
    'fromAddress',
    'requireAuth',
  ],
  backup_settings: jobs,
  overdue_tolerance: [],
  notification_frequency: [],
  cron_service: ['port', 'tasks', 'overdue-backup-check', 'audit-log-cleanup', 'cronExpression', 'enabled'],
  overdue_backup_notifications: told,
  overdue_notifications: told,
  last_overdue_check: [],
  audit_retention_days: [],
  master_key_fingerprint: [],
}
