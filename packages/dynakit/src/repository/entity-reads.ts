import type { Executor } from '../execution/executor.ts'
import { attributesOf } from '../expressions/condition.ts'
import { attributePath } from '../expressions/path.ts'
import { getItem } from '../operations/read/get-item.ts'
import { entityVisibility, isVisible } from '../planner/visibility.ts'
import type { AppItem, CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored, isOther, storedKey } from '../schema/entity-item.ts'
import type { EntityGetOptions } from './read-options.ts'

/**
 * Reads one item of an entity.
 *
 * @returns The item in the application's form, or `undefined` when there is none to be shown.
 * @internal
 */
export async function getEntity(
  executor: Executor,
  entity: CompiledEntity,
  key: AppItem,
  options: EntityGetOptions | undefined,
): Promise<Record<string, unknown> | undefined> {
  const call = executor.start(options)
  const visibility = entityVisibility(entity, options)
  const made = storedKey(entity, key)
  const { item } = await executor.run(
    getItem,
    {
      operation: 'GetItem',
      tableName: entity.table.name,
      key: made instanceof Promise ? await made : made,
      consistentRead: options?.consistent ?? false,
    },
    call,
  )
  if (!item || isOther(entity, item) || !isVisible(visibility, item)) return undefined
  return fromStored(entity, item)
}

/**
 * Tells whether an item exists that a read would show.
 *
 * @internal
 */
export async function entityExists(
  executor: Executor,
  entity: CompiledEntity,
  key: AppItem,
  options: EntityGetOptions | undefined,
): Promise<boolean> {
  const call = executor.start(options)
  const visibility = entityVisibility(entity, options)
  const { table, entityAttribute } = entity
  const names = new Set([
    table.partitionKey.name,
    ...(entityAttribute === false ? [] : [entityAttribute]),
    ...visibility.flatMap((condition) => [...attributesOf(condition)]),
  ])
  const { item } = await executor.run(
    getItem,
    {
      operation: 'GetItem',
      tableName: table.name,
      key: await storedKey(entity, key),
      projection: [...names].map(attributePath),
      consistentRead: options?.consistent ?? false,
    },
    call,
  )
  return item !== undefined && !isOther(entity, item) && isVisible(visibility, item)
}
