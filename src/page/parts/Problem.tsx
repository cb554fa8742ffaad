// What went wrong, where it went wrong.

import type { CombinedError } from '@urql/core'
import { messageOf } from '../client/client.ts'

export function Problem({ error }: { error: CombinedError | undefined }) {
  if (!error) return null
  return (
    <p class="problem" role="alert">
      {messageOf(error)}
    </p>
  )
}
