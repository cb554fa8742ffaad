// What goes wrong in a run, and what Duplicati says of it.

import type { Line } from './logLines.ts'
import type { Machine, Release, TroubleName } from './machine.ts'
import type { Random } from './random.ts'

export interface Trouble {
  result: 'Success' | 'Warning' | 'Error' | 'Fatal'
  lines: Line[]
  /** What ended the run. */
  thrown?: Thrown
  /** Seconds until then, if that takes long. */
  patience?: number
  /** The run stopped before everything was backed up. */
  partial?: true
  quotaWarning?: true
  retries?: number
  /** Bytes of a file that does not belong to the backup. */
  unknownSize?: number
  /** A remote file that verification found broken. */
  broken?: string
}

export interface Thrown {
  type: string
  message: string
  stack: string
}

interface Scene {
  random: Random
  machine: Machine
  release: Release
}

export const troubles = {
  retried: ({ random }) => ({ result: 'Success', lines: [], retries: random.whole(1, 4) }),
  lockedFiles: (scene) => {
    const { random } = scene
    const files = random.chance(0.06) ? random.whole(101, 140) : random.whole(1, 4)
    return {
      result: 'Warning',
      lines: Array.from({ length: files }, () => fileLine(scene, 'FileLocked', 'System.IO.IOException', inUse)),
    }
  },
  deniedFiles: (scene) => ({
    result: 'Warning',
    lines: Array.from({ length: scene.random.whole(1, 3) }, () =>
      fileLine(scene, 'PermissionDenied', 'System.UnauthorizedAccessException', denied),
    ),
  }),
  unknownFile: ({ random }) => ({
    result: 'Warning',
    lines: [line('Warning', 'Operation.FilelistProcessor-ExtraUnknownFile', `Extra unknown file: ${volume(random)}`)],
    unknownSize: random.whole(1, 50) * 2 ** 20,
  }),
  stopped: () => ({ result: 'Warning', lines: [], partial: true }),
  brokenVolume: ({ random, machine }) => {
    const file = volume(random)
    const text = `Failed to process file ${file}${newline(machine)}System.IO.InvalidDataException: Hash mismatch on file "${file}"`
    return { result: 'Error', lines: [line('Error', 'Operation.TestHandler-FailedToProcessFile', text)], broken: file }
  },
  timedOut: ({ machine }) => ({
    ...fatal(machine, {
      type: 'System.TimeoutException',
      message: 'The operation has timed out.',
      stack: 'Duplicati.Library.Main.Backend.BackendManager.ListAsync(CancellationToken cancelToken)',
    }),
    patience: 900,
  }),
  loginRefused: ({ machine }) =>
    fatal(machine, {
      type: 'Renci.SshNet.Common.SshAuthenticationException',
      message: 'Permission denied (publickey).',
      stack: 'Renci.SshNet.ClientAuthentication.Authenticate(IConnectionInfoInternal connectionInfo, ISession session)',
    }),
  accessRefused: ({ machine }) => ({
    ...fatal(machine, {
      type: 'System.Net.Http.HttpRequestException',
      message: 'Response status code does not indicate success: 401 (Unauthorized).',
      stack: 'System.Net.Http.HttpResponseMessage.EnsureSuccessStatusCode()',
    }),
    patience: 12,
  }),
  remoteMissing: ({ random, machine }) => {
    const missing = line('Warning', 'Operation.FilelistProcessor-MissingFile', `Missing file: ${volume(random)}`)
    const { lines, ...rest } = fatal(machine, {
      type: 'Duplicati.Library.Interface.RemoteListVerificationException',
      message: 'Found 1 files that are missing from the remote storage, please run repair',
      stack:
        'Duplicati.Library.Main.Operation.FilelistProcessor.VerifyRemoteList(IBackendManager backend, Options options)',
    })
    return { ...rest, lines: [missing, ...lines] }
  },
  sourceMissing: ({ machine }) => {
    const folder = machine.system.operatingSystem === 'Windows' ? 'E:\\' : '/mnt/archive/'
    return fatal(machine, {
      type: 'Duplicati.Library.Interface.UserInformationException',
      message: `Backup aborted since the source path ${folder} does not exist. Please verify that the source path exists, or remove the source path from the backup configuration, or set the allow-missing-source option.`,
      stack: 'Duplicati.Library.Main.Controller.ExpandInputSources(String[] inputsources, IFilter filter)',
    })
  },
} satisfies Record<TroubleName, (scene: Scene) => Trouble>

/** An exception as Duplicati writes it: type, message, stack. */
export function thrownText({ type, message, stack }: Thrown, machine: Machine): string {
  return `${type}: ${message}${newline(machine)}   at ${stack}`
}

/** The name of a file at the destination. */
export function volume(random: Random, kind: 'dblock' | 'dindex' = 'dblock'): string {
  return `duplicati-${kind === 'dblock' ? 'b' : 'i'}${random.id()}.${kind}.zip.aes`
}

const inUse = (path: string) =>
  `The process cannot access the file '${path}' because it is being used by another process.`
const denied = (path: string) => `Access to the path '${path}' is denied.`

function line(level: Line['level'], id: string, text: string): Line {
  return { level, id, text }
}

/** Releases from 2.3.0.4 on do not name files. */
function fileLine({ random, machine, release }: Scene, id: string, type: string, problem: (path: string) => string) {
  const path = release.minor >= 2.3 ? '-redacted-' : random.pick(machine.awkwardFiles)
  const thrown = {
    type,
    message: problem(path),
    stack:
      'Microsoft.Win32.SafeHandles.SafeFileHandle.CreateFile(String fullPath, FileMode mode, FileAccess access, FileShare share, FileOptions options)',
  }
  const text = `Failed to process file ${path}${newline(machine)}${thrownText(thrown, machine)}`
  return line('Warning', `Operation.Backup.FileBlockProcessor.FileEntry-${id}`, text)
}

function fatal(machine: Machine, thrown: Thrown) {
  const text = `${newline(machine)}${thrownText(thrown, machine)}`
  const lines = [
    line('Error', 'Operation.BackupHandler-FatalError', `Fatal error${text}`),
    line('Error', 'Controller-FailedOperation', `The operation Backup has failed${text}`),
  ]
  return { result: 'Fatal' as const, lines, thrown }
}

function newline({ system }: Machine): string {
  return system.operatingSystem === 'Windows' ? '\r\n' : '\n'
}
