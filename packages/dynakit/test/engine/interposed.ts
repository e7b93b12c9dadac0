import {
  createAdapter,
  type DynamoDBAdapter,
  type OperationName,
  type Transport,
  type WireInput,
} from 'dynakit'

/** Runs before a request is sent; may write, wait or throw. */
export type Interposed = (operation: OperationName, input: WireInput) => void | Promise<void>

/**
 * An adapter over the same connections whose requests run something first.
 *
 * @param db - The adapter whose transport is used.
 * @param before - What runs before each request.
 */
export function interposed(db: DynamoDBAdapter, before: Interposed): DynamoDBAdapter {
  const { transport } = db['~executor']
  const wrapped: Transport = {
    send: async (operation, input, options) => {
      await before(operation, input)
      return transport.send(operation, input, options)
    },
    close: () => Promise.resolve(),
  }
  return createAdapter({ transport: wrapped })
}

/** Runs something before the first request of an operation only. */
export function once(operation: OperationName, run: () => Promise<unknown>): Interposed {
  let isDone = false
  return async (name) => {
    if (isDone || name !== operation) return
    isDone = true
    await run()
  }
}

/** Names of the operations sent, in order. */
export function recorded(names: OperationName[]): Interposed {
  return (operation) => {
    names.push(operation)
  }
}
