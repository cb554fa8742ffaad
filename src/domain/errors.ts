// The failures a client may see. Anything else that is thrown is a fault of ours: it is logged and masked.

/** What can be said about a failure. The list is closed: clients rely on it. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNAVAILABLE'
  | 'METHOD_NOT_ALLOWED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'QUERY_TOO_COMPLEX'
  | 'INTERNAL_SERVER_ERROR'

/** One thing that is wrong with an input: where, and what would be right. */
export interface Issue {
  path: string
  message: string
}

/** An expected failure. Its message is a whole sentence fit for a user. */
export class DomainError extends Error {
  override name = 'DomainError' as const
  readonly code: ErrorCode
  readonly issues: Issue[]

  constructor(code: ErrorCode, message: string, options: { issues?: Issue[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.issues = options.issues ?? []
  }
}

/** The failure for an input of which everything wrong is known at once. */
export function badInput(what: string, issues: Issue[]): DomainError {
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  return new DomainError('BAD_USER_INPUT', `${what}: ${list}`, { issues })
}
