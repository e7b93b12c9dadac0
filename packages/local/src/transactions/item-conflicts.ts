import { ServiceError, validationError } from '../protocol/service-error.ts'
import type { TransactionItem } from './transaction-holds.ts'

/**
 * Checks that a transaction has to do with each item once.
 *
 * @throws ServiceError when it has not.
 * @internal
 */
export function checkItemsDiffer(items: readonly TransactionItem[]): void {
  const seen = new Set<string>()
  for (const { table, position } of items) {
    const name = JSON.stringify([table, position.partition, position.sort])
    if (seen.has(name)) {
      throw validationError('Transaction request cannot include multiple operations on one item')
    }
    seen.add(name)
  }
}

/**
 * Makes the error of a request that meets a transaction which is under way.
 *
 * @internal
 */
export function conflict(): ServiceError {
  return new ServiceError('TransactionConflictException', 'Transaction is ongoing for the item')
}
