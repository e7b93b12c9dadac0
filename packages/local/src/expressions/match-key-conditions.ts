import { validationError } from '../protocol/service-error.ts'
import type { KeyAttribute, KeySchema } from '../tables/table-definition.ts'
import { typeOf, type AttributeValue } from '../values/attribute-value.ts'
import type { KeyCondition, KeyOperator } from './key-condition.ts'

/** What a query reads: one partition, and of it what meets the conditions on the sort key. */
export interface KeyRange {
  /** Values of the partition key attributes, in the order of the schema. */
  readonly partition: readonly AttributeValue[]
  /** Conditions on the first sort key attributes, in the order of the schema; only the last may be a range. */
  readonly sort: readonly SortCondition[]
}

/** A condition on a sort key attribute. */
export interface SortCondition extends KeyCondition {
  readonly operator: KeyOperator
}

/** The key a query looks things up with. */
export interface QueriedKey {
  readonly key: KeySchema
  /** The index it belongs to; undefined for the table itself. */
  readonly index: string | undefined
}

/**
 * Finds out which part of a table or index the key conditions of a query mean.
 *
 * @param conditions - One condition for each attribute.
 * @param queried - The key of the table or index.
 * @throws ServiceError when the conditions do not fit the key.
 * @internal
 */
export function matchKeyConditions(conditions: readonly KeyCondition[], queried: QueriedKey): KeyRange {
  const { partition, sort } = queried.key
  const isMultiAttribute = partition.length > 1 || sort.length > 1
  const attributes = partition.length + sort.length
  if (conditions.length > attributes) {
    throw validationError(
      conditions.length > 2
        ? `The number of query conditions (${String(conditions.length)}) exceeds the number of key attributes ` +
            `defined in the schema (${String(attributes)})`
        : 'Query key condition not supported',
    )
  }
  const byName = new Map(conditions.map((condition) => [condition.attribute, condition]))
  if (isMultiAttribute) checkMultiAttributeKey(queried.key, byName)
  const values = partition.map((attribute) => {
    const condition = required(attribute, byName)
    checkType(condition, attribute)
    const [value] = condition.values
    if (condition.operator !== '=' || value === undefined) {
      throw validationError('Query key condition not supported')
    }
    checkNotEmpty(condition, queried.index)
    return value
  })
  return { partition: values, sort: sortConditions(queried, byName) }
}

function sortConditions(
  { key, index }: QueriedKey,
  byName: ReadonlyMap<string, KeyCondition>,
): readonly SortCondition[] {
  const count = byName.size - key.partition.length
  return key.sort.slice(0, count).map((attribute) => {
    const condition = required(attribute, byName)
    checkType(condition, attribute)
    const { operator, values } = condition
    if (operator === undefined) {
      throw validationError('Attempted conditional constraint is not an indexable operation')
    }
    checkNotEmpty(condition, index)
    return { attribute: attribute.name, operator, values }
  })
}

function required({ name }: KeyAttribute, byName: ReadonlyMap<string, KeyCondition>): KeyCondition {
  const condition = byName.get(name)
  if (condition !== undefined) return condition
  throw validationError(`Query condition missed key schema element: ${name}`)
}

function checkType({ values }: KeyCondition, { type }: KeyAttribute): void {
  if (values.every((value) => typeOf(value) === type)) return
  throw validationError(
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  )
}

function checkNotEmpty({ attribute, values }: KeyCondition, index: string | undefined): void {
  for (const value of values) {
    const isEmptyText = 'S' in value && value.S === ''
    if (!isEmptyText && !('B' in value && value.B === '')) continue
    const kind = isEmptyText ? 'string' : 'binary'
    throw validationError(
      index === undefined
        ? 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain ' +
            `an empty ${kind} value. Key: ${attribute}`
        : 'One or more parameter values are not valid. A value specified for a secondary index key is not ' +
            'supported. The AttributeValue for a key attribute cannot contain ' +
            `an empty ${kind} value. IndexName: ${index}, IndexKey: ${attribute}`,
    )
  }
}

/** Keys of several attributes have messages of their own, and equality up to the last sort key attribute. */
function checkMultiAttributeKey(key: KeySchema, byName: ReadonlyMap<string, KeyCondition>): void {
  const missing = key.partition.filter(({ name }) => byName.get(name)?.operator !== '=')
  if (missing.length > 0) {
    throw validationError(
      `HASH key attributes ${nameList(missing)} must have equality conditions specified in the query`,
    )
  }
  const last = key.sort.findLastIndex(({ name }) => byName.has(name))
  const open = key.sort.slice(0, Math.max(last, 0)).filter(({ name }) => byName.get(name)?.operator !== '=')
  if (open.length > 0) {
    throw validationError(
      `RANGE key attributes ${nameList(open)} must have equality conditions specified in the query ` +
        `because a condition is present on key attribute ${key.sort[last]?.name ?? ''}`,
    )
  }
}

function nameList(attributes: readonly KeyAttribute[]): string {
  return attributes.map(({ name }) => name).join(', ')
}
