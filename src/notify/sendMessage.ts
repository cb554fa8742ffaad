// Sends a message through a channel of any kind, and sees to it that nothing comes back that may not be kept or shown.

import {
  ChannelError,
  type ChannelKind,
  type ChannelSettings,
  type OutgoingMessage,
  type SettingValue,
} from './channel.ts'

/** The most that is kept of what a far end says, in characters. */
const answerLength = 500

/**
 * Sends the message, and waits until the far end has taken it.
 *
 * @param settings complete, as `openedSettings` makes them
 * @param signal ends the attempt, which then has failed
 * @returns what the far end answered: one line of at most 500 characters, without the channel's secrets
 * @throws ChannelError, and nothing else, with a message like that; its `permanent` says whether to try again
 */
export async function sendMessage(
  kind: ChannelKind,
  settings: ChannelSettings,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<string> {
  const secrets = Object.entries(kind.fields).flatMap(([name, { secret }]) => (secret ? partsOf(settings[name]) : []))
  const presentable = (text: string) => shortened(withoutSecrets(text, secrets))
  try {
    return presentable(await kind.send(settings, message, signal))
  } catch (error) {
    const { message, permanent, retryAfterMs } =
      error instanceof ChannelError ? error : new ChannelError(String(error), { permanent: false })
    throw new ChannelError(presentable(message), { permanent, retryAfterMs })
  }
}

/** A secret, and the long ones of several that it holds, between commas or spaces: a server may repeat one of them. */
function partsOf(secret: SettingValue | undefined): string[] {
  if (typeof secret !== 'string' || secret === '') return []
  return [secret, ...secret.split(/[\s,]+/).filter((part) => part.length >= 8)]
}

/**
 * Some servers repeat what they were sent, in their errors above all: as it is, in an address, or in Base64 with more around it,
 * as passwords are sent (RFC 4616 for SMTP, RFC 7617 for HTTP).
 */
function withoutSecrets(text: string, secrets: string[]): string {
  const inBase64 = (word: string) => secrets.some((secret) => Buffer.from(word, 'base64').includes(secret))
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((rest, secret) => rest.replaceAll(secret, '•••'), text)
    .replace(/[\w+/-]{4,}=*/g, (word) => (inBase64(word) ? '•••' : word))
}

function shortened(text: string): string {
  const characters = [...text.replace(/[\s\p{Cc}]+/gu, ' ').trim()]
  return characters.length <= answerLength ? characters.join('') : `${characters.slice(0, answerLength - 1).join('')}…`
}
