import type { NativeItem } from '../codec/native-value.ts'
import type { DynamoDBError, DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import { ConditionalCheckFailedError } from '../errors/item-errors.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored } from '../schema/entity-item.ts'

/**
 * Gives the stored item of a failed condition in the application's form.
 *
 * @param entity - The entity.
 * @param result - A put or delete on its way.
 * @returns Its result.
 * @throws ConditionalCheckFailedError with the item, when the condition was false and the item was asked for.
 * @internal
 */
export async function withAppItem<Result>(entity: CompiledEntity, result: Promise<Result>): Promise<Result> {
  try {
    return await result
  } catch (error) {
    if (!ConditionalCheckFailedError.is(error) || !error.item) throw error
    const item = fromStored(entity, error.item as NativeItem)
    throw new ConditionalCheckFailedError(error.message, { ...failureFacts(error), item })
  }
}

/**
 * The facts of an error, for an error that takes its place.
 *
 * @internal
 */
export function failureFacts(error: DynamoDBError): DynamoDBErrorOptions {
  return {
    cause: error.cause,
    operation: error.operation,
    tableName: error.tableName,
    statusCode: error.statusCode,
    requestId: error.requestId,
    outcomeUnknown: error.outcomeUnknown,
  }
}
