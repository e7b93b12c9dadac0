import { AttemptReport } from './attempt-report.ts'
import { closedError, type Failed, makeAttempt, type Outcome } from './attempt.ts'
import type { RetryReason } from './attempt-event.ts'
import type { DirectSettings, LoadSettings } from './direct-settings.ts'
import type { DirectTransport } from './direct-transport.ts'
import type { HttpClient } from './http/http-client.ts'
import { makeOutgoing, type Outgoing } from './outgoing.ts'
import { pause, unlessAborted } from './pause.ts'
import type { Retry } from './retry-policy.ts'
import type { ConnectionStatistics } from './transport-options.ts'
import type { OperationName, SendOptions, WireInput, WireOutput } from './transport.ts'

/** A retry that is about to be made. */
interface PlannedRetry extends Retry {
  readonly reason: RetryReason
}

/**
 * The direct transport itself; see {@link directTransport}.
 *
 * @internal
 */
export class DirectSender implements DirectTransport {
  readonly #load: LoadSettings
  readonly #region: string | undefined
  /** Those of other regions, shared by all of them. */
  readonly #regions: Map<string, DirectSender>
  #loading: Promise<DirectSettings> | undefined
  #settings: DirectSettings | undefined
  #isClosed = false

  constructor(
    load: LoadSettings,
    region?: string,
    regions: Map<string, DirectSender> = new Map<string, DirectSender>(),
  ) {
    this.#load = load
    this.#region = region
    this.#regions = regions
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    if (this.#isClosed) throw closedError()
    const outgoing = makeOutgoing(operation, input, options)
    try {
      throwIfEnded(outgoing)
      return await deliver(outgoing, this.#settings ?? (await this.#prepare(outgoing)))
    } finally {
      outgoing.limit.release()
    }
  }

  async warmUp(connections = 1): Promise<void> {
    const settings = this.#settings ?? (await this.#ready())
    const { nodes } = await settings.destination(await settings.credentials.get(), undefined)
    await Promise.all(nodes.all.map(({ client }) => client.warmUp(connections)))
  }

  connections(): ConnectionStatistics {
    const sum = { open: 0, idle: 0, queued: 0 }
    for (const client of this.#clients()) {
      const { open, idle, queued } = client.statistics()
      sum.open += open
      sum.idle += idle
      sum.queued += queued
    }
    return sum
  }

  inRegion(region: string): DirectSender {
    let other = this.#regions.get(region)
    if (!other) {
      other = new DirectSender(this.#load, region, this.#regions)
      this.#regions.set(region, other)
    }
    return other
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const isFirst = this.#region === undefined
    const others = isFirst ? [...this.#regions.values()] : []
    // A region that was closed by itself can be asked for again.
    if (this.#region !== undefined) this.#regions.delete(this.#region)
    await Promise.all([...this.#clients(), ...others].map((part) => part.close()))
  }

  #clients(): readonly HttpClient[] {
    return this.#settings?.clients() ?? []
  }

  async #prepare(outgoing: Outgoing): Promise<DirectSettings> {
    const settings = await unlessAborted(this.#ready(), outgoing.limit.signal)
    throwIfEnded(outgoing)
    return settings as DirectSettings
  }

  #ready(): Promise<DirectSettings> {
    this.#loading ??= this.#load(this.#region).then(
      (settings) => (this.#settings = settings),
      (error: unknown) => {
        // What was missing may be there for the next request.
        this.#loading = undefined
        throw error
      },
    )
    return this.#loading
  }
}

/** Makes attempts until one succeeds or no other is permitted. */
async function deliver(outgoing: Outgoing, settings: DirectSettings): Promise<WireOutput> {
  const mended = new Set<RetryReason>()
  let cost = 0
  for (let attempt = 1; ; attempt++) {
    const report = outgoing.onAttempt && new AttemptReport(outgoing.onAttempt, outgoing, attempt)
    const outcome = await reporting(makeAttempt(outgoing, settings, attempt), report)
    if (outcome.failure === undefined) {
      settings.policy.succeed(cost)
      report?.ended(outcome, undefined)
      return outcome.output
    }
    if (outcome.failure.mayBeDone) outgoing.mayBeDone = true
    const retry = await planRetry(outgoing, settings, attempt, outcome, mended)
    report?.ended(outcome, retry)
    if (!retry) throw outcome.failure.error
    cost = retry.cost
    await waitBefore(retry, outgoing, outcome.failure.error)
  }
}

function reporting(attempt: Promise<Outcome>, report: AttemptReport | undefined): Promise<Outcome> {
  if (!report) return attempt
  return attempt.catch((error: unknown) => {
    report.failed(error)
    throw error
  })
}

function throwIfEnded(outgoing: Outgoing, lastFailure?: unknown): void {
  const ended = outgoing.limit.error(outgoing.mayBeDone, lastFailure)
  if (ended) throw ended
}

async function planRetry(
  outgoing: Outgoing,
  settings: DirectSettings,
  attempt: number,
  failed: Failed,
  mended: Set<RetryReason>,
): Promise<PlannedRetry | undefined> {
  const { reason, mayBeDone, retryAfter } = failed.failure
  const { policy } = settings
  if (reason === undefined) return undefined
  if (mayBeDone && !outgoing.isRepeatable && !policy.unsafeWrites) return undefined
  if (reason === 'transient' || reason === 'throttled') {
    const retry = policy.retry(reason, attempt, retryAfter)
    return retry && { reason, ...retry }
  }
  if (mended.has(reason)) return undefined
  mended.add(reason)
  const isMended =
    reason === 'clock-skew'
      ? settings.clock.correct(failed.answer?.headers.date, failed.clockOffset)
      : await renewCredentials(outgoing, settings, failed)
  return isMended ? { reason, delay: 0, cost: 0 } : undefined
}

/** Whether there are other credentials than those that were refused. */
async function renewCredentials(
  outgoing: Outgoing,
  { credentials }: DirectSettings,
  failed: Failed,
): Promise<boolean> {
  const refused = failed.credentials
  credentials.forget(refused)
  const fresh = await unlessAborted(Promise.resolve(credentials.get()), outgoing.limit.signal)
  if (!fresh) return false
  return fresh.accessKeyId !== refused.accessKeyId || fresh.sessionToken !== refused.sessionToken
}

async function waitBefore(retry: Retry, outgoing: Outgoing, lastFailure: unknown): Promise<void> {
  const { limit } = outgoing
  if (limit.deadline !== undefined && limit.deadline - Date.now() < retry.delay) limit.giveUp()
  else if (retry.delay > 0) await pause(retry.delay, limit.signal)
  throwIfEnded(outgoing, lastFailure)
}
