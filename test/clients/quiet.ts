// Fails a test in which a client is not content with the schema: caches say so on the console, and go on.

import { expect, onTestFinished, vi } from 'vitest'

export function expectQuiet() {
  const spies = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
  onTestFinished(() => {
    const said = spies.flatMap((spy) => spy.mock.calls)
    for (const spy of spies) spy.mockRestore()
    expect(said).toEqual([])
  })
}
