// The kinds of channel there are.

import type { ChannelKind } from './channel.ts'
import { email } from './email.ts'
import { ntfy } from './ntfy.ts'
import { webhook } from './webhook.ts'

/** By name. GraphQL makes its input and output types by going over their fields. */
export const channelKinds: Record<string, ChannelKind> = Object.fromEntries(
  ([ntfy, email, webhook] as ChannelKind[]).map((kind) => [kind.kind, kind]),
)
