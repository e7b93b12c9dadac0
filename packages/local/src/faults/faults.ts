import { type Duration, milliseconds } from '../engine/clock.ts'
import type { Charge } from '../engine/operation-context.ts'
import { LostAnswer } from '../protocol/lost-answer.ts'
import { ServiceError } from '../protocol/service-error.ts'
import { CapacityLimiter, type CapacityLimits } from './capacity-limiter.ts'
import { checkRule } from './check-rule.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { ErrorFault, Fault, FaultRequest, FaultRule, ThrottleFault } from './fault-rule.ts'
import type { Lag } from './lag-history.ts'
import { drawLatency } from './latency.ts'
import { Random } from './random.ts'
import { tablesOf } from './request-tables.ts'
import { throttlingError } from './throttling-error.ts'

/** How far reads that are not strongly consistent are behind. What is left out is not behind. */
export interface LagOptions {
  /** Eventually consistent reads of tables and local indexes. */
  readonly eventualReads?: Duration | undefined
  /** Reads of global indexes. */
  readonly globalIndexes?: Duration | undefined
}

/** What goes wrong on an engine, and by which seed. */
export interface FaultOptions {
  /** The same seed and the same requests give the same faults. Default: 1. */
  readonly seed?: number | undefined
  readonly rules?: readonly FaultRule[] | undefined
  readonly lag?: LagOptions | undefined
  /** `enforced` for DynamoDB's limits, or limits of your own. Default: `unlimited`. */
  readonly capacity?: 'unlimited' | 'enforced' | CapacityLimits | undefined
}

/** A rule that is in force. */
export interface ActiveRule {
  /** How many requests it has befallen. */
  readonly fired: number
  /** Ends it. */
  remove(): void
}

/** What a rule has seen so far. */
interface RuleState extends ActiveRule {
  readonly rule: FaultRule
  readonly random: Random
  seen: number
  fired: number
}

/**
 * The failure schedule of an engine: what goes wrong with which requests. The test owns it, and chance comes from
 * its seed.
 *
 * @example
 * ```ts
 * import { createEngine } from 'dynakit-local'
 *
 * const engine = createEngine({ faults: { seed: 7 } })
 * const rule = engine.faults.add({
 *   operations: ['PutItem'],
 *   table: 'Orders',
 *   times: 2,
 *   fault: { kind: 'throttle' },
 * })
 * console.log(rule.fired)
 * ```
 */
export class Faults {
  readonly #seed: number
  readonly #operations: ReadonlySet<string>
  #rules: readonly RuleState[] = []
  #added = 0
  #lag: Lag = { eventualReads: 0, globalIndexes: 0 }
  #limiter: CapacityLimiter | undefined

  /**
   * @param options - What goes wrong from the start.
   * @param operations - Names of the operations there are.
   * @internal
   */
  constructor(options: FaultOptions, operations: ReadonlySet<string>) {
    this.#operations = operations
    this.#seed = options.seed ?? 1
    for (const rule of options.rules ?? []) this.add(rule)
    this.setLag(options.lag ?? {})
    this.limitCapacity(options.capacity ?? 'unlimited')
  }

  /**
   * Adds a rule. Of the rules that apply to a request all add their latency, and the first other one has its way.
   *
   * @param rule - Which requests, and what goes wrong.
   * @returns How often it has, and how to end it.
   * @throws TypeError when the rule could not do what it says.
   */
  add(rule: FaultRule): ActiveRule {
    checkRule(rule, this.#operations)
    this.#added += 1
    const state: RuleState = {
      rule,
      // Each rule has chance of its own, so that adding one does not change what the others do.
      random: new Random(this.#seed + this.#added * 7919),
      seen: 0,
      fired: 0,
      remove: () => {
        this.#rules = this.#rules.filter((one) => one !== state)
      },
    }
    this.#rules = [...this.#rules, state]
    return state
  }

  /** Ends all rules. Lag and capacity stay. */
  clear(): void {
    this.#rules = []
  }

  /** Says how far reads that are not strongly consistent are behind, by the engine's clock. */
  setLag(lag: LagOptions): void {
    this.#lag = {
      eventualReads: milliseconds(lag.eventualReads ?? 0),
      globalIndexes: milliseconds(lag.globalIndexes ?? 0),
    }
  }

  /** Says which limits of throughput hold, by the engine's clock. What was consumed so far is forgotten. */
  limitCapacity(capacity: 'unlimited' | 'enforced' | CapacityLimits): void {
    this.#limiter =
      capacity === 'unlimited'
        ? undefined
        : new CapacityLimiter(capacity === 'enforced' ? undefined : capacity)
  }

  /** @internal */
  get lag(): Lag {
    return this.#lag
  }

  /** @internal */
  get limiter(): CapacityLimiter | undefined {
    return this.#limiter
  }

  /**
   * Works out what befalls a request; undefined when nothing does.
   *
   * @internal
   */
  plan(request: FaultRequest): FaultPlan | undefined {
    if (this.#rules.length === 0) return undefined
    const tables = tablesOf(request.input)
    const firing = this.#rules.filter((state) => applies(state, request, tables) && fires(state))
    if (firing.length === 0) return undefined
    const delays = { delayBefore: 0, delayAfter: 0 }
    let other: RuleState | undefined
    for (const state of firing) {
      const { fault } = state.rule
      if (fault.kind === 'latency') {
        const latency = drawLatency(fault.latency, state.random)
        const share = state.random.next()
        delays.delayBefore += latency * share
        delays.delayAfter += latency * (1 - share)
        state.fired += 1
      } else if (other === undefined) {
        other = state
        state.fired += 1
      }
    }
    return { ...delays, ...outcome(other, request) }
  }
}

function applies({ rule }: RuleState, request: FaultRequest, tables: readonly string[]): boolean {
  const { operations, table, matches } = rule
  return (
    (operations === undefined || operations.includes(request.operation)) &&
    (table === undefined || tables.includes(table)) &&
    (matches === undefined || matches(request))
  )
}

/** Whether a rule has its way with the next request it applies to. */
function fires(state: RuleState): boolean {
  const { after = 0, times = Infinity, probability = 1 } = state.rule
  state.seen += 1
  if (state.seen <= after || state.fired >= times) return false
  return probability >= 1 || state.random.next() < probability
}

type Outcome = Omit<FaultPlan, 'delayBefore' | 'delayAfter'>

const nothing: Outcome = { before: undefined, after: undefined, charge: undefined, conflicts: false }

function outcome(state: RuleState | undefined, request: FaultRequest): Outcome {
  const fault = state?.rule.fault
  switch (fault?.kind) {
    case 'error':
      return { ...nothing, [fault.when ?? 'before']: serviceError(fault) }
    case 'lost-answer':
      return { ...nothing, [fault.when ?? 'after']: new LostAnswer(fault.manner ?? 'reset') }
    case 'throttle':
      return { ...nothing, charge: throttle(fault, state?.rule.table) }
    case 'transaction-conflict':
      return { ...nothing, conflicts: true }
    case 'unprocessed':
      return { ...nothing, charge: handBack(fault, request, state as RuleState) }
    default:
      return nothing
  }
}

const statuses: ReadonlyMap<string, number> = new Map([
  ['InternalServerError', 500],
  ['InternalFailure', 500],
  ['ServiceUnavailable', 503],
])

function serviceError({
  name,
  message = '',
  statusCode = statuses.get(name) ?? 400,
}: ErrorFault): ServiceError {
  return new ServiceError(name, message, { statusCode })
}

function throttle({ index, limit }: ThrottleFault, table: string | undefined): FaultPlan['charge'] {
  return (charges) => {
    const charge = charges.find(
      (one) => one.index === index && (table === undefined || one.table.name === table),
    )
    if (charge !== undefined) throw throttled(charge, limit)
  }
}

function throttled(charge: Charge, limit: ThrottleFault['limit']): ServiceError {
  const isOnDemand = charge.table.billingMode === 'PAY_PER_REQUEST'
  const usual = isOnDemand ? 'KeyRangeThroughputExceeded' : 'ProvisionedThroughputExceeded'
  return throttlingError([{ charge, limit: limit ?? usual }])
}

const batches: ReadonlySet<string> = new Set(['BatchGetItem', 'BatchWriteItem'])

/** DynamoDB hands back what it throttles; only when that is all of a batch it answers with an error. */
function handBack(
  { share = 0.5 }: Extract<Fault, { kind: 'unprocessed' }>,
  { operation }: FaultRequest,
  { random }: RuleState,
): FaultPlan['charge'] {
  if (!batches.has(operation)) return undefined
  let isFirst = true
  return ([charge]) => {
    const isTaken = isFirst || random.next() >= share
    isFirst = false
    if (!isTaken && charge !== undefined) throw throttled(charge, undefined)
  }
}
