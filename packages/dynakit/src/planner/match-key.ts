import type { NativeItem, NativeValue } from '../codec/native-value.ts'
import { ValidationError } from '../errors/request-errors.ts'
import type { Condition } from '../expressions/condition.ts'
import type { KeyPart, KeySource } from '../schema/compiled-entity.ts'
import { keyValue } from '../schema/entity-item.ts'
import { equalityOn, type FieldConditions, valueOf } from './field-conditions.ts'
import { type KeyComparison, matchSortPart, type SortMatch } from './sort-range.ts'

/** How the conditions of a query use a key or index. */
export interface KeyMatch {
  readonly source: KeySource
  /** Conditions on key attributes, partition key first. */
  readonly comparisons: readonly KeyComparison[]
  /** Conditions the key answers completely; all others must be checked. */
  readonly answered: ReadonlySet<Condition>
  /** Fields fixed by equality in the partition key; 0 means one partition for all items. */
  readonly partitionFields: number
  /** Sort key attributes fixed to one value, from the left. */
  readonly fixedSortParts: number
  /** Whether the attribute after those is narrowed to a range (2), to a template's text (1) or not (0). */
  readonly sortNarrowing: 0 | 1 | 2
  /** The key of the one item, when the whole table key is fixed. */
  readonly uniqueKey: NativeItem | undefined
}

/**
 * Matches the conditions of a query with a key or index.
 *
 * @param source - The key or index.
 * @param conditions - The query's conditions.
 * @returns The match, or the reason why the key cannot serve.
 * @internal
 */
export function matchKey(source: KeySource, conditions: FieldConditions): KeyMatch | string {
  const answered = new Set<Condition>()
  const comparisons: KeyComparison[] = []
  let partitionFields = 0
  for (const part of source.partitionKey) {
    const fixed = fixPartition(part, conditions)
    if (typeof fixed === 'string') return fixed
    for (const condition of fixed.answered) answered.add(condition)
    partitionFields += part.fields.length
    comparisons.push(equalTo(part, fixed.value))
  }
  const sort = matchSortKey(source.sortKey, conditions)
  for (const match of sort) {
    comparisons.push(match.comparison)
    for (const condition of match.answered) answered.add(condition)
  }
  const fixedSortParts = sort.filter(
    ({ strength, comparison }) => strength === 'value' && comparison.operator === '=',
  ).length
  const last = sort[fixedSortParts]
  const isUnique = source.type === 'table' && fixedSortParts === source.sortKey.length
  return {
    source,
    comparisons,
    answered,
    partitionFields,
    fixedSortParts,
    sortNarrowing: last ? (last.strength === 'prefix' ? 1 : 2) : 0,
    uniqueKey: isUnique ? toKey(comparisons) : undefined,
  }
}

interface FixedPart {
  readonly value: NativeValue
  readonly answered: readonly Condition[]
}

function fixPartition(part: KeyPart, conditions: FieldConditions): FixedPart | string {
  const fieldValues: Record<string, NativeValue> = {}
  const answered: Condition[] = []
  for (const field of part.fields) {
    const equality = equalityOn(conditions, field)
    const value = equality && valueOf(equality)
    if (!equality || value === undefined) return missingEquality(part, field, conditions)
    fieldValues[field] = value
    answered.push(equality)
  }
  try {
    const value = keyValue(part, fieldValues)
    return value === undefined ? missingEquality(part, part.attribute, conditions) : { value, answered }
  } catch (error) {
    if (ValidationError.is(error)) return error.message
    throw error
  }
}

function missingEquality(part: KeyPart, field: string, conditions: FieldConditions): string {
  const given = conditions.byField.get(field)?.map(({ operator }) => `'${operator}'`)
  const made = part.template ? ` ('${part.template.source}')` : ''
  return given
    ? `its partition key ${part.attribute}${made} needs ${field} with '=', not ${given.join(', ')}`
    : `its partition key ${part.attribute}${made} needs a condition ${field} = ...`
}

function equalTo(part: KeyPart, value: NativeValue): KeyComparison {
  return {
    attribute: part.attribute,
    operator: '=',
    values: [value],
    text: part.template ? `= '${part.template.source}'` : '= ?',
  }
}

/** DynamoDB takes conditions on sort key attributes from the left; only the last may be a range. */
function matchSortKey(parts: readonly KeyPart[], conditions: FieldConditions): readonly SortMatch[] {
  const matches: SortMatch[] = []
  for (const part of parts) {
    const match = matchSortPart(part, conditions)
    if (!match) break
    matches.push(match)
    if (match.comparison.operator !== '=') break
  }
  return matches
}

function toKey(comparisons: readonly KeyComparison[]): NativeItem {
  return Object.fromEntries(comparisons.map(({ attribute, values }) => [attribute, values[0]]))
}
