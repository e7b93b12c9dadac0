import type { ItemPosition } from '../storage/stored-item.ts'

/** An item that a transaction has to do with. */
export interface TransactionItem {
  readonly table: string
  readonly position: ItemPosition
}

/**
 * The items of transactions that are under way. While a transaction has not been answered, other transactions
 * and writes that meet its items conflict with it.
 *
 * A transaction is carried out at one moment, so items are held only while its answer is delayed.
 */
export class TransactionHolds {
  readonly #held = new Map<string, number>()

  /** Tells whether a transaction that is under way has to do with an item. */
  isHeld(item: TransactionItem): boolean {
    return this.#held.size > 0 && this.#held.has(nameOf(item))
  }

  /**
   * Holds items.
   *
   * @returns Lets them go again.
   */
  hold(items: readonly TransactionItem[]): () => void {
    const names = items.map(nameOf)
    for (const name of names) this.#held.set(name, (this.#held.get(name) ?? 0) + 1)
    return () => {
      for (const name of names.splice(0)) {
        const count = (this.#held.get(name) ?? 1) - 1
        if (count === 0) this.#held.delete(name)
        else this.#held.set(name, count)
      }
    }
  }
}

function nameOf({ table, position }: TransactionItem): string {
  return JSON.stringify([table, position.partition, position.sort])
}
