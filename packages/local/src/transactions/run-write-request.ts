import { readUnits } from '../capacity/capacity-units.ts'
import type { Charge, OperationContext } from '../engine/operation-context.ts'
import { isRepeated, remember } from './request-tokens.ts'
import { placeActions, runWriteTransaction, type WrittenAction } from './run-write-transaction.ts'
import { twice } from './transaction-capacity.ts'
import type { WriteAction } from './write-action.ts'

/** A request to write a transaction. */
export interface WriteRequest {
  readonly operation: string
  /** `ClientRequestToken` */
  readonly token: string | undefined
  /** What the request does, as data. */
  readonly content: unknown
  readonly actions: readonly WriteAction[]
}

/** What a request did. */
export interface WrittenRequest {
  /** Nothing when an earlier request did it. */
  readonly written: readonly WrittenAction[]
  readonly charges: readonly Charge[]
}

/**
 * Carries out a transaction, unless the request repeats an earlier one: that only costs reading its items.
 *
 * @param context - What the operation works with.
 * @param request - The request.
 * @throws ServiceError when the transaction cannot be carried out, or the token was used for another one.
 * @internal
 */
export function runWriteRequest(context: OperationContext, request: WriteRequest): WrittenRequest {
  const { operation, token, content, actions } = request
  const now = context.clock.now()
  const repeatable = token === undefined ? undefined : { operation, token, actions: content, now }
  if (repeatable !== undefined && isRepeated(context.database, repeatable)) {
    const charges = repeatCharges(context, actions)
    context.charge(charges)
    return { written: [], charges }
  }
  const written = runWriteTransaction(context, actions)
  if (repeatable !== undefined) remember(context.database, repeatable)
  return { written, charges: written.flatMap((action) => action.charges) }
}

function repeatCharges(context: OperationContext, actions: readonly WriteAction[]): readonly Charge[] {
  return twice(
    placeActions(context, actions).map(({ table, position }) => ({
      table: table.definition,
      kind: 'read',
      units: readUnits(table.items.get(position)?.size ?? 0, true),
      hash: position.hash,
    })),
  )
}
