// Checks what a person wants to change: what may be said, how long it may be, and whether it was changed meanwhile.

import { z } from 'zod'
import { badInput, DomainError, type Issue } from '../domain/errors.ts'
import { maxTagLength, maxTags, tagOf, tagsOf } from '../domain/tags.ts'

/** Text of up to `max` characters, or null. Blank is the same as cleared. */
export const note = (max: number) =>
  z
    .string('must be text or null')
    .max(max, `must not exceed ${max} characters`)
    .transform((value) => value.trim() || null)
    .nullable()

/** A tag, as domain/tags keeps it. */
export const tag = z
  .string('must be text')
  .transform(tagOf)
  .pipe(z.string().min(1, 'must not be blank').max(maxTagLength, `must not exceed ${maxTagLength} characters`))

/** Tags, as domain/tags keeps them; null is the same as none. */
export const tagList = z
  .array(tag, 'must be a list or null')
  .transform(tagsOf)
  .pipe(z.array(z.string()).max(maxTags, `must not hold more than ${maxTags} tags`))
  .nullable()
  .transform((tags) => tags ?? [])

/** The fields that a person may change, each of which may be left out. */
export function changeable<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Intl.ListFormat('en-GB').format(Object.keys(shape))
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `cannot be changed; only ${names} can` : 'must be a JSON object',
  })
}

/**
 * The input, checked.
 *
 * @param what the sentence that the failure begins with
 * @throws DomainError BAD_USER_INPUT with everything that is wrong
 */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw badInput(
    what,
    result.error.issues.flatMap((issue) => {
      const paths = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')]
      return paths.map((path) => ({ path, message: issue.message }))
    }),
  )
}

/**
 * Makes one failure of everything that several checks find wrong.
 *
 * @param what the sentence that the failure begins with
 * @param checks each with the path of what it checks within the input; '' is the input itself
 * @returns what the checks return
 * @throws DomainError BAD_USER_INPUT, and what the checks throw beside that
 */
export function checkedTogether<Results extends unknown[]>(
  what: string,
  ...checks: { [Index in keyof Results]: [path: string, check: () => Results[Index]] }
): Results {
  const issues: Issue[] = []
  const results = checks.map(([at, check]) => {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'BAD_USER_INPUT') throw error
      for (const { path, message } of error.issues) issues.push({ path: [at, path].filter(Boolean).join('.'), message })
      return undefined
    }
  })
  if (issues.length > 0) throw badInput(what, issues)
  return results as Results
}

/**
 * What was found, if nobody changed it after the given moment.
 *
 * @param id as clients name it, like `Server:1`
 * @throws DomainError NOT_FOUND, CONFLICT
 */
export function unmodified<Found extends { updatedAt: Date }>(
  found: Found | undefined,
  id: string,
  since: Date | null | undefined,
): Found {
  if (!found) throw new DomainError('NOT_FOUND', `There is no ${id}.`)
  if (since && found.updatedAt > since) {
    throw new DomainError('CONFLICT', `${id} was changed at ${found.updatedAt.toISOString()}; read it again.`)
  }
  return found
}
