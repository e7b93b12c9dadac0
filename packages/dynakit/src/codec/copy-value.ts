import { isNativeMap } from './native-types.ts'
import type { NativeItem, NativeValue } from './native-value.ts'

/**
 * Copies an item with everything in it, so that changing the copy does not change the item.
 *
 * @internal
 */
export function copyItem(item: NativeItem): NativeItem {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value === undefined ? value : copyValue(value)]),
  )
}

function copyValue(value: NativeValue): NativeValue {
  if (Array.isArray(value)) return (value as readonly NativeValue[]).map(copyValue)
  if (value instanceof Uint8Array) return value.slice()
  if (value instanceof Set) {
    return new Set([...(value as ReadonlySet<NativeValue>)].map(copyValue)) as unknown as NativeValue
  }
  // Numbers of every form cannot be changed.
  return isNativeMap(value) ? copyItem(value) : value
}
