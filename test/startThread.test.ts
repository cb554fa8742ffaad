// Threads from their sources, as while developing. All other tests have them from the build.

import { once } from 'node:events'
import { copyFileSync, existsSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { startThread } from '../src/startThread.ts'
import { compiled, emptyDatabase } from './support/compiled.ts'
import { newPlace } from './support/folders.ts'

const threads = [
  ['duplicati/reportText.ts', 'reportThread'],
  ['database/file/copyFolder.ts', 'copyThread'],
  ['database/takeOver/check.ts', 'checkThread'],
] as const

it.each(threads)('beside %s there is %s, which starts', async (besides, name) => {
  const thread = startThread(new URL(`../src/${besides}`, import.meta.url).href, name)
  onTestFinished(async () => void (await thread.terminate()))
  const [file, target] = [newPlace(), newPlace()]
  copyFileSync(emptyDatabase(), file)
  // The order of the one is no order for the others, which say so.
  thread.postMessage({ file, target, work: file, result: target })
  const answer = await Promise.race([once(thread, 'message'), once(thread, 'error')]).catch((error) => [error])
  if (name === 'reportThread') expect(String(answer[0]?.stack ?? '')).toContain('/src/duplicati/reportThread.ts')
  else
    expect([answer, existsSync(target)]).toEqual([
      [name === 'copyThread' ? { refused: null } : { problem: null }],
      true,
    ])
})

it('is the compiled thread beside what is compiled', async () => {
  const thread = startThread(new URL(`file://${compiled('modules/any.js')}`).href, 'checkThread')
  onTestFinished(async () => void (await thread.terminate()))
  const [work, result] = [newPlace(), newPlace()]
  copyFileSync(emptyDatabase(), work)
  thread.postMessage({ work, result })
  expect(await once(thread, 'message')).toEqual([{ problem: null }])
})
