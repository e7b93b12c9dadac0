import type { DynamoDBErrorOptions } from '../errors/dynamodb-error.ts'
import { ItemAlreadyExistsError } from '../errors/item-errors.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { softDeletedKey } from './update.ts'

/**
 * Makes the error of a new item whose key is taken.
 *
 * @param entity - The entity.
 * @param stored - The item that is in the way, where it is known.
 * @param facts - Facts about the failed request.
 * @internal
 */
export function itemExistsError(
  { name, deletedAt }: CompiledEntity,
  stored: Readonly<Record<string, unknown>> | undefined,
  facts: DynamoDBErrorOptions,
): ItemAlreadyExistsError {
  const isDeleted = deletedAt !== undefined && stored?.[deletedAt] !== undefined
  return new ItemAlreadyExistsError(
    isDeleted
      ? softDeletedKey(name)
      : `${name}: an item with this key exists already. Use put to replace it, or update to change it.`,
    facts,
  )
}
