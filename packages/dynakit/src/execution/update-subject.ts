import type { UpdateSubject } from './update.ts'
import type { CompiledEntity } from '../schema/compiled-entity.ts'
import { fromStored } from '../schema/entity-item.ts'

/**
 * What an update needs to know of an entity.
 *
 * @internal
 */
export function updateSubject(entity: CompiledEntity): UpdateSubject {
  const { name, deletedAt } = entity
  return {
    name,
    decode: (item) => fromStored(entity, item),
    isHidden: (item) => deletedAt !== undefined && item[deletedAt] !== undefined,
  }
}
