import type { Partially } from '../execution/batch-options.ts'
import type { BatchGetResult } from './batch-results.ts'
import type { EntityBatchGetOptions } from './read-options.ts'

/** Options of a loader; they hold for all that it reads. */
export type LoaderOptions = Omit<EntityBatchGetOptions, 'partial' | 'signal' | 'onProgress'>

/** How a loader reads many items at once. */
export type LoadMany<Item, Key> = (
  keys: readonly Key[],
  options: Partially<EntityBatchGetOptions>,
) => Promise<BatchGetResult<Item, Key>>

/** One call of `get` that waits for its item. */
interface Waiting<Item, Key> {
  readonly key: Key
  readonly resolve: (item: Item | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads items one by one in the code and many at once on the wire: what is asked for in one turn of the event
 * loop goes out as one batch. Make one with {@link Repository.loader}.
 *
 * It keeps nothing: an item that is asked for again in a later turn is read again.
 *
 * @typeParam Item - What is read.
 * @typeParam Key - What identifies it.
 *
 * @example
 * ```ts
 * import { createAdapter, defineEntity, defineTable } from 'dynakit'
 * import { z } from 'zod'
 *
 * const Users = defineTable({ name: 'Users', partitionKey: { name: 'id', type: 'string' } })
 * const User = defineEntity({ name: 'User', table: Users, attributes: { id: z.string(), name: z.string() } })
 * const users = createAdapter({ region: 'eu-west-1' }).repository(User).loader()
 *
 * async function authorsOf(posts: readonly { authorId: string }[]): Promise<(string | undefined)[]> {
 *   return Promise.all(posts.map(async ({ authorId }) => (await users.get({ id: authorId }))?.name))
 * }
 * console.log(await authorsOf([{ authorId: 'u1' }, { authorId: 'u2' }])) // one request
 * ```
 */
export class EntityLoader<Item, Key extends object> {
  readonly #loadMany: LoadMany<Item, Key>
  readonly #check: (key: Key) => unknown
  readonly #options: LoaderOptions
  #waiting: Waiting<Item, Key>[] = []

  /** @internal */
  constructor(loadMany: LoadMany<Item, Key>, check: (key: Key) => unknown, options: LoaderOptions) {
    this.#loadMany = loadMany
    this.#check = check
    this.#options = options
  }

  /**
   * Reads an item together with the others that are asked for in this turn of the event loop.
   *
   * @param key - The fields that identify it.
   * @returns The item, or `undefined` when there is none.
   * @throws ValidationError for a key that is refused, which does not touch the others; BatchIncompleteError
   *   when the item could not be read in time, although others may have been.
   */
  async get(key: Key): Promise<Item | undefined> {
    // A key that is refused would take the whole batch with it.
    const checked = this.#check(key)
    if (checked instanceof Promise) await checked
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ key, resolve, reject }) === 1) {
        setImmediate(() => {
          void this.#load()
        })
      }
    })
  }

  async #load(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      const keys = waiting.map(({ key }) => key)
      const { items, error } = await this.#loadMany(keys, { ...this.#options, partial: true })
      for (const [at, { resolve, reject }] of waiting.entries()) {
        // Of an item that is not there it cannot be told whether it was looked for.
        if (error && items[at] === undefined) reject(error)
        else resolve(items[at])
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }
}
