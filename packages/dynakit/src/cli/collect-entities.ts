import type { Entity } from '../schema/entity.ts'

/** Deep enough for `export default { shop: { entities: [Order] } }`. */
const deepest = 4

/**
 * Finds the entities among what a module exports: by themselves, in arrays, and in plain objects.
 *
 * @param exported - The module's namespace.
 * @returns Each entity once, in the order found.
 * @internal
 */
export function collectEntities(exported: unknown): readonly Entity[] {
  const found = new Set<Entity>()
  search(exported, found, deepest)
  return [...found]
}

function search(value: unknown, found: Set<Entity>, depth: number): void {
  if (isEntity(value)) found.add(value)
  else if (depth > 0 && isContainer(value)) {
    for (const member of Object.values(value)) search(member, found, depth - 1)
  }
}

/** By its shape: the module may use another copy of dynakit, such as the one for CommonJS. */
function isEntity(value: unknown): value is Entity {
  if (typeof value !== 'object' || value === null) return false
  const { name, table, '~compiled': compiled } = value as Partial<Entity>
  return typeof name === 'string' && typeof table === 'object' && Array.isArray(compiled?.keys)
}

/** Instances of classes are left alone: looking into a client or a server may have effects. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
