// What the page says of a run that is under way.

import { expect, it } from 'vitest'
import { runningWords } from '../../src/page/words/running.ts'

const now = new Date(2026, 10, 30, 12, 0)
const since = new Date(2026, 10, 30, 2, 0).toISOString()

it.each([
  [{ phase: 'Backup_Begin', files: null, bytes: null }, 'starting'],
  [{ phase: 'Backup_ProcessingFiles', files: 53, bytes: 18_773_581 }, 'reading files, 53 files, 18.8 MB'],
  [{ phase: 'Backup_WaitForUpload', files: 1, bytes: '9007199254740993' }, 'uploading, 1 file, 9 PB'],
  [{ phase: 'Backup_Compact', files: 0, bytes: 0 }, 'compacting the destination'],
  [{ phase: 'Sync_CopyingFiles' }, 'copying files'],
  [{ phase: 'Error' }, 'error'],
])('says what it does and how far it is: %j', (run, words) => {
  expect(runningWords({ since, ...run }, now, 'en-GB')).toBe(`running since today 02:00: ${words}`)
})
