// Reads the passwords of servers, which the upgrade wrote by the number of the server, encrypted as they were.

import type { OldKey } from './oldKey.ts'
import { type Fields, type Note, shown, textOf } from './oldValue.ts'

export interface LegacyPasswords {
  /** By the number of the server. */
  known: Map<number, string>
  /** How many cannot be decrypted. */
  locked: number
}

/** Old releases wrote an empty text where there was no password. */
export function readPasswords(row: Fields | null, key: OldKey, note: Note): LegacyPasswords {
  const known = new Map<number, string>()
  let locked = 0
  for (const [number, value] of Object.entries(row ?? {})) {
    if (!/^\d{1,15}$/.test(number)) {
      note(`server_passwords of server ${shown(number)}: there is no such number`)
      continue
    }
    const encrypted = textOf(value, `server_passwords of server ${number}`, note)
    if (encrypted === null) continue
    const password = key.open(encrypted)
    if (password === null) locked += 1
    else if (password !== '') known.set(Number(number), password)
  }
  return { known, locked }
}
