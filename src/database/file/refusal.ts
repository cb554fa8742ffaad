// Why a database file is not opened.

/** The file cannot be used, and is as it was. The message is one sentence that says what to do. */
export class Refusal extends Error {
  override name = 'Refusal' as const
}

/** Another process has the file to itself. */
export class Held extends Refusal {
  constructor(file: string, holder = 'the old container; stop it and start again') {
    super(`Another process has ${file} open, most likely ${holder}.`)
  }
}

/** There is no room for a new file at `path`. */
export function noRoom(path: string, cause: unknown): Refusal {
  return new Refusal(`There is no room for ${path} on its disk; make room and start again.`, { cause })
}
