// Sends one message through a stored channel, whose secrets are opened for that alone.

import type { StoredChannel } from '../../database/tables/channelTable.ts'
import { DomainError } from '../../domain/errors.ts'
import { ChannelError, type ChannelSettings, type OutgoingMessage } from '../../notify/channel.ts'
import { channelKinds } from '../../notify/channelKinds.ts'
import { sendMessage } from '../../notify/sendMessage.ts'
import { openedSettings } from '../../notify/settings.ts'
import type { Context } from '../context.ts'

/**
 * @param signal ends the attempt
 * @returns what the far end answered
 * @throws ChannelError, also if the channel's secrets cannot be read: the key may come back
 */
export async function sendThrough(
  { secrets }: Context,
  channel: StoredChannel,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<string> {
  const kind = channelKinds[channel.kind]
  if (!kind)
    throw new ChannelError(`This release does not support channels of the kind ${channel.kind}.`, { permanent: false })
  const stored = { settings: channel.settings as ChannelSettings, secrets: channel.secrets }
  let settings: ChannelSettings
  try {
    settings = openedSettings(kind, stored, (name, sealed) => secrets.open(sealed, secretPurpose(channel.id, name)))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new ChannelError(error.message, { permanent: false })
  }
  return sendMessage(kind, settings, message, signal)
}

/** What a secret of a channel is encrypted for. */
export function secretPurpose(channelId: number, name: string): string {
  return `Channel:${channelId} ${name}`
}
