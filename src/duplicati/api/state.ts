// What a Duplicati is doing.

import { z } from 'zod'
import type { Int64 } from '../../domain/report.ts'
import { DuplicatiProblem } from './problem.ts'
import type { Duplicati } from './session.ts'
import { idText, optionalId, optionalInt64, optionalText, optionalTime, shownText } from './values.ts'

export interface ServerState {
  /** The task that runs, and its job if it is of one. */
  active: { taskId: string; jobId: string | null } | null
  /** The tasks that wait. */
  queued: { taskId: string; jobId: string | null }[]
  paused: boolean
  /** Null if it is paused until somebody resumes it. */
  pausedUntil: Date | null
  /** When jobs are due next; while it is paused, not the times that have passed, which come first when it is resumed. */
  proposed: { jobId: string; at: Date | null }[]
}

export interface Progress {
  jobId: string | null
  taskId: string | null
  /** Such as `Backup_ProcessingFiles`; `Backup_Complete` and `Error` when it has ended. */
  phase: string | null
  /** From 0 to 1. Stays 0 during an upload: files and bytes tell more. */
  fraction: number | null
  processedFiles: Int64 | null
  processedSize: Int64 | null
  totalFiles: Int64 | null
  totalSize: Int64 | null
  /** The totals still grow. */
  counting: boolean
}

export interface Task {
  id: string
  /** `Running`, `Waiting`, `Completed` or `Failed`; in 2.1.0 a failed one is `Completed` too. */
  status: string | null
  /** The times are null before 2.1.2, and while there are none. */
  startedAt: Date | null
  finishedAt: Date | null
  errorMessage: string | null
}

const pair = z
  .object({ Item1: idText, Item2: optionalId })
  .transform(({ Item1, Item2 }) => ({ taskId: Item1, jobId: Item2 }))
const proposal = z
  .object({ Item1: idText, Item2: optionalTime })
  .transform(({ Item1, Item2 }) => ({ jobId: Item1, at: Item2 }))

const serverState = z
  .object({
    ActiveTask: pair.nullish(),
    SchedulerQueueIds: z.array(pair).nullish(),
    ProgramState: z.string(),
    EstimatedPauseEnd: optionalTime,
    ProposedSchedule: z.array(proposal).nullish(),
  })
  .transform((state): ServerState => {
    const paused = state.ProgramState === 'Paused'
    return {
      active: state.ActiveTask ?? null,
      queued: state.SchedulerQueueIds ?? [],
      paused,
      pausedUntil: paused ? state.EstimatedPauseEnd : null,
      proposed: state.ProposedSchedule ?? [],
    }
  })

const progress = z
  .object({
    BackupID: optionalId,
    TaskID: optionalId,
    Phase: optionalText,
    OverallProgress: z.number().min(0).max(1).nullable().catch(null),
    ProcessedFileCount: optionalInt64,
    ProcessedFileSize: optionalInt64,
    TotalFileCount: optionalInt64,
    TotalFileSize: optionalInt64,
    StillCounting: z.boolean().catch(false),
  })
  .transform(
    (state): Progress => ({
      jobId: state.BackupID,
      taskId: state.TaskID,
      phase: state.Phase,
      fraction: state.OverallProgress,
      processedFiles: state.ProcessedFileCount,
      processedSize: state.ProcessedFileSize,
      totalFiles: state.TotalFileCount,
      totalSize: state.TotalFileSize,
      counting: state.StillCounting,
    }),
  )

const task = z
  .object({
    ID: idText,
    Status: optionalText,
    TaskStarted: optionalTime,
    TaskFinished: optionalTime,
    ErrorMessage: shownText,
  })
  .transform(
    (state): Task => ({
      id: state.ID,
      status: state.Status,
      startedAt: state.TaskStarted,
      finishedAt: state.TaskFinished,
      errorMessage: state.ErrorMessage,
    }),
  )

export function readServerState(duplicati: Duplicati): Promise<ServerState> {
  return duplicati.get('api/v1/serverstate', serverState)
}

/**
 * The progress of the task that runs, or else of the last one: `readServerState` tells whether one does. Null if none ran since
 * Duplicati was started.
 */
export function readProgress(duplicati: Duplicati): Promise<Progress | null> {
  return unlessAbsent(duplicati.get('api/v1/progressstate', progress))
}

/** The tasks that run or wait. */
export function readTasks(duplicati: Duplicati): Promise<Task[]> {
  return duplicati.get('api/v1/tasks', z.array(task))
}

/** A task, also one that has ended; null if it was before Duplicati was started. */
export function readTask(duplicati: Duplicati, taskId: string): Promise<Task | null> {
  return unlessAbsent(duplicati.get(`api/v1/task/${encodeURIComponent(taskId)}`, task))
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof DuplicatiProblem && error.kind === 'NOT_FOUND') return null
    throw error
  }
}
