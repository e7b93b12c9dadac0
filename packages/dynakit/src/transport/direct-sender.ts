import { AttemptReport } from './attempt-report.ts'
import { closedError, type Failed, makeAttempt, type Outcome } from './attempt.ts'
import type { RetryReason } from './attempt-event.ts'
import type { DirectSettings, LoadSettings } from './direct-settings.ts'
import type { DirectTransport } from './direct-transport.ts'
import { connectionError } from './attempt-failure.ts'
import type { EndpointNode } from './endpoint-nodes.ts'
import { Drain, type HttpClient, HttpFailure } from './http/http-client.ts'
import { makeOutgoing, type Outgoing } from './outgoing.ts'
import { pause, unlessAborted } from './pause.ts'
import type { Retry } from './retry-policy.ts'
import type { ConnectionStatistics } from './transport-options.ts'
import type { OperationName, SendOptions, WireInput, WireOutput } from './transport.ts'

/** A retry that is about to be made. */
interface PlannedRetry extends Retry {
  readonly reason: RetryReason
}

/** The senders of other regions that one transport has made, and whether it was closed. */
interface Family {
  readonly regions: Map<string, DirectSender>
  isClosed: boolean
}

/**
 * The direct transport itself; see {@link directTransport}.
 *
 * @internal
 */
export class DirectSender implements DirectTransport {
  readonly #load: LoadSettings
  readonly #region: string | undefined
  readonly #family: Family
  readonly #drain = new Drain()
  #loading: Promise<DirectSettings> | undefined
  #settings: DirectSettings | undefined
  #isClosed = false

  constructor(load: LoadSettings, region?: string, family: Family = { regions: new Map(), isClosed: false }) {
    this.#load = load
    this.#region = region
    this.#family = family
  }

  async send(operation: OperationName, input: WireInput, options: SendOptions): Promise<WireOutput> {
    if (this.#isClosed) throw closedError()
    const outgoing = makeOutgoing(operation, input, options)
    this.#drain.enter()
    try {
      throwIfEnded(outgoing)
      return await deliver(outgoing, this.#settings ?? (await this.#prepare(outgoing)))
    } finally {
      outgoing.limit.release()
      this.#drain.leave()
    }
  }

  async warmUp(connections = 1): Promise<void> {
    if (this.#isClosed) throw closedError()
    this.#drain.enter()
    try {
      const settings = this.#settings ?? (await this.#ready())
      const { nodes } = await settings.destination(await settings.credentials.get(), undefined)
      await Promise.all(nodes.all.map((node) => warmUpNode(node, connections)))
    } finally {
      this.#drain.leave()
    }
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
    if (this.#family.isClosed) throw closedError()
    const { regions } = this.#family
    let other = regions.get(region)
    if (!other) {
      other = new DirectSender(this.#load, region, this.#family)
      regions.set(region, other)
    }
    return other
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([this.#closeOwn(), this.#region === undefined ? this.#closeFamily() : undefined])
  }

  async #closeOwn(): Promise<void> {
    // A region that was closed by itself can be asked for again.
    if (this.#region !== undefined) this.#family.regions.delete(this.#region)
    await this.#drain.wait()
    await Promise.all(this.#clients().map((client) => client.close()))
  }

  async #closeFamily(): Promise<void> {
    this.#family.isClosed = true
    await Promise.all([...this.#family.regions.values()].map((sender) => sender.close()))
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

async function warmUpNode({ client, host }: EndpointNode, connections: number): Promise<void> {
  try {
    await client.warmUp(connections)
  } catch (error) {
    throw error instanceof HttpFailure ? connectionError(error, 'warm-up', host, {}, true) : error
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
    const retry = await planRetry(outgoing, settings, attempt, outcome, mended).catch((error: unknown) => {
      report?.ended(outcome, undefined)
      throw error
    })
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
  throwIfEnded(outgoing, failed.failure.error)
  if (!fresh) return false
  return fresh.accessKeyId !== refused.accessKeyId || fresh.sessionToken !== refused.sessionToken
}

async function waitBefore(retry: Retry, outgoing: Outgoing, lastFailure: unknown): Promise<void> {
  const { limit } = outgoing
  if (limit.deadline !== undefined && limit.deadline - Date.now() < retry.delay) limit.giveUp()
  else if (retry.delay > 0) await pause(retry.delay, limit.signal)
  throwIfEnded(outgoing, lastFailure)
}
