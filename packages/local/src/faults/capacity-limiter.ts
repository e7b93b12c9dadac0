import { type Duration, milliseconds } from '../engine/clock.ts'
import type { Charge } from '../engine/operation-context.ts'
import { hashLimit } from '../streams/shard.ts'
import type { IndexDefinition, TableDefinition } from '../tables/table-definition.ts'
import { TokenBucket } from './token-bucket.ts'
import { type LimitType, type ReachedLimit, throttlingError } from './throttling-error.ts'

/** Which limits of throughput hold. */
export interface CapacityLimits {
  /** How much unused provisioned capacity is kept for bursts. Default: 5 minutes' worth. */
  readonly burst?: Duration | undefined
  /** Read units a second of one partition. Default: 3,000. */
  readonly partitionRead?: number | undefined
  /** Write units a second of one partition. Default: 1,000. */
  readonly partitionWrite?: number | undefined
  /** Partitions of each table and index. Default: as many as its capacity needs; 4 on demand. */
  readonly partitions?: number | undefined
  /** Read units a second of one table on demand. Default: 40,000. */
  readonly accountRead?: number | undefined
  /** Write units a second of one table on demand. Default: 40,000. */
  readonly accountWrite?: number | undefined
}

type Kind = Charge['kind']

/** A limit that a charge counts towards. */
interface Limit {
  readonly type: LimitType
  readonly bucket: TokenBucket
  /** Units a second. */
  readonly rate: number
  /** Units that can be saved up. */
  readonly size: number
}

const onDemandPartitions = 4
const defaultBurst = '5m'
const defaults: Readonly<Record<'partition' | 'account', Readonly<Record<Kind, number>>>> = {
  partition: { read: 3000, write: 1000 },
  account: { read: 40_000, write: 40_000 },
}

/** Counts what requests consume, by the engine's clock, and throttles as DynamoDB does. */
export class CapacityLimiter {
  readonly #limits: CapacityLimits
  readonly #burst: number
  readonly #buckets = new Map<string, TokenBucket>()

  /**
   * @param limits - The limits that differ from DynamoDB's.
   */
  constructor(limits: CapacityLimits = {}) {
    this.#limits = limits
    this.#burst = milliseconds(limits.burst ?? defaultBurst) / 1000
  }

  /**
   * Takes what a request consumes, if there is enough for all of it.
   *
   * @param charges - What it consumes.
   * @param now - The time.
   * @throws ServiceError when it is throttled.
   */
  charge(charges: readonly Charge[], now: number): void {
    const reached: ReachedLimit[] = []
    const consumed: (readonly [TokenBucket, number])[] = []
    for (const charge of charges) {
      for (const { type, bucket, rate, size } of this.#limitsOf(charge, now)) {
        if (!bucket.hasAny(now, rate, size)) reached.push({ charge, limit: type })
        consumed.push([bucket, charge.units])
      }
    }
    const [first, ...others] = reached
    if (first !== undefined) throw throttlingError([first, ...others])
    for (const [bucket, units] of consumed) bucket.take(units)
  }

  #limitsOf(given: Charge, now: number): readonly Limit[] {
    const index = given.table.indexes.find(({ name }) => name === given.index)
    // A local index lives on the capacity of its table.
    const source = index?.kind === 'global' ? index : given.table
    const place = `${given.table.id} ${source === index ? index.name : ''} ${given.kind}`
    const limits = [this.#partitionLimit(given, source, place, now)]
    if (given.table.billingMode === 'PROVISIONED') {
      const rate = source.throughput?.[given.kind] ?? 0
      limits.push(this.#limit('ProvisionedThroughputExceeded', place, rate, this.#burst, now))
      return limits
    }
    const account = given.kind === 'read' ? this.#limits.accountRead : this.#limits.accountWrite
    const rate = account ?? defaults.account[given.kind]
    limits.push(this.#limit('AccountLimitExceeded', `${place} account`, rate, 1, now))
    const maximum = source.onDemand?.[given.kind] ?? -1
    if (maximum >= 0) {
      limits.push(this.#limit('MaxOnDemandThroughputExceeded', `${place} maximum`, maximum, 1, now))
    }
    return limits
  }

  #partitionLimit(
    { kind, hash, table }: Charge,
    source: TableDefinition | IndexDefinition,
    place: string,
    now: number,
  ): Limit {
    const given = kind === 'read' ? this.#limits.partitionRead : this.#limits.partitionWrite
    const rate = given ?? defaults.partition[kind]
    const count = this.#limits.partitions ?? partitionsOf(table, source)
    const partition = Math.floor((hash / hashLimit) * count)
    return this.#limit('KeyRangeThroughputExceeded', `${place} ${String(partition)}`, rate, 1, now)
  }

  #limit(type: LimitType, name: string, rate: number, seconds: number, now: number): Limit {
    let bucket = this.#buckets.get(name)
    if (bucket === undefined) {
      // What a second gives is there from the start.
      bucket = new TokenBucket(rate, now)
      this.#buckets.set(name, bucket)
    }
    return { type, bucket, rate, size: rate * Math.max(1, seconds) }
  }
}

/** Capacity is spread over partitions of which each takes so much. */
function partitionsOf(table: TableDefinition, source: TableDefinition | IndexDefinition): number {
  if (table.billingMode === 'PAY_PER_REQUEST') return onDemandPartitions
  const { read = 0, write = 0 } = source.throughput ?? {}
  return Math.max(1, Math.ceil(read / defaults.partition.read + write / defaults.partition.write))
}
