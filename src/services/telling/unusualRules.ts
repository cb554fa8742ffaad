// Says from where on something is unusual.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { UnusualRule } from '../../database/tables/unusualRuleTable.ts'
import { badInput, DomainError } from '../../domain/errors.ts'
import { limitsOf, type UnusualKind, type UnusualLimits, unusualKinds } from '../../domain/unusual/limits.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked, tag } from '../input.ts'

/** The least and the most that a threshold can be. Less than a day without a success is OVERDUE's to tell. */
const bounds: Record<UnusualKind, [least: number, most: number]> = {
  MANY_FILES_CHANGED: [1, 1e12],
  TOOK_LONG: [1, 366 * 24 * 3600],
  FEWER_VERSIONS: [1, 1e6],
  DESTINATION_FILLS_UP: [1, 730],
  NO_SUCCESS: [1, 3660],
}

const ruleInput = z
  .object({ kind: z.enum(unusualKinds), tag: tag.nullable(), threshold: z.number().nullable() })
  .superRefine(({ kind, threshold }, context) => {
    const [least, most] = bounds[kind]
    if (threshold !== null && (threshold < least || threshold > most)) {
      context.addIssue({ code: 'custom', path: ['threshold'], message: `must be from ${least} to ${most}, or null` })
    }
  })

/**
 * Says from where on something is unusual of a job, of the jobs of a tag, or everywhere, in place of what was said before. Runs
 * that are recorded from now on are judged by it.
 *
 * @param input `{ kind, tag, threshold }`, not yet validated
 * @returns the number of the rule
 * @throws DomainError BAD_USER_INPUT, NOT_FOUND
 */
export async function setUnusualRule(context: Context, jobId: number | null, input: unknown): Promise<number> {
  const given = checked(ruleInput, input, 'The rule is not valid')
  if (jobId !== null && given.tag !== null) {
    throw badInput('A rule applies to one of them', [{ path: 'tag', message: 'must be left out if job is given' }])
  }
  const after: UnusualRule = { ...given, jobId }
  const { id, before } = await context.database.writer.write(({ unusualRules, jobs }) => {
    if (jobId !== null && jobs.serverOf(jobId) === undefined) throw notFound(`BackupJob:${jobId}`)
    const before = unusualRules.find(after) ?? null
    return { before, id: unusualRules.set(after, context.clock()) }
  })
  if (!isDeepStrictEqual(before, after)) {
    logChange(context, { action: 'setUnusualRule', target: `UnusualRule:${id}`, before, after })
    context.events.publish('changed', { kind: 'SETTINGS', type: 'UnusualRule', key: id })
  }
  return id
}

/** @throws DomainError NOT_FOUND */
export async function deleteUnusualRule(context: Context, id: number): Promise<void> {
  const before = await context.database.writer.write(({ unusualRules }) => unusualRules.remove(id))
  const target = `UnusualRule:${id}`
  if (!before) throw notFound(target)
  logChange(context, { action: 'deleteUnusualRule', target, before, after: null })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'UnusualRule', key: id })
}

/** From where on something is unusual about a job. */
export function unusualLimits({ database }: Context, jobId: number, serverId: number): UnusualLimits {
  return database.writer.read(({ unusualRules }) => limitsOf(unusualRules.fitting(jobId, serverId)))
}

function notFound(id: string) {
  return new DomainError('NOT_FOUND', `There is no ${id}.`)
}
