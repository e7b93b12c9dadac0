import { isNativeMap } from '../codec/native-types.ts'
import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import type { UpdateActions } from '../expressions/update-actions.ts'

type Segments = readonly (string | number)[]

/**
 * Takes out of an item what an update touches, as DynamoDB gives it back for `UPDATED_OLD` and `UPDATED_NEW`:
 * of maps the members, of lists the elements, and nothing of what is not there.
 *
 * DynamoDB Local gives whole attributes instead.
 *
 * @param item - The item before or after the update.
 * @param actions - What the update changes.
 * @param which - Whether it is the item before or after; what was removed has no new value.
 * @returns The touched part; `undefined` when nothing of it is there.
 *
 * Source: Amazon DynamoDB API Reference, UpdateItem, ReturnValues.
 * @internal
 */
export function updatedPaths(
  item: NativeItem,
  actions: UpdateActions,
  which: 'old' | 'new',
): NativeItem | undefined {
  const changes = [...actions.set, ...actions.add, ...actions.delete].map(({ path }) => path)
  const paths = which === 'old' ? [...changes, ...actions.remove] : changes
  return partOf(
    item,
    paths.map(({ segments }) => segments),
  ) as NativeItem | undefined
}

/** `paths` that are empty want the whole value. */
function partOf(value: NativeValue, paths: readonly Segments[]): NativeValue | undefined {
  if (paths.some(({ length }) => length === 0)) return value
  if (Array.isArray(value)) return partOfList(value as readonly NativeValue[], paths)
  return isNativeMap(value) ? partOfMap(value, paths) : undefined
}

function partOfMap(map: NativeItem, paths: readonly Segments[]): NativeItem | undefined {
  const part: Record<string, NativeValue> = {}
  for (const [name, inner] of byFirst(paths)) {
    const member = typeof name === 'string' && Object.hasOwn(map, name) ? map[name] : undefined
    const touched = member === undefined ? undefined : partOf(member, inner)
    if (touched !== undefined) part[name] = touched
  }
  return Object.keys(part).length === 0 ? undefined : part
}

function partOfList(
  list: readonly NativeValue[],
  paths: readonly Segments[],
): readonly NativeValue[] | undefined {
  const inOrder = [...byFirst(paths)].sort(([left], [right]) => Number(left) - Number(right))
  const part = inOrder.flatMap(([position, inner]) => {
    const element = typeof position === 'number' ? list[position] : undefined
    const touched = element === undefined ? undefined : partOf(element, inner)
    return touched === undefined ? [] : [touched]
  })
  return part.length === 0 ? undefined : part
}

function byFirst(paths: readonly Segments[]): ReadonlyMap<string | number, readonly Segments[]> {
  const groups = new Map<string | number, Segments[]>()
  for (const [first, ...rest] of paths) {
    if (first === undefined) continue
    const group = groups.get(first)
    if (group) group.push(rest)
    else groups.set(first, [rest])
  }
  return groups
}
