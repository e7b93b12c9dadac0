import type { ConditionNode } from '../expressions/condition-node.ts'
import type { DocumentPath } from '../expressions/document-path.ts'
import { conditionPaths } from '../expressions/expression-paths.ts'
import { projector } from '../expressions/project.ts'
import { invalidParameter, validationError } from '../protocol/service-error.ts'
import type { IndexStore } from '../storage/index-store.ts'
import { oneOf, type Shape } from '../validation/shape.ts'
import type { Item } from '../values/attribute-value.ts'

/** `Select` */
export type Select = 'SPECIFIC_ATTRIBUTES' | 'COUNT' | 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES'

/** `Select` */
export const select: Shape<Select> = oneOf(
  'SPECIFIC_ATTRIBUTES',
  'COUNT',
  'ALL_ATTRIBUTES',
  'ALL_PROJECTED_ATTRIBUTES',
)

/** What a Query or Scan gives of each item. */
export interface Selection {
  /** Whether only the number of items is wanted. */
  readonly isCount: boolean
  /** What of an item can be seen: all of it, or what the index holds. */
  readonly visible: (item: Item) => Item
  /** What of that is given. */
  readonly give: (item: Item) => Item
  /** Whether each item is fetched from the table behind a local index. */
  readonly isFetched: boolean
}

const same = (item: Item): Item => item

/**
 * Checks `Select` against the other parameters.
 *
 * @param value - `Select`
 * @param list - The parameter that lists attributes, if there is one.
 * @param isIndex - Whether an index is read.
 * @throws ServiceError when they contradict each other.
 * @internal
 */
export function checkSelect(
  value: Select | undefined,
  list: 'ProjectionExpression' | 'AttributesToGet' | undefined,
  isIndex: boolean,
): void {
  if (value === 'SPECIFIC_ATTRIBUTES' && list === undefined) {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    )
  }
  if (value !== undefined && value !== 'SPECIFIC_ATTRIBUTES' && list !== undefined) {
    const what = value === 'COUNT' ? 'only the Count' : value
    throw validationError(`Cannot specify the ${list} when choosing to get ${what}`)
  }
  if (value === 'ALL_PROJECTED_ATTRIBUTES' && !isIndex) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName')
  }
}

/**
 * Finds out what a Query or Scan gives of each item.
 *
 * @param value - `Select`, checked.
 * @param paths - The attributes it lists; undefined for none.
 * @param index - The index that is read; undefined for the table itself.
 * @throws ServiceError when a global index does not hold what is asked for.
 * @internal
 */
export function readSelection(
  value: Select | undefined,
  paths: readonly DocumentPath[] | undefined,
  index: IndexStore | undefined,
): Selection {
  const give = paths === undefined ? same : projector(paths)
  const isCount = value === 'COUNT'
  if (index === undefined || index.definition.projection.type === 'ALL') {
    return { isCount, visible: same, give, isFetched: false }
  }
  const { name, kind } = index.definition
  const missing = [...new Set((paths ?? []).map(([first]) => first))].filter(
    (attribute) => !index.projectedNames.has(attribute),
  )
  const isFetched = value === 'ALL_ATTRIBUTES' || missing.length > 0
  if (kind === 'global' && value === 'ALL_ATTRIBUTES') {
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} ` +
        'because its projection type is not ALL',
    )
  }
  if (kind === 'global' && isFetched) {
    throw invalidParameter(`Global secondary index ${name} does not project [${missing.join(', ')}]`)
  }
  return { isCount, visible: isFetched ? same : (item) => index.project(item), give, isFetched }
}

/**
 * Checks that an index holds what a filter looks at.
 *
 * @param filter - The filter; undefined for none.
 * @param index - The index that is read; undefined for the table itself.
 * @throws ServiceError when it does not.
 * @internal
 */
export function checkFilteredAttributes(
  filter: ConditionNode | undefined,
  index: IndexStore | undefined,
): void {
  if (filter === undefined || index === undefined || index.definition.projection.type === 'ALL') return
  const names = new Set(conditionPaths(filter).map(([name]) => name))
  const missing = [...names].filter((name) => !index.projectedNames.has(name))
  if (missing.length === 0) return
  throw invalidParameter(
    `Secondary index ${index.definition.name} does not project one or more filter attributes: [${missing.join(', ')}]`,
  )
}
