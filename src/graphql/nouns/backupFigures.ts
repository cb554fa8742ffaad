// The figures of a run, grouped by what they are of.

import { builder } from '../builder.ts'

export const BackupSource = builder.prismaObject('Backup', {
  variant: 'BackupSource',
  description: 'What a run found at the source.',
  select: {},
  fields: (t) => ({
    openedFiles: t.expose('openedFiles', { type: 'BigInt', description: 'Files opened to look for changes.' }),
    addedFiles: t.expose('addedFiles', { type: 'BigInt', description: 'New files.' }),
    modifiedFiles: t.expose('modifiedFiles', { type: 'BigInt', description: 'Changed files.' }),
    deletedFiles: t.expose('deletedFiles', { type: 'BigInt', description: 'Deleted files.' }),
    timestampChangedFiles: t.expose('timestampChangedFiles', {
      type: 'BigInt',
      description: 'Files whose timestamp changed, but not their content.',
    }),
    notProcessedFiles: t.expose('notProcessedFiles', { type: 'BigInt', description: 'Files that were not examined.' }),
    tooLargeFiles: t.expose('tooLargeFiles', {
      type: 'BigInt',
      description: 'Files that were skipped because of their size.',
    }),
    filesWithError: t.expose('filesWithError', { type: 'BigInt', description: 'Files that could not be read.' }),
    addedFolders: t.expose('addedFolders', { type: 'BigInt', description: 'New folders.' }),
    modifiedFolders: t.expose('modifiedFolders', { type: 'BigInt', description: 'Changed folders.' }),
    deletedFolders: t.expose('deletedFolders', { type: 'BigInt', description: 'Deleted folders.' }),
    addedSymlinks: t.expose('addedSymlinks', { type: 'BigInt', description: 'New symbolic links.' }),
    modifiedSymlinks: t.expose('modifiedSymlinks', { type: 'BigInt', description: 'Changed symbolic links.' }),
    deletedSymlinks: t.expose('deletedSymlinks', { type: 'BigInt', description: 'Deleted symbolic links.' }),
    openedSize: t.expose('openedSize', { type: 'BigInt', description: 'Bytes of the opened files.' }),
    addedSize: t.expose('addedSize', { type: 'BigInt', description: 'Bytes of the new files.' }),
    modifiedSize: t.expose('modifiedSize', { type: 'BigInt', description: 'Bytes of the changed files.' }),
  }),
})

export const BackupDestination = builder.prismaObject('Backup', {
  variant: 'BackupDestination',
  description: 'What a run did and found at its destination.',
  select: {},
  fields: (t) => ({
    type: t.exposeString('destinationType', {
      nullable: true,
      description: 'The kind of destination, such as `s3` or `file`; null if the report does not say.',
    }),
    hostSuffix: t.exposeString('destinationHostSuffix', {
      nullable: true,
      description: 'The end of the host name, such as `.amazonaws.com`; null if the report does not say.',
    }),
    storedFiles: t.expose('storedFiles', {
      type: 'BigInt',
      nullable: true,
      description: 'Files of the backup there; null if the run ended before the destination was listed.',
    }),
    unknownFiles: t.expose('unknownFiles', {
      type: 'BigInt',
      description: 'Files there that do not belong to the backup.',
    }),
    unknownSize: t.expose('unknownSize', { type: 'BigInt', description: 'Bytes of those files.' }),
    lastVersionAt: t.expose('lastBackupAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The newest version there at the last listing; null if it was never listed.',
    }),
    uploadedFiles: t.expose('uploadedFiles', { type: 'BigInt', description: 'Remote files uploaded.' }),
    downloadedFiles: t.expose('downloadedFiles', { type: 'BigInt', description: 'Remote files downloaded.' }),
    downloadedSize: t.expose('downloadedSize', { type: 'BigInt', description: 'Bytes downloaded.' }),
    deletedFiles: t.expose('deletedRemoteFiles', { type: 'BigInt', description: 'Remote files deleted.' }),
    createdFolders: t.expose('createdRemoteFolders', { type: 'BigInt', description: 'Remote folders created.' }),
    remoteCalls: t.expose('remoteCalls', { type: 'BigInt', description: 'Calls to the destination.' }),
    retries: t.expose('retries', { type: 'BigInt', description: 'Transfers that had to be tried again.' }),
    totalQuota: t.expose('totalQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Capacity of the destination in bytes; null if it does not report it.',
    }),
    freeQuota: t.expose('freeQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Free space there in bytes; null if it does not report it.',
    }),
    assignedQuota: t.expose('assignedQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Quota assigned to this backup in bytes; null if there is none.',
    }),
    quotaError: t.exposeBoolean('quotaError', { description: 'Whether the quota is exceeded.' }),
    quotaWarning: t.exposeBoolean('quotaWarning', { description: 'Whether the quota is nearly exceeded.' }),
  }),
})

export const DuplicatiClient = builder.prismaObject('Backup', {
  variant: 'DuplicatiClient',
  description: 'The Duplicati that made the run.',
  select: {},
  fields: (t) => ({
    version: t.exposeString('version', { nullable: true, description: 'Its version, as it reports it.' }),
    operatingSystem: t.exposeString('operatingSystem', { nullable: true, description: 'Windows, Linux or MacOS.' }),
    operatingSystemDetail: t.exposeString('operatingSystemDetail', {
      nullable: true,
      description: 'Its exact release.',
    }),
    installationType: t.exposeString('installationType', { nullable: true, description: 'How it was installed.' }),
    updateChannel: t.exposeString('updateChannel', { nullable: true, description: 'Stable, Beta or another channel.' }),
  }),
})
