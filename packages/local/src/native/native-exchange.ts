import { randomUUID } from 'node:crypto'
import { LostAnswer } from '../protocol/lost-answer.ts'
import { requestId } from '../protocol/request-id.ts'
import { ServiceError } from '../protocol/service-error.ts'
import type { AttributeMap } from '../values/attribute-value.ts'
import { Cutoff } from './cutoff.ts'
import { decodeNative, type NumberMode } from './decode-native.ts'
import type { Dynakit, DynakitError } from './dynakit.ts'
import { encodeNative } from './encode-native.ts'
import { NativeValueError } from './native-error.ts'
import { mayBeDone, type NativeRetryReason } from './native-retry.ts'
import { outcomeUnknownAdvice, translateError, type NativeRequest, where } from './translate-error.ts'
import { convertAnswer, convertRequest } from './wire-shape.ts'

/** How one request is sent; dynakit's `SendOptions`. */
export interface NativeSendOptions {
  readonly signal?: AbortSignal | undefined
  readonly deadline?: number | undefined
  readonly numbers: NumberMode
  readonly isRepeatable?: boolean | undefined
  readonly onAttempt?: ((event: never) => void) | undefined
}

const reads: ReadonlySet<string> = new Set([
  'GetItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'TransactGetItems',
  'DescribeTable',
  'DescribeTimeToLive',
  'ListTables',
])

/** Tells of the end of an attempt: its failure, and why and when there is another one. */
export type Report = (
  failure: DynakitError | undefined,
  reason: NativeRetryReason | undefined,
  delay: number,
) => void

/** One request of dynakit's; it may take several attempts. */
export class NativeExchange {
  readonly request: NativeRequest
  readonly encoded: Readonly<Record<string, unknown>>
  readonly isRepeatable: boolean
  readonly limit: Cutoff | undefined
  lastFailure: DynakitError | undefined
  readonly #dynakit: Dynakit
  readonly #onAttempt: ((event: object) => void) | undefined
  readonly #isRead: boolean
  #invocationId: string | undefined
  #mayBeDone = false

  constructor(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    { numbers, isRepeatable, onAttempt, signal, deadline }: NativeSendOptions,
    dynakit: Dynakit,
  ) {
    this.request = {
      operation,
      tableName: tableNameOf(input),
      indexName: input.IndexName as string | undefined,
      numbers,
    }
    this.encoded = encode(operation, input, dynakit)
    this.#isRead = reads.has(operation)
    this.isRepeatable = isRepeatable ?? this.#isRead
    this.limit = signal || deadline !== undefined ? new Cutoff(signal, deadline) : undefined
    this.#dynakit = dynakit
    this.#onAttempt = onAttempt as ((event: object) => void) | undefined
  }

  decode(output: object): Readonly<Record<string, unknown>> {
    const { operation, numbers } = this.request
    return convertAnswer(operation, output, (item: AttributeMap) =>
      decodeNative(item, numbers, this.#dynakit),
    )
  }

  /** Turns the failure of an attempt into dynakit's error for it. */
  failed(error: unknown): DynakitError {
    if (mayBeDone(error)) this.#mayBeDone = true
    const facts = {
      requestId: requestId(),
      outcomeUnknown: this.#mayBeDone && !this.#isRead,
      isRepeatable: this.isRepeatable,
    }
    if (error instanceof ServiceError) return translateError(error, this.request, facts, this.#dynakit)
    const { outcomeUnknown } = facts
    const isSilence = error instanceof LostAnswer && error.manner === 'silence'
    const ErrorClass = isSilence ? this.#dynakit.TimeoutError : this.#dynakit.NetworkError
    const message = error instanceof Error ? error.message : String(error)
    return new ErrorClass(
      `${where(this.request)}: no answer from the engine: ${message}${outcomeUnknown ? ` ${outcomeUnknownAdvice}` : ''}`,
      { ...this.#facts(), cause: error, outcomeUnknown, retryable: !outcomeUnknown || this.isRepeatable },
    )
  }

  /** Throws when the caller's signal has fired or the deadline has passed. */
  throwIfEnded(): void {
    const cause = this.limit?.cause
    if (cause === undefined) return
    const outcomeUnknown = this.#mayBeDone && !this.#isRead
    const advice = outcomeUnknown ? ` ${outcomeUnknownAdvice}` : ''
    const facts = { ...this.#facts(), outcomeUnknown }
    if (cause === 'signal') {
      throw new this.#dynakit.AbortedError(
        `${where(this.request)}: aborted by the caller's signal.${advice}`,
        {
          ...facts,
          cause: this.limit?.reason,
        },
      )
    }
    throw new this.#dynakit.TimeoutError(
      `${where(this.request)}: the deadline passed before DynamoDB answered.${advice}`,
      { ...facts, cause: this.lastFailure, retryable: !outcomeUnknown || this.isRepeatable },
    )
  }

  /** Tells the listener that an attempt begins. */
  begin(attempt: number): Report | undefined {
    if (this.#onAttempt === undefined) return undefined
    this.#invocationId ??= randomUUID()
    const facts = { ...this.#facts(), attempt, invocationId: this.#invocationId }
    const started = performance.now()
    this.#tell({ type: 'start', ...facts })
    return (failure, reason, delay) => {
      const { statusCode, requestId: id } = (failure ?? {}) as { statusCode?: number; requestId?: string }
      this.#tell({
        type: 'end',
        ...facts,
        duration: performance.now() - started,
        endpoint: undefined,
        statusCode: failure === undefined ? 200 : statusCode,
        requestId: failure === undefined ? requestId() : id,
        requestBytes: undefined,
        responseBytes: undefined,
        errorCode: failure?.code,
        retryReason: reason,
        retryDelay: reason && delay,
      })
    }
  }

  #facts(): { readonly operation: string; readonly tableName: string | undefined } {
    const { operation, tableName } = this.request
    return { operation, tableName }
  }

  /** A listener that throws must not fail the request it listens to. */
  #tell(event: object): void {
    try {
      this.#onAttempt?.(event)
    } catch {
      // Its own affair.
    }
  }
}

function encode(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  dynakit: Dynakit,
): Readonly<Record<string, unknown>> {
  try {
    return convertRequest(operation, input, encodeNative)
  } catch (error) {
    if (!(error instanceof NativeValueError)) throw error
    const { rule, field, valueType, message } = error
    throw new dynakit.ValidationError(`${field}: ${message}`, { rule, field, valueType })
  }
}

/** The table a request is about; for a batch or transaction all its tables. */
function tableNameOf(input: Readonly<Record<string, unknown>>): string | undefined {
  if (input.TableName !== undefined) return input.TableName as string
  if (input.TransactItems !== undefined) {
    const operations = input.TransactItems as readonly Readonly<Record<string, { TableName: string }>>[]
    const names = operations.flatMap((one) => Object.values(one).map(({ TableName }) => TableName))
    return [...new Set(names)].join(', ')
  }
  return input.RequestItems === undefined ? undefined : Object.keys(input.RequestItems as object).join(', ')
}
