import type { ServiceError } from './service-error.ts'

const service = 'com.amazon.coral.service'
const namespaces: ReadonlyMap<string, string> = new Map([
  ['ValidationException', 'com.amazon.coral.validate'],
  ['ThrottlingException', 'com.amazon.coral.availability'],
  ['AccessDeniedException', service],
  ['ExpiredTokenException', service],
  ['IncompleteSignatureException', service],
  ['InternalFailure', service],
  ['InvalidSignatureException', service],
  ['MissingAuthenticationTokenException', service],
  ['SerializationException', service],
  ['ServiceUnavailableException', service],
  ['UnknownOperationException', service],
  ['UnrecognizedClientException', service],
])

/** Exceptions whose message DynamoDB writes with a capital letter. */
const capitalised: ReadonlySet<string> = new Set(['SerializationException', 'TransactionCanceledException'])

/**
 * Writes an error as DynamoDB's JSON protocol does.
 *
 * @param error - The error.
 * @returns The body of the answer, before it is made text.
 * @internal
 */
export function errorBody({ name, message, details }: ServiceError): Readonly<Record<string, unknown>> {
  const namespace = namespaces.get(name) ?? 'com.amazonaws.dynamodb.v20120810'
  const body: Record<string, unknown> = { __type: `${namespace}#${name}`, ...details }
  if (message !== '') body[capitalised.has(name) ? 'Message' : 'message'] = message
  return body
}
