// Why a database file is not opened.

/** The file cannot be used, and is as it was. The message is one sentence that says what to do. */
export class Refusal extends Error {
  override name = 'Refusal' as const
}
