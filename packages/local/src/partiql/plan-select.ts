import type { KeyCondition } from '../expressions/key-condition.ts'
import { matchKeyConditions, type KeyRange } from '../expressions/match-key-conditions.ts'
import { validationError } from '../protocol/service-error.ts'
import type { KeySchema } from '../tables/table-definition.ts'
import { byPartition, keyBranches, type KeyBranch } from './key-branches.ts'
import type { Lookup } from './lookup.ts'
import type { SelectStatement } from './statement.ts'

/** How the items of a SELECT are found. Its whole WHERE clause still decides which of them it gives. */
export interface SelectPlan {
  /** The parts of partitions to read, in their order; undefined to read everything. */
  readonly branches: readonly KeyBranch[] | undefined
  /** Whether each is read upwards. */
  readonly isForward: boolean
}

/**
 * Finds out how to read what a SELECT asks for.
 *
 * @param statement - The statement.
 * @param key - The key of the table or index.
 * @throws ServiceError when the clauses of the statement do not fit the key.
 * @internal
 */
export function planSelect(statement: SelectStatement, key: KeySchema): SelectPlan {
  const descending = descendingAttributes(statement, key)
  const branches = keyBranches(statement.where, key, true)
  const isOrdered = statement.order.length > 0
  if (branches === undefined) {
    if (!isOrdered) return { branches, isForward: true }
    throw validationError(
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    )
  }
  const hasSeveral = new Set(branches.map(({ partitionText }) => partitionText)).size > 1
  const isByPartition = statement.order.some(({ attribute }) => attribute === key.partition[0]?.name)
  if (isOrdered && hasSeveral && !isByPartition) {
    throw validationError(
      'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
    )
  }
  const isForward = !key.sort.some(({ name }) => descending.has(name))
  return { branches: arrange(branches, key, descending), isForward }
}

function descendingAttributes({ order }: SelectStatement, key: KeySchema): ReadonlySet<string> {
  const names = new Set([...key.partition, ...key.sort].map(({ name }) => name))
  for (const { attribute } of order) {
    if (names.has(attribute)) continue
    throw validationError(
      `Variable reference ${attribute} in ORDER BY clause must be part of the primary key`,
    )
  }
  return new Set(order.filter(({ isDescending }) => isDescending).map(({ attribute }) => attribute))
}

/** Turns the order of partitions, and that of the parts of each, as ORDER BY says. */
function arrange(
  branches: readonly KeyBranch[],
  { partition, sort }: KeySchema,
  descending: ReadonlySet<string>,
): readonly KeyBranch[] {
  const isReversed = sort.some(({ name }) => descending.has(name))
  const groups = byPartition(branches).map((parts) => (isReversed ? parts.toReversed() : parts))
  if (partition.some(({ name }) => descending.has(name))) groups.reverse()
  return groups.flat()
}

/**
 * Makes what a query reads of a part of a partition: at least that part.
 *
 * @param branch - The part.
 * @param key - The key of the table or index.
 * @param index - The index; undefined for the table itself.
 * @throws ServiceError when a value is empty.
 * @internal
 */
export function branchRange(branch: KeyBranch, key: KeySchema, index: string | undefined): KeyRange {
  const conditions: KeyCondition[] = [
    { attribute: key.partition[0]?.name ?? '', operator: '=', values: [branch.partition] },
  ]
  const condition = narrowest(branch.sort)
  if (condition !== undefined) conditions.push(condition)
  return matchKeyConditions(conditions, { key, index })
}

function narrowest(lookups: readonly Lookup[]): KeyCondition | undefined {
  const conditions = lookups.flatMap((lookup) => (lookup.operator === 'IN' ? [] : [lookup]))
  const find = (...operators: readonly string[]): KeyCondition | undefined =>
    conditions.find(({ operator }) => operators.includes(operator))
  const lower = find('>', '>=')
  const upper = find('<', '<=')
  const exact = find('=') ?? find('BETWEEN', 'begins_with')
  if (exact !== undefined || lower === undefined || upper === undefined) return exact ?? lower ?? upper
  return { attribute: lower.attribute, operator: 'BETWEEN', values: [...lower.values, ...upper.values] }
}
