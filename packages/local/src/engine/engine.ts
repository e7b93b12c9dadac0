import { Journal } from '../durable/journal.ts'
import type { LogFrame } from '../durable/log-entry.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { Faults } from '../faults/faults.ts'
import {
  nativeTransport,
  type NativeTransport,
  type NativeTransportOptions,
} from '../native/native-transport.ts'
import { operations } from '../operations/index.ts'
import type { Call, CallContext } from '../protocol/call.ts'
import { listen, type Listener, type ListenOptions } from '../protocol/listen.ts'
import { LostAnswer } from '../protocol/lost-answer.ts'
import {
  requestHandler,
  type RequestHandlerOptions,
  type SdkRequestHandler,
} from '../protocol/request-handler.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { Database } from '../storage/database.ts'
import { streamNotFound } from '../streams/find-stream.ts'
import { Account, type AccountSettings } from './account.ts'
import { Clock, milliseconds } from './clock.ts'
import type { EngineOptions } from './engine-options.ts'
import { pause } from './pause.ts'
import { type SavedDatabase, Snapshot } from './snapshot.ts'
import { stateDelays } from './state-delays.ts'

/** An embedded DynamoDB. */
export interface Engine {
  /** The time the engine goes by. */
  readonly clock: Clock
  /** What goes wrong, and when. */
  readonly faults: Faults
  /** Sends one request, as DynamoDB's JSON protocol has it. */
  readonly call: Call
  /** Makes a transport for adapters of dynakit: `createAdapter({ transport: engine.transport() })`. */
  transport(options?: NativeTransportOptions): NativeTransport
  /** Makes an HTTP handler for a client of the AWS SDK 3: its option `requestHandler`. */
  requestHandler(options?: RequestHandlerOptions): SdkRequestHandler
  /** Listens for HTTP on this machine. */
  listen(options?: ListenOptions): Promise<Listener>
  /** Keeps the tables and everything in them as they are now, at no cost. */
  snapshot(): Snapshot
  /** Brings the tables back to a snapshot of this engine. The clock does not go back. */
  restore(snapshot: Snapshot): void
  /**
   * Makes an engine with the same options, time and tables, at no cost. What either does afterwards the other does
   * not see. The faults of the new one are those of the options, from their beginning; it keeps no file.
   */
  fork(): Engine
  /**
   * Splits the open shards of a stream in two, as DynamoDB does when a table grows.
   *
   * @param streamArn - The stream: `LatestStreamArn` of its table.
   * @throws ServiceError (`ResourceNotFoundException`) when there is none.
   */
  splitShards(streamArn: string): void
  /** Ends what listens, and closes the file. The engine takes no further requests. */
  close(): Promise<void>
}

/**
 * Starts an engine in this process.
 *
 * @param options - How it behaves.
 * @returns The engine, without tables unless its file has some.
 * @throws Error when its file cannot be used.
 *
 * @example
 * ```ts
 * import { createEngine } from 'dynakit-local'
 *
 * const engine = createEngine()
 * const { endpoint } = await engine.listen({ port: 8000 })
 * console.log(endpoint)
 * await engine.close()
 * ```
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new LocalEngine(options, new Clock())
}

const defaultExpiryDelay = '10m'
const operationNames: ReadonlySet<string> = new Set(operations.keys())

class LocalEngine implements Engine {
  readonly clock: Clock
  readonly faults: Faults
  readonly #options: EngineOptions
  readonly #settings: AccountSettings
  readonly #accounts = new Map<string, Account>()
  readonly #listeners = new Set<Listener>()
  readonly #journal: Journal | undefined
  /** Why no further request is taken. */
  #problem: ServiceError | undefined
  #isClosed = false

  constructor(options: EngineOptions, clock: Clock) {
    const { delays, expiryDelay = defaultExpiryDelay, streamShards = 1, file, sync = false } = options
    if (!Number.isInteger(streamShards) || streamShards < 1) {
      throw new TypeError('streamShards: give a whole number from 1.')
    }
    this.clock = clock
    this.faults = new Faults(options.faults ?? {}, operationNames)
    this.#options = options
    this.#settings = {
      clock,
      faults: this.faults,
      delays: stateDelays(delays),
      expiryDelay: milliseconds(expiryDelay),
      streamShards,
      isRecorded: file !== undefined,
    }
    this.#journal = file === undefined ? undefined : this.#open(file, sync)
  }

  readonly call: Call = (operation, input, context) =>
    new Promise((resolve) => {
      const plan = this.faults.plan({ operation, input })
      resolve(
        plan === undefined
          ? this.#run(operation, input, context, undefined)
          : this.#runWithFaults(operation, input, context, plan),
      )
    })

  transport(options?: NativeTransportOptions): NativeTransport {
    return nativeTransport(this.call, options)
  }

  requestHandler(options?: RequestHandlerOptions): SdkRequestHandler {
    return requestHandler(this.call, options)
  }

  async listen(options?: ListenOptions): Promise<Listener> {
    const listener = await listen(this.call, options)
    const own: Listener = {
      ...listener,
      close: () => {
        this.#listeners.delete(own)
        return listener.close()
      },
    }
    this.#listeners.add(own)
    return own
  }

  snapshot(): Snapshot {
    const saved = [...this.#accounts].map(([scope, { region, database }]): [string, SavedDatabase] => [
      scope,
      { region, database: database.copy() },
    ])
    return new Snapshot(new Map(saved))
  }

  restore({ databases }: Snapshot): void {
    for (const [scope, account] of this.#accounts) {
      if (!databases.has(scope)) account.become(new Database())
    }
    for (const [scope, { region, database }] of databases) this.#account(scope, region).become(database)
    this.#rewrite()
  }

  fork(): Engine {
    const fork = new LocalEngine({ ...this.#options, file: undefined }, this.clock.fork())
    for (const [scope, { region, database }] of this.#accounts) {
      fork.#account(scope, region).become(database)
    }
    return fork
  }

  splitShards(streamArn: string): void {
    const found = [...this.#accounts].filter(([, account]) => account.splitShards(streamArn))
    if (found.length === 0) throw streamNotFound(streamArn)
    for (const [scope, account] of found) this.#keep(scope, account)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()))
    const wasClosed = this.#isClosed
    this.#isClosed = true
    if (!wasClosed) this.#journal?.close()
    this.#problem ??= new ServiceError('ServiceUnavailable', 'The engine is closed.', { statusCode: 503 })
  }

  #run(
    name: string,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
    plan: FaultPlan | undefined,
  ): object {
    if (this.#problem !== undefined) throw this.#problem
    const operation = operations.get(name)
    if (operation === undefined) throw new ServiceError('UnknownOperationException', '')
    const scope = this.#scopeOf(context)
    const account = this.#account(scope, context.region)
    if (this.#journal === undefined) return account.run(name, operation, input, plan)
    try {
      return account.run(name, operation, input, plan)
    } finally {
      this.#keep(scope, account)
    }
  }

  /** The request is under way for as long as its answer is delayed, and transactions conflict with it. */
  async #runWithFaults(
    name: string,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
    plan: FaultPlan,
  ): Promise<object> {
    const { signal } = context
    if (plan.delayBefore > 0) await pause(plan.delayBefore, signal)
    if (signal?.aborted === true) throw new LostAnswer('reset')
    if (plan.before !== undefined) throw plan.before
    const { holds } = this.#account(this.#scopeOf(context), context.region)
    // What an operation before this one wrote is not under way any more.
    holds.hold()()
    const outcome = outcomeOf(() => this.#run(name, input, context, plan))
    const release = holds.hold()
    if (plan.delayAfter > 0) await pause(plan.delayAfter, signal)
    release()
    if (plan.after !== undefined) throw plan.after
    return outcome()
  }

  #scopeOf({ accessKeyId, region }: CallContext): string {
    return this.#options.shared === true ? 'shared' : `${region} ${accessKeyId}`
  }

  #account(scope: string, region: string): Account {
    let account = this.#accounts.get(scope)
    if (account === undefined) {
      account = new Account(region, this.#settings)
      this.#accounts.set(scope, account)
    }
    return account
  }

  #open(file: string, sync: boolean): Journal {
    let last = 0
    const journal = new Journal({ file, sync }, ({ scope, region, at, entries }) => {
      this.#account(scope, region).replay(entries, at)
      last = Math.max(last, at)
    })
    // What has happened stays in the past, also when the clock was moved then and is not now.
    if (last > this.clock.now()) this.clock.set(last)
    if (journal.isLong(this.#stateBytes)) journal.rewrite(this.#frames())
    return journal
  }

  get #stateBytes(): number {
    const tables = [...this.#accounts.values()].flatMap(({ database }) => [...database.tables.values()])
    return tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** Writes down what happened; without that nothing is answered. */
  #keep(scope: string, account: Account): void {
    const recorded = account.takeRecord()
    if (this.#journal === undefined || recorded === undefined) return
    try {
      this.#journal.write({ scope, region: account.region, ...recorded })
      if (this.#journal.isLong()) this.#rewrite()
    } catch (cause) {
      this.#problem = new ServiceError(
        'InternalServerError',
        'The file of the engine cannot be written. Its last write is not kept; start the engine again.',
        { statusCode: 500, cause },
      )
      throw this.#problem
    }
  }

  #rewrite(): void {
    this.#journal?.rewrite(this.#frames())
  }

  *#frames(): Generator<LogFrame, void, undefined> {
    const at = this.clock.now()
    for (const [scope, account] of this.#accounts) {
      for (const entries of account.describe()) yield { scope, region: account.region, at, entries }
    }
  }
}

/** Carries something out, and gives what came of it when that is asked for. */
function outcomeOf<Result>(run: () => Result): () => Result {
  try {
    const result = run()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
