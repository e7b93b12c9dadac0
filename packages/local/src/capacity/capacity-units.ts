import type { IndexChange, ItemWrite } from '../storage/table-store.ts'

const readUnitBytes = 4096
const writeUnitBytes = 1024

/**
 * Counts the read units of so many bytes read at once.
 *
 * @param bytes - Bytes read; even nothing costs one unit.
 * @param isConsistent - Eventually consistent reads cost half.
 * @internal
 */
export function readUnits(bytes: number, isConsistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / readUnitBytes))
  return isConsistent ? units : units / 2
}

/**
 * Counts the write units of a write of one item: what is larger, the item before or after.
 *
 * @internal
 */
export function writeUnits({ before, after }: Pick<ItemWrite, 'before' | 'after'>): number {
  return unitsOf(Math.max(before?.size ?? 0, after?.size ?? 0))
}

/**
 * Counts the write units of what a write does to an index: entries that move cost where they leave and where
 * they arrive.
 *
 * @internal
 */
export function indexWriteUnits({ removed, added }: IndexChange): number {
  if (removed === undefined || added === undefined) return unitsOf(removed?.size ?? added?.size ?? 0)
  const isInPlace = removed.partition === added.partition && removed.sort === added.sort
  return isInPlace ? unitsOf(Math.max(removed.size, added.size)) : unitsOf(removed.size) + unitsOf(added.size)
}

function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnitBytes))
}
