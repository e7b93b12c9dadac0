import { readAuthorization } from './authorization.ts'
import type { Call } from './call.ts'
import { crc32 } from './crc32.ts'
import { errorBody } from './error-body.ts'
import { LostAnswer } from './lost-answer.ts'
import { requestId } from './request-id.ts'
import { ServiceError } from './service-error.ts'

/** A request over HTTP, whole. */
export interface HttpRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
  /** Fires when the caller no longer waits. */
  readonly signal?: AbortSignal | undefined
}

/** An answer over HTTP, whole. */
export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

const json = 'application/x-amz-json-1.0'
const contentTypes: ReadonlySet<string> = new Set([json, 'application/json', 'application/x-amz-json-1.1'])
const streamsOperations: ReadonlySet<string> = new Set([
  'DescribeStream',
  'GetRecords',
  'GetShardIterator',
  'ListStreams',
])

/**
 * Answers a request of DynamoDB's JSON protocol (`DynamoDB_20120810` and `DynamoDBStreams_20120810`).
 *
 * @param call - The engine.
 * @param request - The request.
 * @returns The answer; errors of the service are answers too.
 * @throws LostAnswer when there is to be none.
 * @internal
 */
export async function answerRequest(call: Call, request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'GET' || request.method === 'HEAD') return healthy()
  if (request.method !== 'POST' || !isJson(request)) return notFound()
  try {
    return jsonAnswer(200, await callFor(call, request))
  } catch (error) {
    if (error instanceof LostAnswer) throw error
    const failure = error instanceof ServiceError ? error : internalFailure(error)
    return jsonAnswer(failure.statusCode, errorBody(failure))
  }
}

function callFor(call: Call, request: HttpRequest): Promise<object> {
  const operation = operationOf(request.headers['x-amz-target'])
  const queryAt = request.path.indexOf('?')
  const query = queryAt < 0 ? noQuery : new URLSearchParams(request.path.slice(queryAt))
  const { accessKeyId, region } = readAuthorization({ headers: request.headers, query })
  return call(operation, parseBody(request.body), { accessKeyId, region, signal: request.signal })
}

const noQuery = new URLSearchParams()

function isJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && (type === json || contentTypes.has(type.split(';')[0]?.trim() ?? ''))
}

/** The name of an operation, when it belongs to the API that is addressed. */
function operationOf(target: string | string[] | undefined): string {
  const [api, operation = ''] = typeof target === 'string' ? target.split('.') : []
  const isOfStreams = streamsOperations.has(operation)
  if (api !== (isOfStreams ? 'DynamoDBStreams_20120810' : 'DynamoDB_20120810') || operation === '') {
    throw new ServiceError('UnknownOperationException', '')
  }
  return operation
}

function parseBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  let input: unknown
  try {
    input = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  } catch {
    throw new ServiceError('SerializationException', '')
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
    return input as Readonly<Record<string, unknown>>
  }
  throw new ServiceError('SerializationException', Array.isArray(input) ? wrongStart : '')
}

const wrongStart = 'Unrecognized collection type class java.util.ArrayList'

function jsonAnswer(statusCode: number, output: object): HttpAnswer {
  const body = Buffer.from(JSON.stringify(output))
  return {
    statusCode,
    headers: {
      'content-type': json,
      'content-length': String(body.length),
      'x-amzn-requestid': requestId(),
      'x-amz-crc32': String(crc32(body)),
    },
    body,
  }
}

function healthy(): HttpAnswer {
  const body = Buffer.from('healthy: dynamodb.local ')
  return { statusCode: 200, headers: { 'content-length': String(body.length) }, body }
}

function notFound(): HttpAnswer {
  const body = Buffer.from('<UnknownOperationException/>\n')
  return {
    statusCode: 404,
    headers: { 'content-length': String(body.length), 'x-amzn-requestid': requestId() },
    body,
  }
}

/** A defect of the engine: the caller gets what DynamoDB would give, and the log says where it is. */
function internalFailure(cause: unknown): ServiceError {
  process.emitWarning(cause instanceof Error ? cause : String(cause))
  return new ServiceError(
    'InternalServerError',
    'The request processing has failed because of an internal error.',
    {
      statusCode: 500,
      cause,
    },
  )
}
