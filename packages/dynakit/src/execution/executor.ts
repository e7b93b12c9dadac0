import type { NumberMode } from '../codec/number.ts'
import type { Operation, OperationSettings } from '../operations/operation.ts'
import type { AttemptListener } from '../transport/attempt-event.ts'
import type { OperationName, Transport, WireInput, WireOutput } from '../transport/transport.ts'
import { type Call, type CallOptions, startCall } from './call.ts'
import { isWriteConflict, retryAfterConflict } from './conflict-retry.ts'

/** What an adapter fixes for all its calls. */
export interface ExecutorSettings extends OperationSettings {
  /** How numbers are read. */
  readonly numbers: NumberMode
  /** Time a call may take in milliseconds when the call does not say. */
  readonly timeout: number | undefined
  /** Key that signs cursors; unsigned when left out. */
  readonly cursorSecret: string | undefined
  /** Hears of every attempt of every request. */
  readonly onAttempt: AttemptListener | undefined
}

/**
 * Carries plans to DynamoDB: the only place where plans meet the transport.
 */
export class Executor {
  /** What the adapter fixes for all its calls. */
  readonly settings: ExecutorSettings
  /** What it sends through. */
  readonly transport: Transport

  constructor(transport: Transport, settings: ExecutorSettings) {
    this.transport = transport
    this.settings = settings
  }

  /** Starts a call of the public API. */
  start(options: CallOptions | undefined): Call {
    return startCall(options, this.settings.timeout)
  }

  /**
   * Carries out one plan.
   *
   * @param operation - The operation the plan is for.
   * @param plan - The plan.
   * @param call - The call it belongs to.
   * @returns The operation's result.
   * @throws DynamoDBError (one of its classes) when it failed.
   */
  async run<Plan, Result>(operation: Operation<Plan, Result>, plan: Plan, call: Call): Promise<Result> {
    const input = operation.toInput(plan, this.settings)
    const output = await this.#send(operation.name, input, operation.isRepeatable(plan), call)
    call.meter.add(output, operation.isRead)
    call.outerMeter?.add(output, operation.isRead)
    return operation.toResult(output, this.settings)
  }

  async #send(name: OperationName, input: WireInput, isRepeatable: boolean, call: Call): Promise<WireOutput> {
    const { signal, deadline } = call
    const { numbers, onAttempt } = this.settings
    const options = { signal, deadline, numbers, onAttempt, isRepeatable }
    try {
      return await this.transport.send(name, input, options)
    } catch (error) {
      if (!isWriteConflict(error)) throw error
      return retryAfterConflict(call, error, isWriteConflict, () => this.transport.send(name, input, options))
    }
  }
}
