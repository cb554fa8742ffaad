// What the parts of a run did: compaction, retention, verification and the like.

import { builder } from '../builder.ts'

/** The stored form of domain/report.ts' SubResults: times as ISO text, whole numbers beyond 2^53 as digits. */
interface Parts {
  compaction?: Compaction
  retention?: { deletedVersions: number; deletedAt: string[] }
  verification?: { checkedFiles: number; problems: { file: string; status: string; text: string | null }[] }
  repair?: { recreatedDatabase: boolean }
  vacuum?: true
  lock?: { volumesRead: number | string; volumesUpdated: number | string }
  synchronizations?: Synchronization[]
}

type Compaction = Record<
  'deletedFiles' | 'downloadedFiles' | 'uploadedFiles' | 'deletedSize' | 'downloadedSize' | 'uploadedSize',
  number | string
>

type Synchronization = Record<
  'copiedFiles' | 'deletedFiles' | 'renamedFiles' | 'verifiedFiles' | 'failedVerifications' | 'copiedSize',
  number | string
>

const Compaction = builder.objectRef<Compaction>('Compaction').implement({
  description: 'The result of compacting the files at the destination.',
  fields: (t) => ({
    deletedFiles: t.expose('deletedFiles', { type: 'BigInt', description: 'Remote files deleted.' }),
    downloadedFiles: t.expose('downloadedFiles', { type: 'BigInt', description: 'Remote files downloaded.' }),
    uploadedFiles: t.expose('uploadedFiles', { type: 'BigInt', description: 'Remote files uploaded.' }),
    deletedSize: t.expose('deletedSize', { type: 'BigInt', description: 'Bytes deleted at the destination.' }),
    downloadedSize: t.expose('downloadedSize', { type: 'BigInt', description: 'Bytes downloaded.' }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes uploaded.' }),
  }),
})

const Retention = builder.objectRef<NonNullable<Parts['retention']>>('Retention').implement({
  description: 'The versions that the retention rules removed.',
  fields: (t) => ({
    deletedVersions: t.exposeInt('deletedVersions', { description: 'How many versions were deleted.' }),
    deletedAt: t.expose('deletedAt', {
      type: ['DateTime'],
      description: 'The times of the deleted versions; Duplicati names at most 20.',
    }),
  }),
})

const VerificationProblem = builder
  .objectRef<NonNullable<Parts['verification']>['problems'][number]>('VerificationProblem')
  .implement({
    description: 'A problem with a remote file.',
    fields: (t) => ({
      file: t.exposeString('file', { description: 'The name of the remote file.' }),
      status: t.exposeString('status', { description: 'Missing, Extra, Modified or Error.' }),
      text: t.exposeString('text', { nullable: true, description: 'Details; null if Duplicati gives none.' }),
    }),
  })

const Verification = builder.objectRef<NonNullable<Parts['verification']>>('Verification').implement({
  description: 'The result of downloading and verifying samples.',
  fields: (t) => ({
    checkedFiles: t.exposeInt('checkedFiles', { description: 'How many remote files were checked.' }),
    problems: t.expose('problems', {
      type: [VerificationProblem],
      description: 'The problems found, at most 100. Duplicati reports problems for at most 20 files.',
    }),
  }),
})

const ObjectLock = builder.objectRef<NonNullable<Parts['lock']>>('ObjectLock').implement({
  description: 'The result of extending the object locks at the destination.',
  fields: (t) => ({
    volumesRead: t.expose('volumesRead', { type: 'BigInt', description: 'Volumes examined.' }),
    volumesUpdated: t.expose('volumesUpdated', { type: 'BigInt', description: 'Volumes whose lock was extended.' }),
  }),
})

const Synchronization = builder.objectRef<Synchronization>('Synchronization').implement({
  description: 'The result of copying the backup to another destination.',
  fields: (t) => ({
    copiedFiles: t.expose('copiedFiles', { type: 'BigInt', description: 'Files copied.' }),
    deletedFiles: t.expose('deletedFiles', { type: 'BigInt', description: 'Files deleted there.' }),
    renamedFiles: t.expose('renamedFiles', { type: 'BigInt', description: 'Files renamed there.' }),
    verifiedFiles: t.expose('verifiedFiles', { type: 'BigInt', description: 'Files verified there.' }),
    failedVerifications: t.expose('failedVerifications', {
      type: 'BigInt',
      description: 'Files that failed the verification.',
    }),
    copiedSize: t.expose('copiedSize', { type: 'BigInt', description: 'Bytes copied.' }),
  }),
})

const BackupParts = builder.objectRef<Parts>('BackupParts').implement({
  description: 'The results of the parts of a run. A part that did not take place is null.',
  fields: (t) => ({
    compaction: t.field({
      type: Compaction,
      nullable: true,
      description: 'Compacting the files at the destination; also set if it was considered but not needed.',
      resolve: (parts) => parts.compaction ?? null,
    }),
    retention: t.field({
      type: Retention,
      nullable: true,
      description: 'Deletion of old versions by a retention option.',
      resolve: (parts) => parts.retention ?? null,
    }),
    verification: t.field({
      type: Verification,
      nullable: true,
      description: 'Verification of samples at the destination.',
      resolve: (parts) => parts.verification ?? null,
    }),
    repaired: t.boolean({
      description: 'Whether the local database was repaired.',
      resolve: (parts) => parts.repair !== undefined,
    }),
    recreatedDatabase: t.boolean({
      description: 'Whether the local database was rebuilt from the destination.',
      resolve: (parts) => parts.repair?.recreatedDatabase ?? false,
    }),
    vacuumed: t.boolean({
      description: 'Whether the local database was vacuumed.',
      resolve: (parts) => parts.vacuum ?? false,
    }),
    objectLock: t.field({
      type: ObjectLock,
      nullable: true,
      description: 'Extension of object locks.',
      resolve: (parts) => parts.lock ?? null,
    }),
    synchronizations: t.field({
      type: [Synchronization],
      description: 'Copies to other destinations, in the order of the report.',
      resolve: (parts) => parts.synchronizations ?? [],
    }),
  }),
})

builder.prismaObjectField('Backup', 'parts', (t) =>
  t.field({
    type: BackupParts,
    nullable: true,
    description: 'The results of the parts of the run, such as retention; null if it had no parts.',
    select: { subResults: true },
    resolve: ({ subResults }) => (subResults === null ? null : (JSON.parse(subResults) as Parts)),
  }),
)
