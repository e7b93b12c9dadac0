import { DynamoDBError } from '../errors/dynamodb-error.ts'
import { type AttemptEvent, type AttemptListener, type RetryReason, tell } from './attempt-event.ts'
import type { Outcome } from './attempt.ts'
import type { Outgoing } from './outgoing.ts'

/** What comes after an attempt. */
interface NextAttempt {
  readonly reason: RetryReason | undefined
  /** Wait before it, in milliseconds. */
  readonly delay: number
}

/** Tells a listener of one attempt. */
export class AttemptReport {
  readonly #listener: AttemptListener
  readonly #outgoing: Outgoing
  readonly #attempt: number
  readonly #started = performance.now()

  constructor(listener: AttemptListener, outgoing: Outgoing, attempt: number) {
    this.#listener = listener
    this.#outgoing = outgoing
    this.#attempt = attempt
    tell(listener, { type: 'start', ...this.#facts() })
  }

  /** The attempt ended with an answer, or without. */
  ended(outcome: Outcome, next: NextAttempt | undefined): void {
    const { answer, failure, host } = outcome
    tell(this.#listener, {
      type: 'end',
      ...this.#facts(),
      duration: performance.now() - this.#started,
      endpoint: host,
      statusCode: answer?.status,
      requestId: answer?.headers['x-amzn-requestid'],
      requestBytes: this.#outgoing.bodyBytes,
      responseBytes: answer?.body.length,
      errorCode: failure?.error.code,
      retryReason: next?.reason,
      retryDelay: next?.delay,
    })
  }

  /** The attempt was cut short. */
  failed(error: unknown): void {
    tell(this.#listener, {
      type: 'end',
      ...this.#facts(),
      duration: performance.now() - this.#started,
      endpoint: undefined,
      statusCode: undefined,
      requestId: undefined,
      requestBytes: this.#outgoing.bodyBytes,
      responseBytes: undefined,
      errorCode: DynamoDBError.is(error) ? error.code : 'Unknown',
      retryReason: undefined,
      retryDelay: undefined,
    })
  }

  #facts(): Pick<AttemptEvent, 'operation' | 'tableName' | 'attempt' | 'invocationId'> {
    const { operation, tableName, invocationId } = this.#outgoing
    return { operation, tableName, attempt: this.#attempt, invocationId }
  }
}
