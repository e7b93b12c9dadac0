import { attributePath, type Path, rootOf } from '../expressions/path.ts'
import type { KeySource } from '../schema/compiled-entity.ts'
import { keyAttributeNames } from '../schema/key-sources.ts'
import type { PlanRequest } from './plan-request.ts'

/**
 * Attributes whose values a query needs: the selected ones and those its conditions look at.
 *
 * @returns The names, or `all`.
 * @internal
 */
export function neededAttributes(
  request: PlanRequest,
  compared: ReadonlySet<string>,
): ReadonlySet<string> | 'all' {
  const selected = request.select?.map(rootOf) ?? entityAttributes(request)
  return selected === 'all' ? 'all' : new Set([...selected, ...compared])
}

function entityAttributes(request: PlanRequest): readonly string[] | 'all' {
  if (request.entities.length === 0) return 'all'
  return request.entities.flatMap((entity) => entity.attributes.map((attribute) => attribute.name))
}

/**
 * Finds the needed attributes a key or index does not hold.
 *
 * @returns Their names; empty when it holds everything; `all` when everything is wanted of an index that
 *   holds a part.
 * @internal
 */
export function missingAttributes(
  source: KeySource,
  primary: KeySource,
  needed: ReadonlySet<string> | 'all',
): readonly string[] | 'all' {
  const held = heldAttributes(source, primary)
  if (held === 'all') return []
  return needed === 'all' ? 'all' : [...needed].filter((name) => !held.has(name))
}

/**
 * The attributes a key or index holds.
 *
 * @internal
 */
export function heldAttributes(source: KeySource, primary: KeySource): ReadonlySet<string> | 'all' {
  if (source.projection === 'all') return 'all'
  const held = new Set([...keyAttributeNames(source), ...keyAttributeNames(primary)])
  if (source.projection !== 'keys-only') for (const name of source.projection) held.add(name)
  return held
}

/**
 * Paths to read: the selected ones, and what the cursor, the residual condition and the recognition of
 * entities need.
 *
 * DynamoDB refuses paths that overlap, so a path inside an attribute that is read whole is left out.
 *
 * @returns The paths, or `undefined` to read everything.
 * @internal
 */
export function projectionOf(
  request: PlanRequest,
  alsoNeeded: Iterable<string>,
): readonly Path[] | undefined {
  if (!request.select) return undefined
  const whole = new Set(request.select.filter((path) => path.segments.length === 1).map(rootOf))
  for (const name of alsoNeeded) whole.add(name)
  const nested = request.select.filter((path) => !whole.has(rootOf(path)))
  return [...[...whole].map(attributePath), ...withoutOverlaps(nested)]
}

function withoutOverlaps(paths: readonly Path[]): readonly Path[] {
  return paths.filter((path, at) =>
    paths.every((other, position) => position === at || !contains(other, path, position < at)),
  )
}

/** Whether one path contains the other; of two equal ones, the first contains the second. */
function contains(outer: Path, inner: Path, isBefore: boolean): boolean {
  if (outer.segments.length > inner.segments.length) return false
  if (outer.segments.length === inner.segments.length && !isBefore) return false
  return outer.segments.every((segment, at) => segment === inner.segments[at])
}
