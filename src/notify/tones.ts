// The tone of a message, which services show as a colour or a symbol.

import type { OutgoingMessage } from './channel.ts'

export type Tone = 'FAILURE' | 'WARNING' | 'SUCCESS' | 'INFO'

export const tones: Record<OutgoingMessage['event'], Tone> = {
  OVERDUE: 'FAILURE',
  FAILED: 'FAILURE',
  WARNING: 'WARNING',
  SUCCESS: 'SUCCESS',
  RECOVERED: 'SUCCESS',
  UNUSUAL: 'WARNING',
  DIGEST: 'INFO',
  TEST: 'INFO',
}
