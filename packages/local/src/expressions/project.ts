import { setAttribute, type AttributeMap, type AttributeValue, type Item } from '../values/attribute-value.ts'
import type { DocumentPath } from './document-path.ts'

/** What to keep of a value: all of it, or some members of a map or list. */
type Selection = 'all' | Map<string | number, Selection>

/** Paths of a projection, arranged once for many items. */
export type Projector = (item: Item) => Item

/**
 * Makes a function that keeps of an item what some paths lead to. Lists keep the order of their elements,
 * without gaps; a map or list that no path finds anything in is left out.
 *
 * @param paths - The paths; no two overlap.
 * @internal
 */
export function projector(paths: readonly DocumentPath[]): Projector {
  const selections = new Map<string | number, Selection>()
  for (const path of paths) select(selections, path)
  return (item) => keepMembers(item, selections) ?? {}
}

/**
 * Keeps of one item what some paths lead to; see {@link projector}.
 *
 * @internal
 */
export function project(paths: readonly DocumentPath[], item: Item): Item {
  return projector(paths)(item)
}

function select(selections: Map<string | number, Selection>, path: DocumentPath): void {
  let current = selections
  for (const element of path.slice(0, -1)) {
    const known = current.get(element)
    if (known === 'all') return
    const next = known ?? new Map<string | number, Selection>()
    current.set(element, next)
    current = next
  }
  current.set(path[path.length - 1] as string | number, 'all')
}

function keep(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if (selection === 'all') return value
  if ('M' in value) {
    const members = keepMembers(value.M, selection)
    return members && { M: members }
  }
  if (!('L' in value)) return undefined
  const elements: AttributeValue[] = []
  for (const index of [...selection.keys()].filter(isIndex).sort((first, second) => first - second)) {
    const element = value.L[index]
    const kept = element && keep(element, selection.get(index) as Selection)
    if (kept !== undefined) elements.push(kept)
  }
  return elements.length === 0 ? undefined : { L: elements }
}

function keepMembers(
  map: AttributeMap,
  selections: Map<string | number, Selection>,
): AttributeMap | undefined {
  const result: Record<string, AttributeValue> = {}
  let isEmpty = true
  for (const [name, selection] of selections) {
    if (typeof name === 'number' || !Object.hasOwn(map, name)) continue
    const kept = keep(map[name] as AttributeValue, selection)
    if (kept === undefined) continue
    setAttribute(result, name, kept)
    isEmpty = false
  }
  return isEmpty ? undefined : result
}

function isIndex(element: string | number): element is number {
  return typeof element === 'number'
}
