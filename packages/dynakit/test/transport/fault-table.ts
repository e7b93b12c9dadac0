import * as body from './faults/body-faults.ts'
import * as connection from './faults/connection-faults.ts'
import type { Answer } from './faults/exchange.ts'
import * as malformed from './faults/malformed-answers.ts'
import * as service from './faults/service-answers.ts'
import type { Expected, Traits, TransportSettings } from './transports.ts'

/**
 * When a request is sent again:
 *
 * - `always`: it was surely not carried out, and may be the next time;
 * - `if-harmless`: it may have been carried out, so only when a second time changes nothing;
 * - `never`: the answer will not change.
 */
type Again = 'always' | 'if-harmless' | 'never'

/** One fault and what it must come to. */
export interface Fault {
  readonly name: string
  readonly answer: Answer
  readonly again: Again
  readonly code: string
  readonly serviceCode?: string
  readonly statusCode?: number
  /** Set where it does not follow from `again`. */
  readonly retryable?: boolean
  /** Set where the outcome of a write is open although it is not sent again. */
  readonly isOpen?: boolean
  readonly settings?: Partial<TransportSettings>
}

/** Makes a row for an error DynamoDB reports with status 400. */
function refusal(name: string, code: string, more: Partial<Fault> = {}): Fault {
  return { name, answer: service.serviceError(name), again: 'never', code, statusCode: 400, ...more }
}

const refusals: readonly Fault[] = [
  refusal('ConditionalCheckFailedException', 'ConditionalCheckFailed'),
  refusal('ValidationException', 'Validation'),
  refusal('SerializationException', 'Validation'),
  refusal('ResourceNotFoundException', 'TableNotFound'),
  refusal('ResourceInUseException', 'TableInUse'),
  refusal('TransactionConflictException', 'TransactionConflict', { retryable: true }),
  refusal('AccessDeniedException', 'AccessDenied'),
  refusal('UnrecognizedClientException', 'Credentials'),
  refusal('ExpiredTokenException', 'Credentials'),
  refusal('InvalidSignatureException', 'Credentials'),
  refusal('ItemCollectionSizeLimitExceededException', 'Service', {
    serviceCode: 'ItemCollectionSizeLimitExceededException',
  }),
  refusal('StrangeException', 'Service', { serviceCode: 'StrangeException' }),
  { ...refusal('strange body, 400', 'Service'), answer: body.strangeError(400) },
  refusal('ReplicatedWriteConflictException', 'Service', {
    again: 'always',
    serviceCode: 'ReplicatedWriteConflictException',
  }),
]

const throttles: readonly Fault[] = (
  [
    ['ProvisionedThroughputExceededException', 'ProvisionedThroughputExceeded'],
    ['RequestLimitExceeded', 'RequestLimitExceeded'],
    ['ThrottlingException', 'Throttling'],
    ['ThrottledException', 'Throttling'],
  ] as const
).map(([name, code]) => ({ ...refusal(name, code), answer: service.throttle(name), again: 'always' }))

/** Makes a row for an answer that is not DynamoDB's. */
function fromProxy(status: number, again: Again, more: Partial<Fault> = {}): Fault {
  const location = ['Location', 'http://127.0.0.1:1/'] as const
  const answer = service.proxyAnswer(status, status < 400 ? [location] : [])
  return { name: `status ${String(status)}`, answer, again, code: 'Service', statusCode: status, ...more }
}

const serverFaults: readonly Fault[] = [
  {
    name: 'InternalServerError',
    answer: service.internalError(),
    again: 'if-harmless',
    code: 'Service',
    serviceCode: 'InternalServerError',
    statusCode: 500,
  },
  {
    name: 'ServiceUnavailable',
    answer: service.unavailable(),
    again: 'always',
    code: 'Service',
    serviceCode: 'ServiceUnavailable',
    statusCode: 503,
  },
  { ...fromProxy(500, 'if-harmless'), name: 'strange body, 500', answer: body.strangeError(500) },
  fromProxy(301, 'never'),
  fromProxy(307, 'never'),
  fromProxy(403, 'never'),
  { ...fromProxy(413, 'never'), answer: service.payloadTooLarge() },
  fromProxy(429, 'always'),
  fromProxy(502, 'if-harmless'),
  fromProxy(503, 'always'),
  fromProxy(504, 'if-harmless'),
  fromProxy(520, 'never', { isOpen: true, retryable: true }),
]

/** Makes a row for an answer that is lost, in part or whole. */
function lost(name: string, answer: Answer, more: Partial<Fault> = {}): Fault {
  return { name, answer, again: 'if-harmless', code: 'Network', ...more }
}

const impatient: Partial<Fault> = { code: 'Timeout', settings: { socketTimeout: 100, requestTimeout: 5000 } }

const lostAnswers: readonly Fault[] = [
  lost('reset before the write', connection.resetConnection('dropped')),
  lost('reset after the write', connection.resetConnection('carried-out')),
  lost('closed before the write', connection.closeWithoutAnswer('dropped')),
  lost('closed after the write', connection.closeWithoutAnswer('carried-out')),
  lost('silence', connection.silence(), impatient),
  lost('an answer that takes too long', connection.slowBody(100, 20), {
    code: 'Timeout',
    settings: { requestTimeout: 150 },
  }),
  lost('truncated body', connection.truncatedBody()),
  lost('reset in the body', connection.resetInBody()),
  lost('stalled body', connection.stalledBody(), impatient),
  lost('truncated chunks', body.truncatedChunks()),
]

const damagedAnswers: readonly Fault[] = [
  lost('wrong checksum', body.wrongChecksum()),
  lost('empty body', body.emptyBody()),
  lost('malformed JSON', body.malformedJson()),
  lost('bad status line', malformed.badStatusLine()),
  lost('binary junk', malformed.binaryJunk()),
  lost('header without colon', malformed.headerWithoutColon()),
  lost('two lengths', malformed.twoLengths()),
  lost('length and chunks', malformed.lengthAndChunks()),
  lost('length that is no number', malformed.badLength()),
  lost('chunk size that is no number', malformed.badChunkSize()),
  lost('huge headers', malformed.hugeHeaders()),
  lost('endless head', malformed.endlessHead()),
  lost('huge length', malformed.hugeLength(), { settings: { socketTimeout: 100 } }),
]

export const faults: readonly Fault[] = [
  ...refusals,
  ...throttles,
  ...serverFaults,
  ...lostAnswers,
  ...damagedAnswers,
]

/** What kind of request meets a fault. */
export type RequestKind = 'read' | 'repeatable write' | 'write'

/** What a fault must come to when all three attempts meet it. */
export function expectation(fault: Fault, kind: RequestKind, traits: Traits): Expected {
  const { again, retryable } = fault
  const isOpen = again === 'if-harmless' || fault.isOpen === true
  const isRepeated = kind !== 'write' || traits.repeatsWrites
  const isHarmless = kind !== 'write'
  return {
    attempts: again === 'always' || (again === 'if-harmless' && isRepeated) ? 3 : 1,
    code: fault.code,
    serviceCode: fault.serviceCode,
    statusCode: fault.statusCode,
    retryable: (retryable ?? again !== 'never') && (!isOpen || isHarmless),
    outcomeUnknown: isOpen && kind !== 'read',
    ...traits.differences[fault.name],
  }
}
