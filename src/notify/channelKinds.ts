// The kinds of channel there are.

import { apprise } from './apprise.ts'
import type { ChannelKind } from './channel.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import { gotify } from './gotify.ts'
import { ntfy } from './ntfy.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

/** By name. GraphQL makes its input and output types by going over their fields. */
export const channelKinds: Record<string, ChannelKind> = Object.fromEntries(
  ([ntfy, email, webhook, discord, slack, teams, telegram, gotify, apprise] as ChannelKind[]).map((kind) => [
    kind.kind,
    kind,
  ]),
)
