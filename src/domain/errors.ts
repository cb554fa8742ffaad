// The failures a client may see. Anything else that is thrown is a fault of ours: it is logged and masked.

/** What can be said about a failure, and what it means to whoever gets it. The list is closed: clients rely on it. */
export const errorCodes = {
  BAD_USER_INPUT: 'An argument is wrong; `issues` says where and how.',
  NOT_FOUND: 'There is nothing of that id.',
  CONFLICT: 'It was changed meanwhile, or a name fits several; the message names them. Read again, and decide.',
  UNAUTHENTICATED: 'A token is needed.',
  FORBIDDEN: 'The token, or the site whose page asks, does not allow this.',
  RATE_LIMITED: 'Too many requests; try again later.',
  PAYLOAD_TOO_LARGE: 'The body is larger than the server takes.',
  UNAVAILABLE: 'The server cannot do it now; the message says why, such as a full disk. Try again later.',
  METHOD_NOT_ALLOWED: 'The address takes other methods; `Allow` names them. A mutation needs POST.',
  UNSUPPORTED_MEDIA_TYPE:
    'A GraphQL request is posted as JSON, a body is UTF-8 and packed with nothing but gzip; with 406, the answer cannot be had as what the client accepts.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Queries are not kept under a hash: send the query itself. Apollo and urql then do.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  QUERY_TOO_COMPLEX: 'The document asks for more than the server answers at once; the message says what to change.',
  INTERNAL_SERVER_ERROR: 'A fault of the server; its log tells more under `requestId`.',
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
