import type { WireOutput } from '../transport/transport.ts'

/** Capacity consumed by one call, summed over all its requests. */
export interface ConsumedCapacity {
  /** Read capacity units. */
  readonly readUnits: number
  /** Write capacity units. */
  readonly writeUnits: number
  /** Requests sent to DynamoDB that were answered. */
  readonly requests: number
}

interface WireCapacity {
  readonly TableName?: string
  readonly CapacityUnits?: number
  readonly Table?: { readonly CapacityUnits?: number }
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits?: number }>>
  readonly LocalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits?: number }>>
}

/**
 * Adds up consumed capacity over calls.
 *
 * Hand one to several calls (`{ capacity: meter }`) to know what a whole request of your service cost.
 * Numbers stay 0 when the adapter was made with `capacityDetail: 'none'`.
 *
 * @example
 * ```ts
 * import { CapacityMeter, createAdapter } from 'dynakit'
 *
 * const db = createAdapter({ region: 'eu-west-1', tableName: 'Products' })
 * const meter = new CapacityMeter()
 * await db.get({ id: 'p1' }, { capacity: meter })
 * await db.get({ id: 'p2' }, { capacity: meter })
 * console.log(meter.readUnits, meter.requests)
 * ```
 */
export class CapacityMeter implements ConsumedCapacity {
  /** Read capacity units so far. */
  readUnits = 0
  /** Write capacity units so far. */
  writeUnits = 0
  /** Requests answered so far. */
  requests = 0
  /** Units by `table` or `table/index`; indexes only with `capacityDetail: 'indexes'`. */
  readonly byResource: Map<string, number> = new Map<string, number>()

  /** The totals at this moment. */
  snapshot(): ConsumedCapacity {
    return { readUnits: this.readUnits, writeUnits: this.writeUnits, requests: this.requests }
  }

  /**
   * Adds what one answer reports.
   *
   * @param output - The answer of DynamoDB.
   * @param isRead - Whether it was a read.
   * @internal
   */
  add(output: WireOutput, isRead: boolean): void {
    this.requests += 1
    const reported = output.ConsumedCapacity as WireCapacity | readonly WireCapacity[] | undefined
    if (reported === undefined) return
    for (const capacity of Array.isArray(reported)
      ? (reported as readonly WireCapacity[])
      : [reported as WireCapacity]) {
      this.#addOne(capacity, isRead)
    }
  }

  /**
   * Adds what another meter has counted.
   *
   * @internal
   */
  merge(other: CapacityMeter): void {
    this.readUnits += other.readUnits
    this.writeUnits += other.writeUnits
    this.requests += other.requests
    for (const [name, units] of other.byResource) this.#addResource(name, units)
  }

  #addOne(capacity: WireCapacity, isRead: boolean): void {
    const units = capacity.CapacityUnits ?? 0
    if (isRead) this.readUnits += units
    else this.writeUnits += units
    const table = capacity.TableName ?? ''
    this.#addResource(table, capacity.Table?.CapacityUnits ?? units)
    for (const indexes of [capacity.GlobalSecondaryIndexes, capacity.LocalSecondaryIndexes]) {
      for (const [name, index] of Object.entries(indexes ?? {})) {
        this.#addResource(`${table}/${name}`, index.CapacityUnits ?? 0)
      }
    }
  }

  #addResource(name: string, units: number): void {
    this.byResource.set(name, (this.byResource.get(name) ?? 0) + units)
  }
}
