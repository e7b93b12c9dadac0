import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { ItemPosition } from '../storage/stored-item.ts'

/** Errors of an item of a batch that only put the item off. */
const throttles: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
])

/** Asks for the capacity of a batch item by item: what is throttled is not processed, the rest is. */
export class BatchCharges {
  readonly #context: OperationContext
  readonly #charges: Charge[] = []
  #refusal: ServiceError | undefined

  /**
   * @param context - What the operation works with.
   */
  constructor(context: OperationContext) {
    this.#context = context
  }

  /** What was charged so far. */
  get charges(): readonly Charge[] {
    return this.#charges
  }

  /** Asks for the capacity of one item, and tells whether it was granted. */
  charge(charges: readonly Charge[]): boolean {
    try {
      this.#context.charge(charges)
    } catch (error) {
      if (!(error instanceof ServiceError) || !throttles.has(error.name)) throw error
      this.#refusal = error
      return false
    }
    this.#charges.push(...charges)
    return true
  }

  /** An error when no item at all was granted capacity. */
  checkProgress(): void {
    if (this.#charges.length === 0 && this.#refusal !== undefined) throw this.#refusal
  }
}

/**
 * Checks that no item of a table is named twice.
 *
 * @param positions - Where the items stand.
 * @throws ServiceError when one is.
 * @internal
 */
export function checkDistinct(positions: readonly ItemPosition[]): void {
  const seen = new Set(positions.map(({ partition, sort }) => JSON.stringify([partition, sort])))
  if (seen.size < positions.length) throw validationError('Provided list of item keys contains duplicates')
}
