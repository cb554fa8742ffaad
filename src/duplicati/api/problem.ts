// What can go wrong with a Duplicati that is asked.

/** What is wrong, and what it means. The list is closed: callers decide by it whether to try again, and what to show. */
const problemKinds = {
  BAD_ADDRESS: 'The address or the fingerprint is not one.',
  UNREACHABLE: 'Nothing answers there, or only a proxy does.',
  TIMEOUT: 'It did not answer in time.',
  CERTIFICATE: 'Its certificate is not trusted, or is not the one that was set.',
  HOST_NAME: 'It does not allow requests under this host name.',
  PASSWORD: 'It refuses the password or the token.',
  FORBIDDEN: 'Something else than the password or the token is refused, such as by a proxy.',
  TOO_OLD: 'It is older than 2.1.',
  NOT_DUPLICATI: 'Something else answers there.',
  REDIRECT: 'It redirects to another address, which is not followed.',
  NOT_FOUND: 'It does not have what was asked for, such as a job that was deleted.',
  BUSY: 'A running operation keeps it from answering; ask again later.',
  SERVER_ERROR: 'It failed to answer.',
  TOO_LARGE: 'Its answer is larger than any that it should give.',
  BAD_ANSWER: 'Its answer cannot be read.',
} as const

export type ProblemKind = keyof typeof problemKinds

/**
 * The only failure of this folder. Its message is a whole sentence that says what to do. It has no `cause` and quotes nothing
 * of an answer's body: bodies hold passphrases and destination passwords, and errors of libraries quote bodies.
 */
export class DuplicatiProblem extends Error {
  override name = 'DuplicatiProblem' as const
  readonly kind: ProblemKind

  constructor(kind: ProblemKind, message: string) {
    super(message)
    this.kind = kind
  }
}
