// Finds the key that an old release encrypted with: its container kept it beside the database.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { noOldKey, type OldKey, oldKey } from '../../legacy/oldKey.ts'

/** The key in the folder of the database; one that opens nothing, and says why, if it is not there. */
export function legacyKeyFile(databaseFile: string): OldKey {
  try {
    return oldKey(readFileSync(join(dirname(databaseFile), '.duplistatus.key')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return noOldKey(
      code === 'ENOENT'
        ? 'there is no .duplistatus.key beside the database'
        : `.duplistatus.key cannot be read (${code})`,
    )
  }
}
