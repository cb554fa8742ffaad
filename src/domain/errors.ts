// The failures a client may see. Anything else that is thrown is a fault of ours: it is logged and masked.

/** What can be said about a failure, and what it means to whoever gets it. The list is closed: clients rely on it. */
export const errorCodes = {
  BAD_USER_INPUT: 'An argument is wrong; `issues` says which one and why.',
  NOT_FOUND: 'Nothing has this id.',
  CONFLICT:
    'The request conflicts with the current data, such as a change made meanwhile or a name that several servers share; the message says how.',
  UNAUTHENTICATED: 'A token is needed.',
  FORBIDDEN: 'The token does not allow this, or the request comes from a page of another site.',
  RATE_LIMITED: 'Too many requests; try again later.',
  PAYLOAD_TOO_LARGE: 'The body is larger than the server accepts.',
  UNAVAILABLE: 'The server cannot do this now; the message says why, such as a full disk. Try again later.',
  METHOD_NOT_ALLOWED: 'Use another method; `Allow` lists them. A mutation needs POST.',
  UNSUPPORTED_MEDIA_TYPE:
    'Post GraphQL as JSON, and send bodies as UTF-8, compressed with gzip or not at all. With 406: the server cannot answer in any format that the client accepts.',
  PERSISTED_QUERY_NOT_SUPPORTED:
    'Persisted queries are not supported: send the whole query. Apollo and urql then do so by themselves.',
  GRAPHQL_PARSE_FAILED: 'The document is not valid GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not match the schema.',
  QUERY_TOO_COMPLEX: 'The query asks for more than the limits allow; the message says what to change.',
  INTERNAL_SERVER_ERROR: 'A fault of the server; find its `requestId` in the log.',
} as const

/** After how many seconds to ask again for what is UNAVAILABLE. */
export const retryAfterSeconds = 5

export type ErrorCode = keyof typeof errorCodes

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
