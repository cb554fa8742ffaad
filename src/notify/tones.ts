// What a message means to whoever glances at it: services show it by a colour or a sign.

import type { OutgoingMessage } from './channel.ts'

export type Tone = 'FAILURE' | 'WARNING' | 'SUCCESS' | 'INFO'

export const tones: Record<OutgoingMessage['event'], Tone> = {
  OVERDUE: 'FAILURE',
  FAILED: 'FAILURE',
  WARNING: 'WARNING',
  SUCCESS: 'SUCCESS',
  RECOVERED: 'SUCCESS',
  TEST: 'INFO',
}
