import { randomUUID } from 'node:crypto'
import type { AttemptedRequest } from './attempt-failure.ts'
import type { AttemptListener } from './attempt-event.ts'
import type { Credentials } from './credentials.ts'
import { cutoff, type Cutoff, isReadOperation } from './deadline.ts'
import type { HttpRequest } from './http/http-client.ts'
import type { Signer } from './signer.ts'
import { type OperationName, type SendOptions, type WireInput, tableNameOf } from './transport.ts'
import { writeRequest } from './write-request.ts'

/** A request while it is being sent; it may take several attempts. */
export interface Outgoing extends AttemptedRequest {
  readonly tableName: string | undefined
  readonly body: string
  readonly bodyBytes: number
  readonly target: string
  /** Id that all attempts share. */
  readonly invocationId: string
  readonly limit: Cutoff
  readonly onAttempt: AttemptListener | undefined
  /** Whether an attempt so far may have been carried out. */
  mayBeDone: boolean
}

/**
 * Prepares a request: writes its body and starts its deadline.
 *
 * @throws ValidationError when a value cannot be stored.
 * @internal
 */
export function makeOutgoing(operation: OperationName, input: WireInput, options: SendOptions): Outgoing {
  const body = writeRequest(operation, input)
  const tableName = tableNameOf(input)
  return {
    operation,
    input,
    tableName,
    body,
    bodyBytes: Buffer.byteLength(body),
    target: `DynamoDB_20120810.${operation}`,
    invocationId: randomUUID(),
    numbers: options.numbers,
    isRepeatable: options.isRepeatable ?? isReadOperation(operation),
    limit: cutoff(operation, options, tableName),
    onAttempt: options.onAttempt,
    mayBeDone: false,
  }
}

/** What the headers of an attempt are made of. */
export interface AttemptHeaders {
  readonly host: string
  readonly signer: Signer
  readonly credentials: Credentials
  /** Time of the signature in epoch milliseconds. */
  readonly time: number
  readonly userAgent: string
  readonly attempt: number
  readonly maxAttempts: number
}

/**
 * Signs a request for one attempt.
 *
 * @internal
 */
export function toHttpRequest(outgoing: Outgoing, parts: AttemptHeaders): HttpRequest {
  const { body, target, bodyBytes } = outgoing
  const { host, credentials } = parts
  const signature = parts.signer.sign({ host, target, body }, credentials, parts.time)
  const headers = [
    'host',
    host,
    'content-type',
    'application/x-amz-json-1.0',
    'content-length',
    String(bodyBytes),
    'x-amz-target',
    target,
    'x-amz-date',
    signature.date,
    'authorization',
    signature.authorization,
    'user-agent',
    parts.userAgent,
    'amz-sdk-invocation-id',
    outgoing.invocationId,
    'amz-sdk-request',
    `attempt=${String(parts.attempt)}; max=${String(parts.maxAttempts)}`,
  ]
  if (credentials.sessionToken !== undefined) headers.push('x-amz-security-token', credentials.sessionToken)
  return { headers, body, isAscii: bodyBytes === body.length }
}
