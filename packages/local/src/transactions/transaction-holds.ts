import type { ItemPosition } from '../storage/stored-item.ts'

/** An item that a request has to do with. */
export interface TransactionItem {
  readonly table: string
  readonly position: ItemPosition
}

/** Transactions conflict with everything that writes, other writes with transactions only. */
export type Writer = 'transaction' | 'write'

/**
 * The items of writes that are under way. An operation is carried out at one moment; it is under way for as long
 * as its answer is delayed. What meets its items until then conflicts with it, as it would on DynamoDB.
 */
export class TransactionHolds {
  readonly #held: Readonly<Record<Writer, Map<string, number>>> = {
    transaction: new Map(),
    write: new Map(),
  }
  /** Whether the next item that is asked for conflicts, whatever is under way. */
  isProvoked = false
  #marked: { readonly writer: Writer; readonly items: readonly TransactionItem[] } | undefined

  /**
   * Tells whether a writer conflicts with one that is under way.
   *
   * @param item - The item both have to do with.
   * @param writer - The one that comes now.
   */
  isHeld(item: TransactionItem, writer: Writer): boolean {
    if (this.isProvoked) {
      this.isProvoked = false
      return true
    }
    const { transaction, write } = this.#held
    if (transaction.size === 0 && (writer === 'write' || write.size === 0)) return false
    const name = nameOf(item)
    return transaction.has(name) || (writer === 'transaction' && write.has(name))
  }

  /** Says what the operation that is being carried out writes. */
  mark(writer: Writer, items: readonly TransactionItem[]): void {
    this.#marked = { writer, items }
  }

  /**
   * Holds what the operation that was just carried out has written. To be called after each operation if answers
   * can be delayed.
   *
   * @returns Lets it go: to be called when the operation is answered.
   */
  hold(): () => void {
    const marked = this.#marked
    this.#marked = undefined
    if (marked === undefined) return () => undefined
    const held = this.#held[marked.writer]
    const names = marked.items.map(nameOf)
    for (const name of names) held.set(name, (held.get(name) ?? 0) + 1)
    return () => {
      for (const name of names.splice(0)) release(held, name)
    }
  }
}

function release(held: Map<string, number>, name: string): void {
  const count = (held.get(name) ?? 1) - 1
  if (count === 0) held.delete(name)
  else held.set(name, count)
}

function nameOf({ table, position }: TransactionItem): string {
  return JSON.stringify([table, position.partition, position.sort])
}
