import type { Answer, Exchange } from './exchange.ts'
import { type Headers, htmlMessage, jsonMessage, type Message, writeMessage } from './message.ts'
import { sampleAnswers } from './sample-answers.ts'

/** The message of a success: the body given, or the recorded one of the operation. */
export function successMessage(exchange: Exchange, body?: object, headers: Headers = []): Message {
  return jsonMessage(200, body ?? sampleAnswers[exchange.request.operation] ?? {}, headers)
}

/** Carries the request out and says so. */
export function success(body?: object, headers: Headers = []): Answer {
  return {
    run: (exchange) => {
      exchange.commit()
      exchange.send(writeMessage(successMessage(exchange, body, headers)))
    },
  }
}

/** An error of DynamoDB. */
export interface ServiceErrorOptions {
  readonly message?: string
  readonly status?: number
  /** Further members of the body, such as `Item` or `CancellationReasons`. */
  readonly members?: object
  readonly headers?: Headers
  /** Namespace of `__type`. */
  readonly namespace?: string
  /** True when the request is carried out all the same, which can happen with a 5xx. */
  readonly isCommitted?: boolean
}

/** Answers with an error in DynamoDB's form. */
export function serviceError(name: string, options: ServiceErrorOptions = {}): Answer {
  const namespace = options.namespace ?? 'com.amazonaws.dynamodb.v20120810'
  const body = { __type: `${namespace}#${name}`, message: options.message ?? name, ...options.members }
  return {
    run: (exchange) => {
      if (options.isCommitted === true) exchange.commit()
      exchange.send(writeMessage(jsonMessage(options.status ?? 400, body, options.headers)))
    },
  }
}

/** The names DynamoDB uses for throttling. */
export type ThrottleName =
  | 'ProvisionedThroughputExceededException'
  | 'RequestLimitExceeded'
  | 'ThrottlingException'
  | 'ThrottledException'

/** A request refused for its rate. */
export function throttle(name: ThrottleName, headers: Headers = []): Answer {
  const reason = 'TableReadProvisionedThroughputExceeded'
  const members =
    name === 'ThrottlingException'
      ? { ThrottlingReasons: [{ reason, resource: 'arn:aws:dynamodb:us-east-1:1:table/Shop' }] }
      : {}
  return serviceError(name, { message: 'slow down', headers, members })
}

/** A fault of DynamoDB itself; whether the request was carried out is open. */
export function internalError(isCommitted = false): Answer {
  return serviceError('InternalServerError', { status: 500, isCommitted })
}

/** DynamoDB did not take the request. */
export function unavailable(headers: Headers = []): Answer {
  return serviceError('ServiceUnavailable', { status: 503, headers })
}

/** An answer of something between the client and DynamoDB. */
export function proxyAnswer(status: number, headers: Headers = []): Answer {
  return { run: (exchange) => exchange.send(writeMessage(htmlMessage(status, headers))) }
}

/** A proxy that refuses the body: it answers as soon as it has seen the head, and closes. */
export function payloadTooLarge(): Answer {
  return {
    isEarly: true,
    run: (exchange) => {
      exchange.send(writeMessage(htmlMessage(413, [['Connection', 'close']])))
      exchange.stream.end()
    },
  }
}

/** Credentials that have expired. */
export function expiredToken(): Answer {
  return serviceError('ExpiredTokenException', {
    namespace: 'com.amazon.coral.service',
    message: 'The security token included in the request is expired',
  })
}

const skewTolerance = 5 * 60_000

/** A server whose clock is off by `offset` milliseconds, and which accepts only requests signed by that clock. */
export function skewedClock(offset: number): Answer {
  return {
    run: (exchange) => {
      const now = Date.now() + offset
      const signed = signingTime(exchange.request.headers['x-amz-date'] ?? '')
      const headers: Headers = [['Date', new Date(now).toUTCString()]]
      const isAccepted = Math.abs(signed - now) <= skewTolerance
      const answer = isAccepted ? success(undefined, headers) : signatureRefused(signed < now, headers)
      return answer.run(exchange)
    },
  }
}

function signatureRefused(isExpired: boolean, headers: Headers): Answer {
  const times = '20260101T000000Z is now earlier than 20260101T010000Z (20260101T010500Z - 5 min.)'
  return serviceError('InvalidSignatureException', {
    namespace: 'com.amazon.coral.service',
    message: isExpired ? `Signature expired: ${times}` : `Signature not yet current: ${times}`,
    headers,
  })
}

/** Reads `20260131T120000Z`. */
function signingTime(text: string): number {
  return Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
