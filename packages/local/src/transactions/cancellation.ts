import { ServiceError } from '../protocol/service-error.ts'
import type { Item } from '../values/attribute-value.ts'

/** Why one action cancels a transaction. */
export interface CancellationReason {
  readonly Code: string
  readonly Message?: string
  /** The item as it is, if the action asked for it. */
  readonly Item?: Item
}

const none: CancellationReason = { Code: 'None' }

/** The codes of reasons that are exceptions elsewhere. */
const codes: ReadonlyMap<string, string> = new Map([
  ['ValidationException', 'ValidationError'],
  ['ConditionalCheckFailedException', 'ConditionalCheckFailed'],
  ['DuplicateItemException', 'DuplicateItem'],
  ['TransactionConflictException', 'TransactionConflict'],
  ['ProvisionedThroughputExceededException', 'ProvisionedThroughputExceeded'],
  ['ThrottlingException', 'ThrottlingError'],
  ['RequestLimitExceeded', 'ThrottlingError'],
])

/**
 * Does something for each action of a transaction, and cancels the transaction when that fails for any.
 *
 * @param actions - The actions.
 * @param reasonOf - Makes a reason of what failed; throws what concerns the request as a whole.
 * @param run - What to do.
 * @returns What that gave, action by action.
 * @throws ServiceError (`TransactionCanceledException`) with the reasons.
 * @internal
 */
export function forEachAction<Action, Result>(
  actions: readonly Action[],
  reasonOf: (error: unknown) => CancellationReason,
  run: (action: Action, index: number) => Result,
): readonly Result[] {
  const results: Result[] = []
  const reasons = actions.map((action, index) => {
    try {
      results.push(run(action, index))
      return none
    } catch (error) {
      return reasonOf(error)
    }
  })
  if (results.length === actions.length) return results
  throw new ServiceError(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    { details: { CancellationReasons: reasons } },
  )
}

/**
 * Makes a reason of an error that only one action of a transaction has.
 *
 * @param error - What the action threw.
 * @returns The reason.
 * @throws The error itself when it concerns the request as a whole.
 * @internal
 */
export function cancellationReason(error: unknown): CancellationReason {
  const code = error instanceof ServiceError ? codes.get(error.name) : undefined
  if (code === undefined) throw error
  const { message, details } = error as ServiceError
  return { Code: code, Message: message, ...(details.Item !== undefined && { Item: details.Item as Item }) }
}
