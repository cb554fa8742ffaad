// Changes who may come in without a token.

import type { Context } from '../context.ts'
import { logChange } from './logChange.ts'

/** Afterwards clients of older releases, which send no token, are let in or refused. */
export async function updateAccess(context: Context, requireToken: boolean): Promise<void> {
  const before = await context.database.writer.write(({ tokens }) => {
    const requires = tokens.requiresToken()
    if (requires !== requireToken) tokens.setRequiresToken(requireToken)
    return requires
  })
  if (before === requireToken) return
  logChange(context, {
    action: 'updateAccess',
    target: 'Access',
    before: { requireToken: before },
    after: { requireToken },
  })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Access', key: null })
}
