import { getAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts'

/** A way into an item: the name of an attribute, then names in maps and indexes in lists. */
export type DocumentPath = readonly [name: string, ...rest: (string | number)[]]

/**
 * Writes a path as DynamoDB's messages do: `[name, [0], name]`.
 *
 * @internal
 */
export function documentPathText(path: DocumentPath): string {
  const elements = path.map((element) => (typeof element === 'number' ? `[${String(element)}]` : element))
  return `[${elements.join(', ')}]`
}

/**
 * Tells whether two paths are the same.
 *
 * @internal
 */
export function equalPaths(left: DocumentPath, right: DocumentPath): boolean {
  return left.length === right.length && left.every((element, depth) => element === right[depth])
}

/**
 * Follows a path into an item.
 *
 * @returns The value, or undefined when the path leads nowhere.
 * @internal
 */
export function valueAt(item: Item | undefined, path: DocumentPath): AttributeValue | undefined {
  let value = item === undefined ? undefined : getAttribute(item, path[0])
  for (let depth = 1; depth < path.length && value !== undefined; depth += 1) {
    value = memberOf(value, path[depth] as string | number)
  }
  return value
}

/** What a map has under a name or a list at an index; undefined for every other value. */
function memberOf(value: AttributeValue, element: string | number): AttributeValue | undefined {
  if (typeof element === 'number') return 'L' in value ? value.L[element] : undefined
  return 'M' in value ? getAttribute(value.M, element) : undefined
}
