// A message as channels get it, and an attempt to send it.

import { ChannelError, type ChannelSettings, type OutgoingMessage } from '../../src/notify/channel.ts'
import { channelKinds } from '../../src/notify/channelKinds.ts'
import { sendMessage } from '../../src/notify/sendMessage.ts'

const job: OutgoingMessage['jobs'][number] = {
  id: 7,
  name: 'Photos',
  server: { id: 1, name: 'nas-01', url: 'https://nas-01.example:8200/' },
  state: 'OVERDUE',
  dueAt: new Date('2026-08-01T10:00:00.000Z'),
  backupId: 123,
}

export const outgoing: OutgoingMessage = {
  key: '0c3a5f0e-5d0b-4d5e-9c1a-7f2b6f7c9a01',
  event: 'OVERDUE',
  createdAt: new Date('2026-08-01T12:00:00.000Z'),
  title: 'Photos on nas-01 is overdue',
  message: 'It was due 2 hours ago.\nLast run: yesterday.',
  priority: 'HIGH',
  tags: ['warning', 'duplistatus'],
  link: null,
  actions: [],
  job,
  jobs: [job],
}

/** What an attempt to send it comes to. */
export async function attempt(
  kind: string,
  settings: ChannelSettings,
  message: Partial<OutgoingMessage> = {},
  signal = AbortSignal.timeout(10_000),
): Promise<{ answer: string } | { error: string; permanent: boolean; retryAfterMs: number | null }> {
  const found = channelKinds[kind]
  if (!found) throw new Error(`There is no kind ${kind}.`)
  try {
    return { answer: await sendMessage(found, settings, { ...outgoing, ...message }, signal) }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    const { message, permanent, retryAfterMs } = error
    return { error: message, permanent, retryAfterMs }
  }
}
